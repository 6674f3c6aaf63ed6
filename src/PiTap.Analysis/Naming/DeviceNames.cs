using System.Text;
using System.Text.Unicode;

namespace PiTap.Analysis.Naming;

/// <summary>
/// Names that devices give themselves, as text. Multicast DNS writes them in UTF-8 (RFC 6762 section 16), and so do most who write beyond
/// ASCII elsewhere; what is not valid as that is ISO 8859-1. In the case that was sent. What a terminal takes for more than text is made
/// safe where it is shown.
/// </summary>
internal static class DeviceNames
{
    /// <summary>Bytes kept of a name: that of a host has up to 63 (RFC 1035 section 2.3.4), and some send their domain with it.</summary>
    public const int MaxBytes = 128;

    /// <summary>The text of bytes.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            bytes = bytes[..LastBoundary(bytes, MaxBytes)];
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    /// <summary>
    /// The text of a name as <see cref="PiTap.Wire.Application.Dns"/> writes it: bytes as <c>\DDD</c>, and what belongs to a label behind a
    /// backslash (RFC 1035 section 5.1).
    /// </summary>
    public static string Unescaped(ReadOnlySpan<byte> written)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        int length = 0;
        for (int i = 0; i < written.Length && length < bytes.Length; i++)
        {
            byte b = written[i];
            if (b == (byte)'\\' && i + 3 < written.Length && char.IsAsciiDigit((char)written[i + 1]))
            {
                b = (byte)(100 * (written[i + 1] - '0') + 10 * (written[i + 2] - '0') + (written[i + 3] - '0'));
                i += 3;
            }
            else if (b == (byte)'\\' && i + 1 < written.Length)
            {
                b = written[++i];
            }
            bytes[length++] = b;
        }
        return Text(bytes[..length]);
    }

    /// <summary>Where the last whole character of UTF-8 ends in so many bytes.</summary>
    private static int LastBoundary(ReadOnlySpan<byte> bytes, int length)
    {
        const int MaxContinuations = 3;
        for (int back = 0; back <= MaxContinuations && back < length; back++)
        {
            if ((bytes[length - back] & 0xc0) != 0x80)
                return length - back;
        }
        return length;
    }
}
