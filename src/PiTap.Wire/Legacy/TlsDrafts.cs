using System.Globalization;

namespace PiTap.Wire.Legacy;

/// <summary>
/// The drafts of TLS 1.3 (draft-ietf-tls-tls13), spoken until 2018: a first byte that says draft, then the draft's number.
/// </summary>
internal static class TlsDrafts
{
    private const int DraftMajor = 0x7f;
    private const int FizzDraftMajor = 0xfb;
    private const ushort Final = 0x0304;
    private const int FirstWithLongServerHello = 22;
    private const int MaxDrafts = 64;

    private static readonly string[] s_texts = MakeTexts();

    /// <summary>True for the numbers that drafts used, in the way of the drafts (0x7f) or of Facebook's Fizz (0xfb).</summary>
    public static bool Contains(ushort version) => version >> 8 is DraftMajor or FizzDraftMajor && (version & 0xff) < s_texts.Length;

    /// <summary><c>TLS 1.3 draft 28</c>, for a number that <see cref="Contains"/> is true for.</summary>
    public static string Text(ushort version) => s_texts[version & 0xff];

    /// <summary>
    /// True for a draft before 22, whose ServerHello has neither session ID nor compression method. Some wrote the final number into it
    /// already, where RFC 8446 section 4.1.3 has 0x0303 for ever.
    /// </summary>
    public static bool HasShortServerHello(ushort version) =>
        version == Final || (version >> 8 == DraftMajor && (version & 0xff) < FirstWithLongServerHello);

    private static string[] MakeTexts()
    {
        string[] texts = new string[MaxDrafts];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = string.Create(CultureInfo.InvariantCulture, $"TLS 1.3 draft {i}");
        return texts;
    }
}
