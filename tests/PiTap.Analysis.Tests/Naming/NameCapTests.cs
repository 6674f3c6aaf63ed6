using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Naming;

/// <summary>How many names are held and how long they are, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class NameCapTests
{
    private const ushort A = 1;
    private const ushort Https = 65;

    [Theory]
    [InlineData(20_000, true)]
    [InlineData(40_000, false)]
    [Trait("cap", "Analysis.Limits.StringCharacters")]
    public void Equal_names_share_one_text_while_the_others_are_not_too_long(int between, bool isShared)
    {
        static string Long(int number) => $"n{number:x5}.{string.Join('.', Enumerable.Repeat(new string('x', 58), 4))}";
        Analysis analysis = new Analysis().Add(Ask("first.example.com", 0))
            .Add(Enumerable.Range(1, between).Select(static number => Ask(Long(number), number)))
            .Add(Ask("first.example.com", between + 1)).Finish();
        string[] first = [.. analysis.Lookups.Select(static lookup => lookup.Name).Where(static name => name == "first.example.com")];
        Assert.Equal((2, isShared), (first.Length, ReferenceEquals(first[0], first[1])));
    }

    [Fact]
    [Trait("cap", "Analysis.Limits.EchNames")]
    public void Public_names_beyond_the_cap_are_counted()
    {
        var analysis = new Analysis();
        for (int i = 0; i < 1_030; i++)
        {
            byte[] list = DnsBytes.Vector16(DnsBytes.EchConfiguration($"cover{i}.example.com"));
            byte[] data = DnsBytes.ServiceBinding(1, [0], (5, list));
            DnsBytes answer = new DnsBytes(DnsBytes.Response, (ushort)i).Question("a.example.com", Https).Answer([0xc0, 12], Https, data);
            analysis.Add(
                Packet(true, i, new DnsBytes(DnsBytes.Query, (ushort)i).Question("a.example.com", Https)), Packet(false, i, answer));
            if (i == 1_023)
                Assert.Equal(0, analysis.Flush().Losses.GetValueOrDefault("ech-names-evicted"));
        }
        Assert.Equal(1_030 - 1_024, analysis.Finish().Losses.GetValueOrDefault("ech-names-evicted"));
    }

    [Fact]
    [Trait("cap", "Analysis.StringTable.MaxCharacters")]
    [Trait("cap", "Analysis.StringTable.MaxHostCharacters")]
    public void Of_a_server_s_name_1024_characters_are_listed_and_255_are_the_host_s()
    {
        byte[] hello = HelloBytes.Client(new string('x', 2_000) + ".example.com");
        FlowRecord flow = Assert.Single(Analysis.Of(Conversation.Tcp(443).Open().Send(true, hello)).Flows);
        Assert.Equal((1_024, 255), (Assert.Single(flow.Tls).Sni!.Length, flow.Host!.Length));
    }

    private static TimedPacket Ask(string name, int number) =>
        Packet(true, number, new DnsBytes(DnsBytes.Query, (ushort)number).Question(name, A));

    private static TimedPacket Packet(bool fromClient, int number, DnsBytes message)
    {
        byte[] packet = fromClient
            ? Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Udp, Udp(5_354, 53, message.ToArray())))
            : Ethernet(RouterMac, PhoneMac, Ipv4(Server, Phone, IpProtocols.Udp, Udp(53, 5_354, message.ToArray())));
        return new TimedPacket(Conversation.DefaultStartNs + number, packet);
    }
}
