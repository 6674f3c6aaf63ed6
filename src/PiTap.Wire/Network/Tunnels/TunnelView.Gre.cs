using System.Buffers.Binary;

namespace PiTap.Wire.Network.Tunnels;

/// <content>GRE and the mirrored frames that it carries.</content>
public readonly ref partial struct TunnelView
{
    /// <summary>Types I and II: the first has no header and no sequence number.</summary>
    private const ushort EtherTypeErspan = 0x88be;

    private const ushort EtherTypeErspan3 = 0x22eb;

    /// <summary>
    /// GRE (RFC 2784, RFC 2890), the payload of IP protocol 47: IP, Ethernet (also NVGRE, RFC 7637) and ERSPAN, which mirrors frames behind a header of its
    /// own (types I to III, draft-foschiano-erspan). Version 1, which PPTP uses, and source routes (RFC 1701) are <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus ParseGre(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        const int HeaderLength = 4;
        const int FieldLength = 4;
        const byte HasChecksum = 0x80;
        const byte HasRouting = 0x40;
        const byte HasKey = 0x20;
        const byte HasSequence = 0x10;
        view = default;
        if (payload.Length < HeaderLength)
            return ParseStatus.Truncated;
        if ((payload[1] & 0x07) != 0 || (payload[0] & HasRouting) != 0)
            return ParseStatus.Unsupported;
        // RFC 2784 section 2.3: the other flags "MUST be zero".
        if ((payload[0] & 0x0f) != 0 || (payload[1] & 0xf8) != 0)
            return ParseStatus.Malformed;
        bool hasSequence = (payload[0] & HasSequence) != 0;
        int headerLength = HeaderLength
            + ((payload[0] & HasChecksum) != 0 ? FieldLength : 0)
            + ((payload[0] & HasKey) != 0 ? FieldLength : 0)
            + (hasSequence ? FieldLength : 0);
        if (payload.Length < headerLength)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> inner = payload[headerLength..];
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        return type switch
        {
            EtherTypeErspan => hasSequence ? OfErspan2(inner, out view) : OfEthernet(inner, out view),
            EtherTypeErspan3 => OfErspan3(inner, out view),
            _ => OfEtherType(type, inner, out view),
        };
    }

    private static ParseStatus OfErspan2(ReadOnlySpan<byte> inner, out TunnelView view)
    {
        const int HeaderLength = 8;
        const int Version = 1;
        view = default;
        if (inner.Length < HeaderLength)
            return ParseStatus.Truncated;
        return inner[0] >> 4 == Version ? OfEthernet(inner[HeaderLength..], out view) : ParseStatus.Malformed;
    }

    private static ParseStatus OfErspan3(ReadOnlySpan<byte> inner, out TunnelView view)
    {
        const int HeaderLength = 12;
        const int PlatformLength = 8;
        const int Version = 2;
        const int FrameEthernet = 0;
        const int FrameIp = 2;
        view = default;
        if (inner.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (inner[0] >> 4 != Version)
            return ParseStatus.Malformed;
        // The last bit says that a subheader of the platform follows.
        int headerLength = HeaderLength + ((inner[11] & 1) != 0 ? PlatformLength : 0);
        if (inner.Length < headerLength)
            return ParseStatus.Truncated;
        return (inner[10] >> 2 & 0x1f) switch
        {
            FrameEthernet => OfEthernet(inner[headerLength..], out view),
            FrameIp => OfIp(inner[headerLength..], out view),
            _ => ParseStatus.Unsupported,
        };
    }
}
