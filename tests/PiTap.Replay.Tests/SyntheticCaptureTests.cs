using System.Buffers.Binary;
using System.Text;
using PiTap.Analysis;
using PiTap.Catalogue;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Parties;
using PiTap.Model;
using PiTap.Replay.Tests.House;
using PiTap.TestKit.Scenarios;

namespace PiTap.Replay.Tests;

/// <summary>The capture that is made and not recorded: it is what its builder makes, and shows what its README says.</summary>
public sealed class SyntheticCaptureTests
{
    private const string FirstPhone = "02:00:00:20:21:01", SecondPhone = "02:00:00:20:21:02";
    private const string QosName = "qos-america.agoralab.co";

    private static readonly string s_path = Path.Combine(Repository.Captures, "clubhouse-2021", "capture.pcapng");
    private static readonly Lazy<ReplayRun> s_run =
        new(static () => ReplayRun.Of(s_path, new AnalysisOptions { FlowIdleTimeoutNs = null }));

    [Fact]
    public void The_capture_is_what_its_builder_makes()
    {
        byte[] built = Clubhouse2021.Build();
        if (Rewrite.IsAsked)
            File.WriteAllBytes(s_path, built);
        Assert.True(built.AsSpan().SequenceEqual(File.ReadAllBytes(s_path)), "PITAP_REWRITE=yes writes the capture anew");
        Assert.True(built.AsSpan().SequenceEqual(Clubhouse2021.Build()), "the builder makes something else each time");
    }

    [Fact]
    public void The_file_says_of_itself_that_it_is_synthetic()
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(s_path);
        // Behind the fixed part of the section header: option 1 is a comment.
        ReadOnlySpan<byte> option = file[24..];
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(option));
        string comment = Encoding.UTF8.GetString(option.Slice(4, BinaryPrimitives.ReadUInt16LittleEndian(option[2..])));
        Assert.Equal(Clubhouse2021.Comment, comment);
        Assert.StartsWith("Synthetic: ", comment, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_it_is_rejected()
    {
        Assert.Empty(s_run.Value.Rejects);
        Assert.Equal(s_run.Value.Source.Received, s_run.Value.Source.Kept);
    }

    [Fact]
    public void Every_public_server_has_a_name_but_one_relay_of_each_phone()
    {
        IEnumerable<FlowRecord> nameless = s_run.Value.Flows.Where(static flow => flow.Host is null && IsPublic(flow.Server));
        Assert.Equal(["103.140.240.66", "103.98.18.71"], nameless.Select(static flow => flow.Server.ToString()));
    }

    [Fact]
    public void Every_name_was_looked_up_before_it_was_used() => Assert.All(
        s_run.Value.Flows.Where(static flow => flow.Host is not null && flow.HostSource != HostSource.SdRtn), static flow =>
            Assert.Contains(s_run.Value.Lookups, lookup => lookup.Device == flow.Device && lookup.Name == flow.Host
                && lookup.TimeNs < flow.StartNs && lookup.Answers.Any(answer => answer.Value == flow.Server.ToString())));

    [Theory]
    [InlineData("104-166-161-75.edge.agora.io", "Zenlayer", "GB")]
    [InlineData("23-236-118-90.edge.agora.io", "Zenlayer", "SG")]
    [InlineData(QosName, "Zenlayer", "US")]
    [InlineData("ap3.agora.io", "EnjoyVC", "CN")]
    [InlineData("www.clubhouseapi.com", "Cloudflare", null)]
    [InlineData("clubhouseprod.s3.amazonaws.com", "Amazon", "US")]
    [InlineData("103.140.240.66", "EnjoyVC", "JP")]
    [InlineData("103.98.18.71", "EnjoyVC", "HK")]
    public void Servers_are_in_the_networks_and_countries_of_the_story(string host, string network, string? country)
    {
        Lookups lookups = Lookups.Load();
        FlowRecord flow = s_run.Value.Flows.First(flow => (flow.Host ?? flow.Server.ToString()) == host);
        AddressFacts facts = lookups.Addresses.Find(flow.Server);
        Assert.True(lookups.OwnParties.TryFindNetwork(facts.RegisteredTo.Number, out PartyRow? row));
        Assert.Equal((network, country), (row.Company.Name, facts.HostedIn.Country));
    }

    [Theory]
    [InlineData(FirstPhone, Clubhouse2021.FirstUser)]
    [InlineData(SecondPhone, Clubhouse2021.SecondUser)]
    public void Each_phone_sends_room_and_user_in_the_clear(string device, uint user)
    {
        FlowRecord flow = Assert.Single(s_run.Value.Flows, flow => flow.Device == device && flow.Host == QosName);
        Assert.Equal(Verdict.Readable, flow.Verdict);
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, user);
        byte[] file = File.ReadAllBytes(s_path);
        // Before the user's number stand the room and a short text about the phone.
        int place = file.AsSpan().IndexOf(number);
        Assert.True(place > 0 && file.AsSpan(place - 64, 64).IndexOf(Encoding.ASCII.GetBytes(Clubhouse2021.Room)) >= 0);
    }

    [Fact]
    public void Audio_cannot_be_read_and_goes_both_ways()
    {
        FlowRecord[] audio = [.. s_run.Value.Flows.Where(static flow => flow.PacketsUp + flow.PacketsDown > 500)];
        Assert.Equal(4, audio.Length);
        Assert.All(audio, static flow => Assert.NotEqual(Verdict.Readable, flow.Verdict));
        Assert.Equal(2, audio.Count(static flow => flow is { PacketsUp: > 400, PacketsDown: > 400 }));
    }

    private static bool IsPublic(IpAddress address) =>
        !address.IsLocal && !address.IsMulticast && address != IpAddress.FromV4(uint.MaxValue);
}
