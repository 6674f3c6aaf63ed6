using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

/// <summary>What the fragments hold that are there.</summary>
public sealed class FragmentTests
{
    private const ushort A = 1;
    private const ushort Text = 16;
    private const long Second = PacketTime.NanosecondsPerSecond;
    private const int FirstBytes = 512;
    private static readonly IpAddress s_resolver = Ip("10.42.0.1");
    private static readonly IpAddress s_later = Ip("192.0.2.81");

    private static readonly byte[] s_question = new DnsBytes(DnsBytes.Query).Question("big.example.com", A).ToArray();

    /// <summary>An answer that begins with an address and ends with another, far behind.</summary>
    private static byte[] Answer()
    {
        DnsBytes answer = new DnsBytes(DnsBytes.Response).Question("big.example.com", A).Answer(DnsBytes.PointerTo(12), A, [192, 0, 2, 80]);
        for (int i = 0; i < 8; i++)
            answer.Answer(DnsBytes.PointerTo(12), Text, [100, .. new byte[100]]);
        return answer.Answer(DnsBytes.PointerTo(12), A, [192, 0, 2, 81]).ToArray();
    }

    private static byte[] Part(int start, int end, bool more) => Ethernet(RouterMac, PhoneMac,
        Ipv4(s_resolver, Phone, IpProtocols.Udp, Udp(53, 50_000, Answer()).AsSpan(start, end - start), 7, start, more));

    private static byte[] First => Part(0, FirstBytes, more: true);

    private static byte[] Rest => Part(FirstBytes, 8 + Answer().Length, more: false);

    private static Conversation Asked() => new Conversation(Phone, 50_000, s_resolver, 53).Datagram(true, s_question);

    private static TimedPacket At(long afterNs, byte[] frame) => new(Conversation.DefaultStartNs + afterNs, frame);

    private static Conversation Contact(IpAddress server, long afterNs, ushort port = 9) =>
        new Conversation(Phone, 40_000, server, port, Conversation.DefaultStartNs + afterNs).Datagram(true, [1]);

    private static FlowRecord Named(Analysis analysis) => analysis.Flows.Single(static flow => flow.ServerPort == 9);

    [Fact]
    public void What_the_first_fragment_of_an_answer_holds_names_what_the_client_contacts_next()
    {
        Analysis analysis = new Analysis()
            .Add([.. Asked().Packets, At(Second / 50, First), .. Contact(Server, Second / 25).Packets]).Finish();
        Assert.Equal(("big.example.com", HostSource.Dns), (Named(analysis).Host, Named(analysis).HostSource));
        Assert.Contains("192.0.2.80", Assert.Single(analysis.Lookups).Answers.Select(static answer => answer.Value));
        Assert.Equal(1, analysis.Losses["fragments-given-up"]);
    }

    [Fact]
    public void What_only_one_fragment_of_holds_is_read_when_the_others_are_given_up()
    {
        Analysis analysis = new Analysis().Add([.. Asked().Packets, At(Second / 50, First)]).Finish();
        Assert.Contains("192.0.2.80", Assert.Single(analysis.Lookups).Answers.Select(static answer => answer.Value));
    }

    [Fact]
    public void An_answer_that_came_whole_is_read_once_and_to_its_end()
    {
        // Another device begins a flow in between: it is not the one that waits for the answer.
        var other = new Conversation(Ip("10.42.0.9"), 40_001, Server, 10, Conversation.DefaultStartNs + Second / 40);
        byte[] otherFrame = other.Datagram(true, [1]).Packets[0].Data;
        otherFrame[11] = 9;
        Analysis analysis = new Analysis().Add([.. Asked().Packets, At(Second / 50, First), At(Second / 40, otherFrame),
            At(Second / 30, Rest), .. Contact(s_later, Second / 20).Packets]).Finish();
        Assert.Equal("big.example.com", Named(analysis).Host);
        Assert.Single(analysis.Lookups);
        Assert.Equal(0, analysis.Losses.GetValueOrDefault("fragments-given-up"));
    }

    [Fact]
    public void An_answer_whose_rest_came_late_is_listed_once()
    {
        Analysis analysis = new Analysis().Add([.. Asked().Packets, At(Second / 50, First), .. Contact(Server, Second / 25).Packets,
            At(Second / 20, Rest)]).Finish();
        Assert.Single(analysis.Lookups);
        Assert.Equal("big.example.com", Named(analysis).Host);
    }

    [Fact]
    public void A_first_fragment_that_the_capture_cut_is_read_too()
    {
        byte[] cut = First[..^3];
        Analysis analysis = new Analysis().Add([.. Asked().Packets, At(Second / 50, cut), At(Second / 45, cut),
            .. Contact(Server, Second / 25).Packets]).Finish();
        Assert.Equal("big.example.com", Named(analysis).Host);
        Assert.Single(analysis.Lookups);
    }

    [Fact]
    public void Fragments_that_contradict_one_another_tell_nothing()
    {
        byte[] forged = First;
        forged[^1] ^= 1;
        Analysis analysis = new Analysis().Add([.. Asked().Packets, At(Second / 50, First), At(Second / 45, forged),
            .. Contact(Server, Second / 25).Packets]).Finish();
        Assert.Null(Named(analysis).Host);
    }

    [Fact]
    public void A_later_fragment_alone_tells_nothing_and_is_counted()
    {
        Analysis analysis = new Analysis()
            .Add([.. Asked().Packets, At(Second / 50, Rest), .. Contact(Server, Second / 25).Packets]).Finish();
        Assert.Null(Named(analysis).Host);
        Assert.Equal(3, analysis.Source.Kept);
    }
}
