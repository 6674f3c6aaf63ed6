using System.Buffers.Binary;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Network.Tunnels;

/// <content>GRE and the mirrored frames that it carries.</content>
public readonly ref partial struct TunnelView
{
    /// <summary>
    /// GRE (RFC 2784, RFC 2890), the payload of IP protocol 47: IP, Ethernet (also NVGRE, RFC 7637) and ERSPAN, which mirrors frames behind
    /// a header of its own (types I to III, draft-foschiano-erspan). Version 1, which PPTP uses, and source routes (RFC 1701) are
    /// <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus ParseGre(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        const int FlagsOffset = 0, VersionOffset = 1, ProtocolOffset = 2, HeaderLength = 4;
        const int FieldLength = 4;
        const byte HasChecksum = 0x80;
        const byte HasRouting = 0x40;
        const byte HasKey = 0x20;
        const byte HasSequence = 0x10;
        view = default;
        if (payload.Length < HeaderLength)
            return ParseStatus.Truncated;
        if ((payload[VersionOffset] & 0x07) != 0 || (payload[FlagsOffset] & HasRouting) != 0)
            return ParseStatus.Unsupported;
        // RFC 2784 section 2.3: the other flags "MUST be zero".
        if ((payload[FlagsOffset] & 0x0f) != 0 || (payload[VersionOffset] & 0xf8) != 0)
            return ParseStatus.Malformed;
        bool hasSequence = (payload[FlagsOffset] & HasSequence) != 0;
        int headerLength = HeaderLength
            + ((payload[FlagsOffset] & HasChecksum) != 0 ? FieldLength : 0)
            + ((payload[FlagsOffset] & HasKey) != 0 ? FieldLength : 0)
            + (hasSequence ? FieldLength : 0);
        if (payload.Length < headerLength)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> inner = payload[headerLength..];
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(payload[ProtocolOffset..]);
        return type switch
        {
            ErspanHeader.EtherType2 => Mirrored(hasSequence ? OfErspan2(inner, out view) : OfEthernet(inner, out view), ref view),
            ErspanHeader.EtherType3 => Mirrored(OfErspan3(inner, out view), ref view),
            _ => OfEtherType(type, inner, out view),
        };
    }

    private static ParseStatus Mirrored(ParseStatus status, ref TunnelView view)
    {
        if (status == ParseStatus.Ok)
            view = view with { IsMirror = true };
        return status;
    }

    private static ParseStatus OfErspan2(ReadOnlySpan<byte> bytes, out TunnelView view)
    {
        view = default;
        ParseStatus status = ErspanHeader.Skip2(bytes, out ReadOnlySpan<byte> inner);
        return status == ParseStatus.Ok ? OfEthernet(inner, out view) : status;
    }

    private static ParseStatus OfErspan3(ReadOnlySpan<byte> bytes, out TunnelView view)
    {
        view = default;
        ParseStatus status = ErspanHeader.Skip3(bytes, out ReadOnlySpan<byte> inner, out bool isIp);
        if (status != ParseStatus.Ok)
            return status;
        return isIp ? OfIp(inner, out view) : OfEthernet(inner, out view);
    }
}
