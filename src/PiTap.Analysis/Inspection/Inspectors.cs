using PiTap.Analysis.Flows;
using PiTap.Wire;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Inspection;

/// <summary>Which flows are looked into, and by which inspector.</summary>
internal sealed class Inspectors(InspectionBuffers buffers, Observers observers)
{
    /// <summary>An inspector for a flow; null if nothing looks into its protocol.</summary>
    public Inspector? Create(Flow flow) => flow.Key.Protocol switch
    {
        IpProtocols.Tcp => new TcpInspector(buffers, observers),
        IpProtocols.Udp => new UdpInspector(buffers, observers),
        IpProtocols.Gre or IpProtocols.Ipv4 or IpProtocols.Ipv6 => new IpTunnelInspector(),
        _ => null,
    };

    /// <summary>
    /// True if a packet of a settled flow begins something new: another connection on the same ports, or a hello in the middle of a stream, as
    /// after STARTTLS or a proxy's answer. This is all that most packets cost, so it looks at a few bytes only.
    /// </summary>
    public static bool Wakes(Flow flow, in Frame frame) => flow.Key.Protocol switch
    {
        IpProtocols.Tcp => (frame.TcpFlags & TcpFlags.Syn) != 0
            || (TlsRecordView.LooksLikeHello(frame.Payload) && frame.TcpSequence != flow.HelloFromLow && frame.TcpSequence != flow.HelloFromHigh),
        IpProtocols.Udp => Wakes(frame.Payload),
        _ => false,
    };

    /// <summary>Long headers of QUIC, STUN, DTLS hellos.</summary>
    private static bool Wakes(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 20)
            return false;
        byte first = payload[0];
        if (first >= 0x80)
            return QuicClassifier.LooksLike(payload);
        if (first == 22)
            return payload[1] == 0xfe;
        return first <= 1 && payload[4] == 0x21 && payload[5] == 0x12 && payload[6] == 0xa4 && payload[7] == 0x42;
    }
}
