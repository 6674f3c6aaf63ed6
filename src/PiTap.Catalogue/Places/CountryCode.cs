namespace PiTap.Catalogue.Places;

/// <summary>Texts for pairs of letters, made once: what is read from a packed set needs none of its own.</summary>
internal static class CountryCode
{
    private const int Letters = 26;

    private static readonly string[] s_texts =
        [.. Enumerable.Range(0, Letters * Letters).Select(static i => $"{(char)('A' + i / Letters)}{(char)('A' + i % Letters)}")];

    /// <summary>The text of two ASCII capitals; null for anything else.</summary>
    public static string? Text(byte first, byte second)
    {
        int high = first - 'A';
        int low = second - 'A';
        return (uint)high < Letters && (uint)low < Letters ? s_texts[high * Letters + low] : null;
    }
}
