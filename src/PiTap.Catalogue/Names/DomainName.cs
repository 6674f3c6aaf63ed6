namespace PiTap.Catalogue.Names;

/// <summary>How the data writes a domain: in small letters, in ASCII, without a dot at either end.</summary>
internal static class DomainName
{
    /// <summary>Characters of the longest name (RFC 1035 section 3.1: 255 octets with length octets and root).</summary>
    public const int MaxLength = 253;

    private const int MaxLabelLength = 63;

    /// <summary>
    /// At least two labels of letters, digits, hyphens and underscores; the last one begins with a letter, so that no address passes.
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<char> name)
    {
        if (name.Length > MaxLength)
            return false;
        int labels = 0;
        char firstOfLast = '\0';
        foreach (Range part in name.Split('.'))
        {
            ReadOnlySpan<char> label = name[part];
            if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-' || !HasOnlyHostCharacters(label))
                return false;
            firstOfLast = label[0];
            labels++;
        }
        return labels >= 2 && char.IsAsciiLetterLower(firstOfLast);
    }

    /// <summary>Labels of a well-formed name.</summary>
    public static int CountLabels(ReadOnlySpan<char> name) => name.Count('.') + 1;

    private static bool HasOnlyHostCharacters(ReadOnlySpan<char> label)
    {
        foreach (char character in label)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character is not ('-' or '_'))
                return false;
        }
        return true;
    }
}
