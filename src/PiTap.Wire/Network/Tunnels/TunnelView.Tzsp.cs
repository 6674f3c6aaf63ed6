using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network.Tunnels;

/// <content>
/// TZSP, by which MikroTik's routers and others mirror frames.
/// <code>
///  0  version 1, type
///  2  what is carried: 1 Ethernet, 18 IEEE 802.11
///  4  fields: type, length, value; those of type 0 (padding) and 1 (the end) have a type only
/// </code>
/// </content>
public readonly ref partial struct TunnelView
{
    /// <summary>
    /// TZSP (TaZmen sniffer protocol), the payload of UDP port 37008. What is no frame, such as a keepalive, is
    /// <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus ParseTzsp(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        const int TypeOffset = 1, ProtocolOffset = 2, HeaderLength = 4;
        const byte Version = 1, Received = 0, ForTransmission = 1;
        const ushort Ethernet = 1, Wifi = 18;
        view = default;
        if (payload.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (payload[0] != Version)
            return ParseStatus.Malformed;
        if (payload[TypeOffset] is not (Received or ForTransmission))
            return ParseStatus.Unsupported;
        ParseStatus status = SkipFields(payload[HeaderLength..], out ReadOnlySpan<byte> inner);
        if (status != ParseStatus.Ok)
            return status;
        switch (BinaryPrimitives.ReadUInt16BigEndian(payload[ProtocolOffset..]))
        {
            case Ethernet:
                status = OfEthernet(inner, out view);
                return Mirrored(status, ref view);
            case Wifi when !inner.IsEmpty:
                view = new TunnelView(LinkType.Ieee80211, inner) { IsMirror = true };
                return ParseStatus.Ok;
            case Wifi:
                return ParseStatus.Truncated;
            default:
                return ParseStatus.Unsupported;
        }
    }

    private static ParseStatus SkipFields(ReadOnlySpan<byte> fields, out ReadOnlySpan<byte> rest)
    {
        const byte Padding = 0, End = 1;
        rest = default;
        // Each round takes a byte at least.
        while (!fields.IsEmpty)
        {
            byte type = fields[0];
            fields = fields[1..];
            if (type == End)
            {
                rest = fields;
                return ParseStatus.Ok;
            }
            if (type == Padding)
                continue;
            if (fields.IsEmpty || fields[0] >= fields.Length)
                return ParseStatus.Truncated;
            fields = fields[(1 + fields[0])..];
        }
        return ParseStatus.Truncated;
    }
}
