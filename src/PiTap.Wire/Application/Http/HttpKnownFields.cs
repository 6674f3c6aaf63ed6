using System.Text;

namespace PiTap.Wire.Application.Http;

/// <summary>
/// The fields of a head that decide something, taken out in one walk. Of a field that stands there twice, the first counts.
/// </summary>
internal readonly ref struct HttpKnownFields
{
    public ReadOnlySpan<byte> Host { get; private init; }

    public ReadOnlySpan<byte> UserAgent { get; private init; }

    public ReadOnlySpan<byte> RequestedWith { get; private init; }

    public ReadOnlySpan<byte> Upgrade { get; private init; }

    public bool HasContentType { get; private init; }

    public bool HasTransferCoding { get; private init; }

    /// <summary>True if the last transfer coding is chunked: only that says where the body ends.</summary>
    public bool IsChunked { get; private init; }

    public bool HasLength { get; private init; }

    public long Length { get; private init; }

    public static HttpKnownFields Read(ReadOnlySpan<byte> fields)
    {
        ReadOnlySpan<byte> host = default, userAgent = default, requestedWith = default, upgrade = default;
        bool hasHost = false, hasUserAgent = false, hasRequestedWith = false, hasUpgrade = false;
        bool hasContentType = false, hasCoding = false, isChunked = false, hasLength = false;
        long length = 0;
        foreach (HttpField field in new HttpFieldEnumerator(fields))
        {
            ReadOnlySpan<byte> name = field.Name;
            // All of them differ in length: one comparison each.
            switch (name.Length)
            {
                case 4 when !hasHost && Ascii.EqualsIgnoreCase(name, "host"u8):
                    host = field.Value;
                    hasHost = true;
                    break;
                case 7 when !hasUpgrade && Ascii.EqualsIgnoreCase(name, "upgrade"u8):
                    upgrade = field.Value;
                    hasUpgrade = true;
                    break;
                case 10 when !hasUserAgent && Ascii.EqualsIgnoreCase(name, "user-agent"u8):
                    userAgent = field.Value;
                    hasUserAgent = true;
                    break;
                case 12:
                    hasContentType |= Ascii.EqualsIgnoreCase(name, "content-type"u8);
                    break;
                case 14 when !hasLength && Ascii.EqualsIgnoreCase(name, "content-length"u8):
                    hasLength = TryReadLength(field.Value, out length);
                    break;
                case 16 when !hasRequestedWith && Ascii.EqualsIgnoreCase(name, "x-requested-with"u8):
                    requestedWith = field.Value;
                    hasRequestedWith = true;
                    break;
                case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                    hasCoding = true;
                    isChunked = EndsWithChunked(field.Value);
                    break;
            }
        }
        return new HttpKnownFields
        {
            Host = host,
            UserAgent = userAgent,
            RequestedWith = requestedWith,
            Upgrade = upgrade,
            HasContentType = hasContentType,
            HasTransferCoding = hasCoding,
            IsChunked = isChunked,
            HasLength = hasLength,
            Length = length,
        };
    }

    /// <summary>
    /// Digits alone, or a list of them that says the same thing several times, of which the first is taken (RFC 9110 section 8.6).
    /// </summary>
    private static bool TryReadLength(ReadOnlySpan<byte> value, out long length)
    {
        const int MaxDigits = 18;
        length = 0;
        int comma = value.IndexOf((byte)',');
        ReadOnlySpan<byte> digits = comma < 0 ? value : value[..comma].TrimEnd(" \t"u8);
        if (digits.IsEmpty || digits.Length > MaxDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        foreach (byte digit in digits)
            length = 10 * length + (digit - '0');
        return true;
    }

    private static bool EndsWithChunked(ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> chunked = "chunked"u8;
        return value.Length >= chunked.Length && Ascii.EqualsIgnoreCase(value[^chunked.Length..], chunked);
    }
}
