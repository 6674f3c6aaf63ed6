using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Naming;

/// <summary>The name in front of a real Encrypted Client Hello is the provider's: it covers the host's.</summary>
public sealed class EchCoverTests
{
    // Outer, a cipher suite, configuration 1, a key of two bytes, a payload of three.
    private static readonly byte[] s_ech = [0xfe, 0x0d, 0, 15, 0, 0, 1, 0, 1, 1, 0, 2, 0xbb, 0xbb, 0, 3, 1, 2, 3];

    [Theory]
    [InlineData("cloudflare-ech.com", HostSource.EchCover, EchState.Real)]
    [InlineData("a.example.com", HostSource.TlsSni, EchState.Grease)]
    public void A_cover_is_marked_as_one(string name, HostSource source, EchState state)
    {
        Analysis analysis = Analysis.Of(Conversation.Tcp(443).Open().Send(true, Hello(name)));
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((name, source, state), (flow.Host, flow.HostSource, Assert.Single(flow.Tls).Ech));
        Assert.Equal((name, source), (Assert.Single(analysis.Contacts).Host, Assert.Single(analysis.Contacts).HostSource));
    }

    [Fact]
    public void What_the_server_was_asked_for_by_is_believed_before_its_cover()
    {
        var lookup = new Conversation(Phone, 1, Ip("10.42.0.1"), 53, Conversation.DefaultStartNs - PacketTime.NanosecondsPerSecond);
        lookup.Datagram(true, new DnsBytes(DnsBytes.Query).Question("hidden.example.com", 1).ToArray());
        byte[] answer = new DnsBytes(DnsBytes.Response).Question("hidden.example.com", 1).Answer([0xc0, 12], 1, [192, 0, 2, 80]).ToArray();
        lookup.Datagram(false, answer);
        FlowRecord flow = Analysis.Of(lookup, Conversation.Tcp(443).Open().Send(true, Hello("cloudflare-ech.com"))).Flows[^1];
        Assert.Equal(("hidden.example.com", HostSource.Dns), (flow.Host, flow.HostSource));
        Assert.Equal("cloudflare-ech.com", Assert.Single(flow.Tls).Sni);
    }

    [Fact]
    public void A_hello_that_hides_nothing_names_the_host_after_one_that_did()
    {
        Conversation talk = Conversation.Tcp(443).Open().Send(true, Hello("cloudflare-ech.com"));
        talk.Send(true, HelloBytes.Client("a.example.com"));
        FlowRecord flow = Assert.Single(Analysis.Of(talk).Flows);
        Assert.Equal(("a.example.com", HostSource.TlsSni), (flow.Host, flow.HostSource));
    }

    private static byte[] Hello(string name) => HelloBytes.Client(name, s_ech);
}
