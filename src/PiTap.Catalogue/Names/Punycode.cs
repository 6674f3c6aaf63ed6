namespace PiTap.Catalogue.Names;

/// <summary>
/// Decodes labels of internationalised names (RFC 3492, with the parameters of its section 5). Own, as the framework's throws an exception
/// for each name that is no good, and anybody may send these.
/// </summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int LowestThreshold = 1;
    private const int HighestThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialCodePoint = 0x80;
    private const int LastCodePoint = 0x10ffff;

    /// <summary>
    /// Decodes what follows <c>xn--</c> into code points. False if it is not well-formed or has more of them than the room given.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> label, Span<int> codePoints, out int count)
    {
        count = 0;
        int delimiter = label.LastIndexOf('-');
        foreach (char basic in delimiter < 0 ? [] : label[..delimiter])
        {
            if (!char.IsAscii(basic) || count == codePoints.Length)
                return false;
            codePoints[count++] = char.ToLowerInvariant(basic);
        }
        ReadOnlySpan<char> rest = label[(delimiter + 1)..];
        long codePoint = InitialCodePoint;
        long place = 0;
        int bias = InitialBias;
        while (!rest.IsEmpty)
        {
            long before = place;
            if (!TryReadNumber(ref rest, bias, ref place) || count == codePoints.Length)
                return false;
            bias = Adapt(place - before, count + 1, isFirst: before == 0);
            codePoint += place / (count + 1);
            place %= count + 1;
            if (codePoint is > LastCodePoint or (>= 0xd800 and <= 0xdfff))
                return false;
            codePoints[(int)place..count].CopyTo(codePoints[((int)place + 1)..]);
            codePoints[(int)place] = (int)codePoint;
            place++;
            count++;
        }
        return true;
    }

    /// <summary>Section 6.2: adds one generalised variable-length integer. A label has 63 characters: the loop ends.</summary>
    private static bool TryReadNumber(ref ReadOnlySpan<char> rest, int bias, ref long place)
    {
        long weight = 1;
        for (int k = Base; !rest.IsEmpty; k += Base)
        {
            int digit = Digit(rest[0]);
            rest = rest[1..];
            if (digit < 0)
                return false;
            place += digit * weight;
            int threshold = Math.Clamp(k - bias, LowestThreshold, HighestThreshold);
            if (digit < threshold)
                return true;
            weight *= Base - threshold;
            if (place > int.MaxValue || weight > int.MaxValue)
                return false;
        }
        return false;
    }

    private static int Adapt(long delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / count;
        int k = 0;
        for (; delta > (Base - LowestThreshold) * HighestThreshold / 2; k += Base)
            delta /= Base - LowestThreshold;
        return (int)(k + (Base - LowestThreshold + 1) * delta / (delta + Skew));
    }

    private static int Digit(char character) => character switch
    {
        >= 'a' and <= 'z' => character - 'a',
        >= 'A' and <= 'Z' => character - 'A',
        >= '0' and <= '9' => character - '0' + 26,
        _ => -1,
    };
}
