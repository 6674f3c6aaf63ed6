using PiTap.Analysis.Flows;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Inspection;

/// <summary>What makes a settled flow worth another look.</summary>
internal static class Waking
{
    /// <summary>
    /// True if a packet of a settled flow begins something new: another connection on the same ports, or a hello in the middle of a stream,
    /// as after STARTTLS or a proxy's answer. This is all that most packets cost, so it looks at a few bytes only.
    /// </summary>
    public static bool Wakes(Flow flow, in Frame frame) => flow.Key.Protocol switch
    {
        IpProtocols.Tcp => (frame.TcpFlags & TcpFlags.Syn) != 0
            || (TlsRecordView.LooksLikeHello(frame.Payload) && !flow.HadHelloAt(frame.TcpSequence)),
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
