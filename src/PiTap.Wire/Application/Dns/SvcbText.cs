using System.Buffers.Binary;
using System.Buffers.Text;
using PiTap.Model;

namespace PiTap.Wire.Application.Dns;

/// <summary>
/// An SVCB or HTTPS record as zone files write it (RFC 9460 section 2.1): <c>1 . alpn="h3,h2" ipv4hint=192.0.2.1</c>. Parameters that find
/// no room any more are left out, and three dots say so.
/// </summary>
public static class SvcbText
{
    /// <summary>Bytes of the longest text.</summary>
    public const int MaxBytes = 512;

    private const ushort KeyMandatory = 0;
    private const ushort KeyNoDefaultAlpn = 2;
    private static ReadOnlySpan<byte> Omission => " ..."u8;

    /// <summary>Writes a record of a message; false if it is none, or is cut before its parameters.</summary>
    public static bool TryWrite(in DnsView message, in DnsRecord record, Span<byte> destination, out int written)
    {
        written = 0;
        Span<byte> target = stackalloc byte[DnsView.MaxNameTextBytes];
        if (record.Type is not (DnsRecord.TypeSvcb or DnsRecord.TypeHttps)
            || SvcbView.Parse(record.Data, out SvcbView service) != ParseStatus.Ok
            || !message.TryWriteName(record.TargetOffset, target, out int targetLength))
            return false;
        destination = destination[..Math.Min(destination.Length, MaxBytes)];
        Span<byte> room = destination[..Math.Max(0, destination.Length - Omission.Length)];
        if (!TryAddNumber(service.Priority, room, ref written) || !TryAdd(" "u8, room, ref written)
            || !TryAdd(targetLength == 0 ? "."u8 : target[..targetLength], room, ref written))
            return false;
        foreach (SvcParameter parameter in service.Parameters)
        {
            int before = written;
            if (TryAdd(" "u8, room, ref written) && TryAddParameter(parameter, room, ref written))
                continue;
            written = before;
            return TryAdd(Omission, destination, ref written);
        }
        return true;
    }

    private static bool TryAddParameter(in SvcParameter parameter, Span<byte> room, ref int written)
    {
        ReadOnlySpan<byte> value = parameter.Value;
        switch (parameter.Key)
        {
            case KeyMandatory:
                return TryAdd("mandatory="u8, room, ref written) && TryAddKeys(value, room, ref written);
            case SvcbView.KeyAlpn:
                return TryAdd("alpn=\""u8, room, ref written) && TryAddProtocols(value, room, ref written)
                    && TryAdd("\""u8, room, ref written);
            case KeyNoDefaultAlpn:
                return TryAdd("no-default-alpn"u8, room, ref written);
            case SvcbView.KeyPort when value.Length == 2:
                return TryAdd("port="u8, room, ref written) && TryAddNumber(BinaryPrimitives.ReadUInt16BigEndian(value), room, ref written);
            case SvcbView.KeyIpv4Hint:
                return TryAdd("ipv4hint="u8, room, ref written) && TryAddAddresses(value, isV4: true, room, ref written);
            case SvcbView.KeyEch:
                return TryAdd("ech="u8, room, ref written) && TryAddBase64(value, room, ref written);
            case SvcbView.KeyIpv6Hint:
                return TryAdd("ipv6hint="u8, room, ref written) && TryAddAddresses(value, isV4: false, room, ref written);
            default:
                return TryAddKey(parameter.Key, room, ref written) && TryAdd("=\""u8, room, ref written)
                    && TryAddEscaped(value, room, ref written) && TryAdd("\""u8, room, ref written);
        }
    }

    private static bool TryAddKey(ushort key, Span<byte> room, ref int written) => key switch
    {
        SvcbView.KeyAlpn => TryAdd("alpn"u8, room, ref written),
        KeyNoDefaultAlpn => TryAdd("no-default-alpn"u8, room, ref written),
        SvcbView.KeyPort => TryAdd("port"u8, room, ref written),
        SvcbView.KeyIpv4Hint => TryAdd("ipv4hint"u8, room, ref written),
        SvcbView.KeyEch => TryAdd("ech"u8, room, ref written),
        SvcbView.KeyIpv6Hint => TryAdd("ipv6hint"u8, room, ref written),
        _ => TryAdd("key"u8, room, ref written) && TryAddNumber(key, room, ref written),
    };

    private static bool TryAddKeys(ReadOnlySpan<byte> value, Span<byte> room, ref int written)
    {
        for (int offset = 0; offset + 2 <= value.Length; offset += 2)
        {
            bool isSeparated = offset == 0 || TryAdd(","u8, room, ref written);
            if (!isSeparated || !TryAddKey(BinaryPrimitives.ReadUInt16BigEndian(value[offset..]), room, ref written))
                return false;
        }
        return true;
    }

    private static bool TryAddProtocols(ReadOnlySpan<byte> value, Span<byte> room, ref int written)
    {
        bool isFirst = true;
        // Each turn takes a byte at least.
        while (!value.IsEmpty && 1 + value[0] <= value.Length)
        {
            bool isSeparated = isFirst || TryAdd(","u8, room, ref written);
            if (!isSeparated || !TryAddEscaped(value.Slice(1, value[0]), room, ref written))
                return false;
            isFirst = false;
            value = value[(1 + value[0])..];
        }
        return true;
    }

    private static bool TryAddAddresses(ReadOnlySpan<byte> value, bool isV4, Span<byte> room, ref int written)
    {
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength];
        int bytes = isV4 ? 4 : 16;
        for (int offset = 0; offset + bytes <= value.Length; offset += bytes)
        {
            IpAddress address = isV4 ? IpAddress.ReadV4(value[offset..]) : IpAddress.ReadV6(value[offset..]);
            bool isSeparated = offset == 0 || TryAdd(","u8, room, ref written);
            if (!isSeparated || !TryAdd(text[..address.Format(text)], room, ref written))
                return false;
        }
        return true;
    }

    private static bool TryAddBase64(ReadOnlySpan<byte> value, Span<byte> room, ref int written)
    {
        if (Base64.GetMaxEncodedToUtf8Length(value.Length) > room.Length - written)
            return false;
        Base64.EncodeToUtf8(value, room[written..], out _, out int encoded);
        written += encoded;
        return true;
    }

    /// <summary>Bytes outside printable ASCII, and those that mean something in a list, as <c>\DDD</c> (appendix A.1).</summary>
    private static bool TryAddEscaped(ReadOnlySpan<byte> value, Span<byte> room, ref int written)
    {
        foreach (byte b in value)
        {
            bool isPlain = b is > 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' and not (byte)',';
            bool fits = isPlain
                ? TryAdd([b], room, ref written)
                : TryAdd([(byte)'\\', (byte)('0' + b / 100), (byte)('0' + b / 10 % 10), (byte)('0' + b % 10)], room, ref written);
            if (!fits)
                return false;
        }
        return true;
    }

    private static bool TryAddNumber(ushort number, Span<byte> room, ref int written)
    {
        if (!Utf8Formatter.TryFormat(number, room[written..], out int digits))
            return false;
        written += digits;
        return true;
    }

    private static bool TryAdd(ReadOnlySpan<byte> bytes, Span<byte> room, ref int written)
    {
        if (!bytes.TryCopyTo(room[written..]))
            return false;
        written += bytes.Length;
        return true;
    }
}
