using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Exposure;

/// <summary>Of several findings the strongest is the verdict, whichever came first.</summary>
public sealed class FindingTests
{
    private static readonly byte[] s_hello = HelloBytes.Client("a.example.com");
    private static readonly byte[] s_text =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("name=somebody; place=somewhere; ", 8)));
    private static readonly byte[] s_applicationData = [23, 3, 3, 0, 40, .. Noise(40)];

    private static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A ServerHello in one record (RFC 8446 section 4.1.3).</summary>
    private static byte[] Answer(ushort suite)
    {
        byte[] body = [3, 3, .. new byte[32], 0, (byte)(suite >> 8), (byte)suite, 0];
        return [22, 3, 3, .. DnsBytes.Vector16([2, 0, .. DnsBytes.Vector16(body)])];
    }

    private static (Verdict, string) Tcp(params (bool FromClient, byte[] Bytes)[] segments)
    {
        Conversation talk = Conversation.Tcp(443).Open();
        foreach ((bool fromClient, byte[] bytes) in segments)
            talk.Send(fromClient, bytes);
        return Verdict(talk);
    }

    private static (Verdict, string) Udp(ushort port, params byte[][] payloads)
    {
        var talk = new Conversation(Phone, 40_000, Server, port);
        foreach (byte[] payload in payloads)
            talk.Datagram(true, payload);
        return Verdict(talk);
    }

    private static (Verdict, string) Verdict(Conversation talk)
    {
        FlowRecord flow = Assert.Single(Analysis.Of(talk).Flows);
        return (flow.Verdict, flow.VerdictReason);
    }

    [Fact]
    public void A_handshake_without_a_cipher_is_no_encryption()
    {
        const ushort NullWithSha256 = 0x003b;
        const ushort Aes128 = 0x002f;
        Assert.Equal(
            (Model.Verdict.Readable, "handshake that chose a cipher suite without encryption"),
                Tcp((true, s_hello), (false, Answer(NullWithSha256))));
        Assert.Equal((Model.Verdict.Encrypted, "TLS handshake seen, TLS 1.2"), Tcp((true, s_hello), (false, Answer(Aes128))));
    }

    [Fact]
    public void A_handshake_counts_more_than_plain_text_before_it()
    {
        Assert.Equal((Model.Verdict.Encrypted, "TLS handshake begun, no answer seen"), Tcp((true, s_text), (true, s_hello)));
        Assert.StartsWith("readable text: ", Tcp((true, s_text)).Item2, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_readable_protocol_counts_more_than_plain_text_before_it()
    {
        byte[] query = new DnsBytes(DnsBytes.Query).Question("www.example.com", 1).ToArray();
        Assert.Equal((Model.Verdict.Readable, "DNS in the clear"), Udp(53, s_text, query));
    }

    [Fact]
    public void Plain_text_counts_more_than_records_without_a_handshake_before_it()
    {
        (Verdict verdict, string reason) = Tcp((true, s_applicationData), (false, s_text));
        Assert.Equal(Model.Verdict.Readable, verdict);
        Assert.StartsWith("readable text: ", reason, StringComparison.Ordinal);
        Assert.Equal((Model.Verdict.Opaque, "TLS records without their handshake"), Tcp((true, s_applicationData), (false, Noise(100))));
    }

    [Fact]
    public void Where_nothing_is_found_that_is_said()
    {
        Assert.Equal((Model.Verdict.Opaque, "no payload seen"), Tcp());
        Assert.Equal((Model.Verdict.Opaque, "no handshake and no plain text seen"), Udp(9, Noise(10)));
        Assert.Equal(
            (Model.Verdict.Opaque, "no handshake and no plain text seen; the bytes are spread as evenly as encrypted or compressed ones"),
            Udp(9, Noise(1_000)));
    }

    [Fact]
    public void ICMP_needs_no_payload_to_be_readable()
    {
        byte[] echo = [8, 0, 0, 0, 0, 1, 0, 1];
        var packet =
            new TimedPacket(Conversation.DefaultStartNs, Ethernet(PhoneMac, RouterMac, Ipv4(Phone, Server, IpProtocols.Icmp, echo)));
        Assert.Equal("ICMP is never encrypted", Assert.Single(new Analysis().Add(packet).Finish().Flows).VerdictReason);
    }
}
