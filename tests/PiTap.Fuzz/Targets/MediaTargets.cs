using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Rtp;
using PiTap.Wire.Application.SdRtn;
using PiTap.Wire.Application.Stun;

namespace PiTap.Fuzz.Targets;

/// <summary>STUN and TURN.</summary>
internal sealed class StunTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (TurnChannelDataView.Parse(data, out TurnChannelDataView channel) == ParseStatus.Ok)
            Property.IsInside(channel.Data, data);
        if (StunView.Parse(data, out StunView stun) != ParseStatus.Ok)
            return;
        Property.IsInside(stun.TransactionId, data);
        Property.IsInside(stun.Username, data);
        Property.IsInside(stun.Software, data);
        Property.IsInside(stun.Realm, data);
        Property.IsInside(stun.RelayedData, data);
        stun.TryReadMappedAddress(out _, out _);
        Property.Holds(stun.Method < 0x1000 && stun.TotalLength >= 20 && (int)stun.Class < 4, "a field beyond its size");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] header = [0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        byte[] attributes = [0x80, 0x22, 0, 3, (byte)'a', (byte)'b', (byte)'c', 0, 0, 0x20, 0, 8, 0, 1, 0x11, 0x2b, 0xe1, 0x12, 0xa6, 0x43,
            0, 6, 0, 2, (byte)'u', (byte)':', 0, 0];
        yield return [0, 1, .. DnsBytes.Vector16(attributes)[..2], .. header, .. attributes];
        yield return [1, 1, 0, 0, .. header];
        yield return [0, 0x16, 0, 12, .. header, 0, 0x13, 0, 7, 1, 2, 3, 4, 5, 6, 7, 0];
        yield return [0x40, 1, 0, 4, 1, 2, 3, 4];
    }
}

/// <summary>RTP and RTCP.</summary>
internal sealed class RtpTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (RtcpView.Parse(data, out RtcpView control) == ParseStatus.Ok)
            Property.Holds(control.PacketType >= 192 && control.Ssrc >= 0, "a packet type that is not RTCP's");
        if (RtpView.Parse(data, out RtpView rtp) != ParseStatus.Ok)
            return;
        Property.IsInside(rtp.Payload, data);
        Property.Holds(rtp.PayloadType < 128, "a payload type beyond its size");
        RtpTracker tracker = default;
        tracker.Observe(rtp, isExpected: true);
        tracker.Observe(rtp, isExpected: false);
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [0x80, 111, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, .. new byte[20]],
        [0xb1, 96, 0, 2, 0, 0, 1, 160, 1, 2, 3, 4, 5, 6, 7, 8, 0xbe, 0xde, 0, 1, 0x10, 1, 0, 0, 1, 2, 3, 4, 0, 0, 0, 4],
        [0x80, 200, 0, 6, 1, 2, 3, 4, .. new byte[20]],
        [0x81, 202, 0, 2, 1, 2, 3, 4, 1, 1, (byte)'a', 0],
    ];
}

/// <summary>Agora's SD-RTN.</summary>
internal sealed class SdRtnTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SdRtnView.Parse(data, out SdRtnView packet) != ParseStatus.Ok)
            return;
        Property.IsInside(packet.ServerName, data);
        Property.Holds(packet.IsReply || data[6] == 0x21, "neither hello nor reply");
        Property.Holds(!packet.NegotiatesKey || data.IndexOf("CPTO"u8) >= 0, "a key without its tag");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [1, 2, 3, 4, 5, 6, 0x21, 0, 0, 0, 0, 0, 2, .. "SNI\0"u8, 23, 0, .. "192-0-2-1.edge.agora.io"u8, .. "CPTO"u8, 2, 0, 1, 2],
        [1, 2, 3, 4, 5, 6, 0x23, 0, 0, 0, 0, 0, 1, .. "CPTO"u8, 4, 0, 1, 2, 3, 4],
    ];
}
