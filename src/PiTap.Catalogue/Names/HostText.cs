using System.Globalization;
using System.Text;

namespace PiTap.Catalogue.Names;

/// <summary>A host name for people: as it went over the wire, and in Unicode where it stands for that (RFC 5890 section 2.3.2.1).</summary>
/// <param name="Ascii">The name as it was sent.</param>
/// <param name="Unicode">What it stands for; null where that is the same, or where it is not well-formed.</param>
/// <param name="IsMixed">True if a label mixes scripts that no language writes together: made to look like another name.</param>
public readonly record struct HostText(string Ascii, string? Unicode, bool IsMixed)
{
    private const string Prefix = "xn--";

    /// <summary>RFC 1035 section 2.3.4.</summary>
    private const int MaxLabelLength = 63;

    /// <summary>Reads a name. Allocates nothing where no label begins with <c>xn--</c>; any text is taken.</summary>
    public static HostText Of(string name)
    {
        if (!name.Contains(Prefix, StringComparison.OrdinalIgnoreCase) || name.Length > DomainName.MaxLength)
            return new HostText(name, null, false);
        StringBuilder unicode = new(name.Length);
        bool isMixed = false;
        bool isOther = false;
        foreach (Range part in name.AsSpan().Split('.'))
        {
            if (part.Start.Value > 0)
                unicode.Append('.');
            ReadOnlySpan<char> label = name.AsSpan(part);
            bool isDecoded = label.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && label.Length <= MaxLabelLength
                && TryAppend(label[Prefix.Length..], unicode, ref isMixed);
            if (!isDecoded)
                unicode.Append(label);
            isOther |= isDecoded;
        }
        return new HostText(name, isOther ? unicode.ToString() : null, isMixed);
    }

    /// <summary>For example <c>b&#252;cher.example (xn--bcher-kva.example)</c>; the ASCII form alone where there is no other.</summary>
    public override string ToString() => Unicode is null ? Ascii
        : IsMixed ? $"{Unicode} ({Ascii}, mixes scripts)"
        : $"{Unicode} ({Ascii})";

    /// <summary>
    /// Appends a label if it decodes to letters, marks, digits and hyphens with at least one that is not ASCII: anything else, such as a
    /// character that turns the direction of writing, is shown as it was sent.
    /// </summary>
    private static bool TryAppend(ReadOnlySpan<char> label, StringBuilder unicode, ref bool isMixed)
    {
        Span<int> codePoints = stackalloc int[MaxLabelLength];
        if (!Punycode.TryDecode(label, codePoints, out int count))
            return false;
        codePoints = codePoints[..count];
        Span<int> scripts = stackalloc int[count];
        bool isAscii = true;
        for (int i = 0; i < count; i++)
        {
            switch (CharUnicodeInfo.GetUnicodeCategory(codePoints[i]))
            {
                case UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter:
                    scripts[i] = Scripts.Of(codePoints[i]);
                    break;
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark when i > 0:
                    break;
                case UnicodeCategory.DecimalDigitNumber or UnicodeCategory.DashPunctuation when codePoints[i] < 0x80:
                    break;
                default:
                    return false;
            }
            isAscii &= codePoints[i] < 0x80;
        }
        if (isAscii)
            return false;
        foreach (int codePoint in codePoints)
            unicode.Append(new Rune(codePoint).ToString());
        isMixed |= Scripts.AreMixed(scripts);
        return true;
    }
}
