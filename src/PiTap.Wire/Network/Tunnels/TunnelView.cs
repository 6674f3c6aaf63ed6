using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Network;

/// <summary>What a tunnel's packet carries: where the inner packet begins, and what it is. Each reader is strict enough to leave other traffic alone.</summary>
public readonly ref struct TunnelView
{
    /// <summary>GTP-U extension headers on one packet.</summary>
    public const int MaxExtensionHeaders = 8;

    private const byte GtpTypeData = 255;

    private TunnelView(LinkType link, ReadOnlySpan<byte> inner)
    {
        InnerLink = link;
        Inner = inner;
    }

    /// <summary>What the inner packet begins with.</summary>
    public LinkType InnerLink { get; }

    /// <summary>The inner packet, as far as it is at hand.</summary>
    public ReadOnlySpan<byte> Inner { get; }

    /// <summary>GTP-U (3GPP TS 29.281 section 5.1), the payload of UDP port 2152. Signalling is <see cref="ParseStatus.Unsupported"/>.</summary>
    public static ParseStatus ParseGtpU(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        view = default;
        if (payload.Length < 8)
            return ParseStatus.Truncated;
        // Version 1, protocol type GTP.
        if ((payload[0] & 0xf0) != 0x30)
            return ParseStatus.Malformed;
        if (payload[1] != GtpTypeData)
            return ParseStatus.Unsupported;
        bool hasExtension = (payload[0] & 0x04) != 0;
        ReadOnlySpan<byte> inner = payload[8..];
        if ((payload[0] & 0x07) != 0)
        {
            if (inner.Length < 4)
                return ParseStatus.Truncated;
            byte next = hasExtension ? inner[3] : (byte)0;
            inner = inner[4..];
            for (int headers = 0; next != 0; headers++)
            {
                // Its length counts units of four bytes; the last byte names the next one.
                if (headers >= MaxExtensionHeaders)
                    return ParseStatus.Malformed;
                if (inner.IsEmpty || inner[0] == 0)
                    return ParseStatus.Malformed;
                int length = 4 * inner[0];
                if (inner.Length < length)
                    return ParseStatus.Truncated;
                next = inner[length - 1];
                inner = inner[length..];
            }
        }
        return OfIp(inner, out view);
    }

    /// <summary>VXLAN (RFC 7348 section 5), the payload of UDP port 4789.</summary>
    public static ParseStatus ParseVxlan(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        view = default;
        if (payload.Length < 8 + 14)
            return ParseStatus.Truncated;
        // The I flag is set, the reserved fields are zero but for the flags of later uses (group policy).
        if ((payload[0] & 0x08) == 0 || payload[7] != 0)
            return ParseStatus.Malformed;
        view = new TunnelView(LinkType.Ethernet, payload[8..]);
        return ParseStatus.Ok;
    }

    /// <summary>Geneve (RFC 8926 section 3.4), the payload of UDP port 6081.</summary>
    public static ParseStatus ParseGeneve(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        view = default;
        if (payload.Length < 8)
            return ParseStatus.Truncated;
        if (payload[0] >> 6 != 0 || payload[7] != 0)
            return ParseStatus.Malformed;
        int headerLength = 8 + 4 * (payload[0] & 0x3f);
        if (payload.Length < headerLength)
            return ParseStatus.Truncated;
        return OfEtherType(BinaryPrimitives.ReadUInt16BigEndian(payload[2..]), payload[headerLength..], out view);
    }

    /// <summary>
    /// GRE (RFC 2784, RFC 2890), the payload of IP protocol 47: IP, Ethernet and ERSPAN, which mirrors Ethernet behind a header of its own (types I
    /// to III, draft-foschiano-erspan). The version of PPTP is <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus ParseGre(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        view = default;
        if (payload.Length < 4)
            return ParseStatus.Truncated;
        if ((payload[1] & 0x07) != 0)
            return ParseStatus.Unsupported;
        bool hasSequence = (payload[0] & 0x10) != 0;
        int headerLength = 4 + ((payload[0] & 0x80) != 0 ? 4 : 0) + ((payload[0] & 0x20) != 0 ? 4 : 0) + (hasSequence ? 4 : 0);
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        if (payload.Length < headerLength)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> inner = payload[headerLength..];
        const ushort Erspan = 0x88be;
        const ushort Erspan3 = 0x22eb;
        if (type is not (Erspan or Erspan3))
            return OfEtherType(type, inner, out view);
        // Type I has no header; type II has eight bytes, type III twelve and eight more where its last bit is set.
        int mirrorLength = type == Erspan ? hasSequence ? 8 : 0 : 12;
        if (inner.Length < mirrorLength)
            return ParseStatus.Truncated;
        if (type == Erspan3 && (inner[11] & 1) != 0)
            mirrorLength += 8;
        if (inner.Length < mirrorLength)
            return ParseStatus.Truncated;
        view = new TunnelView(LinkType.Ethernet, inner[mirrorLength..]);
        return ParseStatus.Ok;
    }

    /// <summary>Teredo (RFC 4380 section 5.1.1), the payload of UDP port 3544: IPv6 behind indications of authentication and origin.</summary>
    public static ParseStatus ParseTeredo(ReadOnlySpan<byte> payload, out TunnelView view)
    {
        view = default;
        if (payload.Length >= 4 && payload[0] == 0 && payload[1] == 1)
        {
            int length = 13 + payload[2] + payload[3];
            if (payload.Length < length)
                return ParseStatus.Truncated;
            payload = payload[length..];
        }
        if (payload.Length >= 8 && payload[0] == 0 && payload[1] == 0)
            payload = payload[8..];
        if (payload.Length < 40)
            return ParseStatus.Truncated;
        return payload[0] >> 4 == 6 ? OfIp(payload, out view) : ParseStatus.Malformed;
    }

    private static ParseStatus OfEtherType(ushort type, ReadOnlySpan<byte> inner, out TunnelView view)
    {
        view = default;
        switch (type)
        {
            case EtherTypes.Ipv4 or EtherTypes.Ipv6:
                return OfIp(inner, out view);
            case EtherTypes.TransparentEthernet:
                view = new TunnelView(LinkType.Ethernet, inner);
                return ParseStatus.Ok;
            default:
                return ParseStatus.Unsupported;
        }
    }

    private static ParseStatus OfIp(ReadOnlySpan<byte> inner, out TunnelView view)
    {
        view = default;
        if (inner.IsEmpty)
            return ParseStatus.Truncated;
        if (inner[0] >> 4 is not (4 or 6))
            return ParseStatus.Malformed;
        view = new TunnelView(LinkType.Raw, inner);
        return ParseStatus.Ok;
    }
}
