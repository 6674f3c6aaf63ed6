using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PiTap.Model;

/// <summary>
/// An IPv4 or IPv6 address in 16 bytes. IPv4 is held as its IPv4-mapped IPv6 form (RFC 4291 section 2.5.5.2),
/// so one type, one hash and one comparison serve both.
/// </summary>
/// <param name="High">The first eight bytes, in network order.</param>
/// <param name="Low">The last eight bytes, in network order.</param>
public readonly record struct IpAddress(ulong High, ulong Low) : IComparable<IpAddress>
{
    private const ulong MappedPrefix = 0x0000_ffff_0000_0000;

    /// <summary>Characters of the longest text form: six groups and a dotted IPv4 address (RFC 4291 section 2.2).</summary>
    public const int MaxTextLength = 45;

    /// <summary>True for an IPv4 address.</summary>
    public bool IsV4 => High == 0 && (Low & 0xffff_ffff_0000_0000) == MappedPrefix;

    /// <summary>The four bytes of an IPv4 address as a number; meaningless where <see cref="IsV4"/> is false.</summary>
    public uint V4 => (uint)Low;

    /// <summary>True for "no address": all zero, IPv4 or IPv6.</summary>
    public bool IsUnspecified => High == 0 && (Low == 0 || Low == MappedPrefix);

    /// <summary>True for 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291 section 2.7).</summary>
    public bool IsMulticast => IsV4 ? (V4 >> 28) == 0xe : High >> 56 == 0xff;

    /// <summary>True for 255.255.255.255 (RFC 919 section 7).</summary>
    public bool IsLimitedBroadcast => IsV4 && V4 == uint.MaxValue;

    /// <summary>
    /// True for the last address of a local network of 256, as nearly every home has (RFC 919 section 7): the mask is in no packet.
    /// </summary>
    public bool IsLocalBroadcast => IsV4 && IsLocal && (V4 & 0xff) == 0xff;

    /// <summary>True for link-local unicast: 169.254.0.0/16 (RFC 3927) and fe80::/10 (RFC 4291 section 2.5.6).</summary>
    public bool IsLinkLocal => IsV4 ? V4 >> 16 == 0xa9fe : High >> 54 == 0xfe80 >> 6;

    /// <summary>True for loopback: 127.0.0.0/8 and ::1.</summary>
    public bool IsLoopback => IsV4 ? V4 >> 24 == 127 : High == 0 && Low == 1;

    /// <summary>
    /// True for addresses that only mean something inside a local network: private (RFC 1918), shared (RFC 6598),
    /// link-local, loopback and unique local (RFC 4193).
    /// </summary>
    public bool IsLocal => IsLinkLocal || IsLoopback || (IsV4
        ? V4 >> 24 == 10 || V4 >> 20 == 0xac1 || V4 >> 16 == 0xc0a8 || V4 >> 22 == 0x6440 >> 6
        : High >> 57 == 0xfc >> 1);

    /// <summary>An IPv4 address from its four bytes in network order, as one number.</summary>
    public static IpAddress FromV4(uint value) => new(0, MappedPrefix | value);

    /// <summary>Reads four bytes in network order; the caller has checked the length.</summary>
    public static IpAddress ReadV4(ReadOnlySpan<byte> bytes) => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Reads sixteen bytes in network order; the caller has checked the length.</summary>
    public static IpAddress ReadV6(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Reads the usual text forms of both families; false if the text is no address.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.Contains('%') || !IPAddress.TryParse(text, out IPAddress? parsed))
            return false;
        // IPAddress.Parse takes "1" for 0.0.0.1; only the dotted form of four parts is meant here.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && text.AsSpan().Count('.') != 3)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out int written);
        address = written == 4 ? ReadV4(bytes) : ReadV6(bytes);
        return true;
    }

    /// <summary>Writes the address in network order: 4 bytes for IPv4, 16 for IPv6. Returns how many.</summary>
    public int WriteTo(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, V4);
            return 4;
        }
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
        return 16;
    }

    /// <inheritdoc/>
    public int CompareTo(IpAddress other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Orders by the bytes in network order.</summary>
    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    /// <summary>Orders by the bytes in network order.</summary>
    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    /// <summary>Orders by the bytes in network order.</summary>
    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by the bytes in network order.</summary>
    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Differs from process to process. By four parts: a number of 64 bits hashes to the same as all whose halves differ in the same
    /// bits.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine((uint)High, (uint)(High >> 32), (uint)Low, (uint)(Low >> 32));

    /// <summary>Dotted decimal, or the canonical text of RFC 5952.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextLength];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Writes the same as ASCII into room for <see cref="MaxTextLength"/> bytes and returns how many it wrote.</summary>
    public int Format(Span<byte> ascii)
    {
        // Addresses become text a million times in a long replay: the usual family without the framework's address object.
        if (IsV4)
        {
            int length = 0;
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                length += WriteDecimal((byte)(V4 >> shift), ascii[length..]);
                if (shift > 0)
                    ascii[length++] = (byte)'.';
            }
            return length;
        }
        Span<byte> bytes = stackalloc byte[16];
        new IPAddress(bytes[..WriteTo(bytes)]).TryFormat(ascii, out int written);
        return written;
    }

    private static int WriteDecimal(byte value, Span<byte> ascii)
    {
        int length = value < 10 ? 1 : value < 100 ? 2 : 3;
        for (int i = length - 1; i >= 0; i--, value /= 10)
            ascii[i] = (byte)('0' + value % 10);
        return length;
    }
}
