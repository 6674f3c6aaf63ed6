using System.Globalization;
using System.Text;

namespace PiTap.Panel.Drawing;

/// <summary>
/// Texts made fit for a display. They come from the wire, so they are taken for hostile: only letters that a font has are drawn, one after
/// the other from left to right, and what the font has not is replaced by its ASCII form, never by a box.
/// </summary>
internal static class Names
{
    private const char Ellipsis = '\u2026';

    /// <summary>Letters of Latin-1 and Latin Extended-A (U+00C0 to U+017F) without their marks.</summary>
    private const string BareLatin =
        "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo:ouuuuyty"
        + "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLl"
        + "NnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

    /// <summary>How companies are registered. On a display it is the name that matters.</summary>
    private static readonly string[] s_legalForms =
    [
        "inc", "inc.", "incorporated", "ltd", "ltd.", "limited", "llc", "llc.", "corp", "corp.", "corporation", "co", "co.", "company",
        "gmbh", "ag", "s.a.", "sa", "plc", "b.v.", "bv", "oy", "ab", "as", "pte", "pte.", "pty", "s.r.l.", "kg", "se",
    ];

    private static readonly Rune[] s_pauses = [new('-'), new('.'), new(':'), new('/')];

    /// <summary>The same text in letters that a face has.</summary>
    public static string Drawable(Face face, string text)
    {
        StringBuilder drawable = new(text.Length);
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string shown = DrawableWord(face, word);
            if (shown.Length > 0)
                drawable.Append(drawable.Length > 0 ? " " : "").Append(shown);
        }
        return drawable.ToString();
    }

    /// <summary>A company's name, cut after a word where there is one to cut after.</summary>
    public static string Fit(Face face, string text, int width)
    {
        string whole = Drawable(face, text);
        if (face.Measure(whole) <= width)
            return whole;
        string[] words = whole.Split(' ');
        while (words.Length > 1 && s_legalForms.Contains(words[^1].TrimEnd(',').ToLowerInvariant()))
            words = words[..^1];
        for (int count = words.Length; count > 0; count--)
        {
            string part = string.Join(' ', words[..count]).TrimEnd(',', ' ');
            bool isAllOfIt = count == words.Length;
            // A name of one short word left of many says less than a longer one that ends inside a word.
            if (face.Measure(part) <= width && (isAllOfIt || face.Measure(part) >= width / 2))
                return part;
        }
        return CutEnd(face, string.Join(' ', words), width);
    }

    /// <summary>Any other text: as much of its beginning as there is room for.</summary>
    public static string FitText(Face face, string text, int width) => CutEnd(face, Drawable(face, text), width);

    /// <summary>A host name, cut in front: whose domain it is stands at the end. An address is cut in the middle.</summary>
    public static string FitHost(Face face, string host, int width)
    {
        string whole = Drawable(face, host);
        if (face.Measure(whole) <= width)
            return whole;
        if (whole.Contains(':', StringComparison.Ordinal) || whole.All(static letter => letter is '.' or (>= '0' and <= '9')))
            return CutMiddle(face, whole, width);
        string[] labels = whole.Split('.');
        for (int first = 1; first < labels.Length - 1; first++)
        {
            string rest = string.Join('.', labels[first..]);
            if (face.Measure(Ellipsis + rest) > width)
                continue;
            // What is left may be no more than where names are registered, such as co.uk.
            return face.Measure(rest) >= width / 2 ? Ellipsis + rest : CutEnd(face, string.Join('.', labels[(first - 1)..]), width);
        }
        return CutEnd(face, string.Join('.', labels[Math.Max(0, labels.Length - 2)..]), width);
    }

    /// <summary>A sentence in lines, broken between words; the last line ends with three dots where there was more.</summary>
    public static IReadOnlyList<string> Wrap(Face face, string sentence, int width, int lines)
    {
        Queue<string> words = new(Drawable(face, sentence).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        List<string> wrapped = [];
        string line = "";
        while (words.TryDequeue(out string? word))
        {
            string longer = line.Length == 0 ? word : line + " " + word;
            if (face.Measure(longer) <= width)
            {
                line = longer;
                continue;
            }
            if (line.Length == 0)
                (line, word) = Split(face, word, width);
            if (wrapped.Count == lines - 1)
            {
                wrapped.Add(CutEnd(face, line + " " + word, width));
                return wrapped;
            }
            wrapped.Add(line);
            line = "";
            words = new Queue<string>(words.Prepend(word));
        }
        if (line.Length > 0)
            wrapped.Add(line);
        return wrapped;
    }

    /// <summary>A word that is longer than a line: as much as fits, and the rest.</summary>
    private static (string Line, string Left) Split(Face face, string word, int width)
    {
        Rune[] letters = [.. word.EnumerateRunes()];
        int count = letters.Length;
        while (count > 1 && face.Measure(Join(letters.AsSpan(0, count))) > width)
            count--;
        // An address is broken where it is said with a pause.
        int pause = letters.AsSpan(0, count).LastIndexOfAny(s_pauses);
        if (pause >= count / 2 && count < letters.Length)
            count = letters[pause] == s_pauses[0] ? pause + 1 : pause;
        return (Join(letters.AsSpan(0, count)), Join(letters.AsSpan(count)));
    }

    /// <summary>As much of the beginning as there is room for, then three dots.</summary>
    private static string CutEnd(Face face, string text, int width)
    {
        Rune[] letters = [.. text.EnumerateRunes()];
        for (int count = letters.Length; count > 0; count--)
        {
            string part = count == letters.Length ? text : Join(letters.AsSpan(0, count)).TrimEnd(' ', ',', '.', '-', ':', ';') + Ellipsis;
            if (face.Measure(part) <= width)
                return part;
        }
        return face.Width <= width ? Ellipsis.ToString() : "";
    }

    private static string CutMiddle(Face face, string text, int width)
    {
        int room = Math.Max(1, width / face.Width - 1), tail = room / 2;
        return text.Length <= room
            ? text
            : string.Concat(text.AsSpan(0, room - tail), Ellipsis.ToString(), text.AsSpan(text.Length - tail));
    }

    private static string Join(ReadOnlySpan<Rune> letters)
    {
        StringBuilder text = new(letters.Length);
        foreach (Rune letter in letters)
            text.Append(letter.ToString());
        return text.ToString();
    }

    private static string DrawableWord(Face face, string word)
    {
        StringBuilder drawn = new(word.Length);
        bool isDrawn = true;
        foreach (Rune letter in word.EnumerateRunes())
        {
            if (face.Has(letter))
                drawn.Append(letter.ToString());
            else if (Plain(letter) is char plain)
                drawn.Append(plain);
            else
                isDrawn &= IsOrnament(letter);
        }
        return isDrawn ? drawn.ToString() : AsciiForm(word);
    }

    /// <summary>A letter without its marks, or a mark of typography as a typewriter has it.</summary>
    private static char? Plain(Rune letter) => letter.Value switch
    {
        >= 0xC0 and <= 0x17F => BareLatin[letter.Value - 0xC0],
        0x2018 or 0x2019 or 0x201A => '\'',
        0x201C or 0x201D or 0x201E => '"',
        >= 0x2010 and <= 0x2015 => '-',
        0x2022 => '*',
        _ => null,
    };

    /// <summary>
    /// True for what a name can do without: pictures, invisible marks, accents set behind their letter, control characters.
    /// </summary>
    private static bool IsOrnament(Rune letter) => Rune.GetUnicodeCategory(letter) is UnicodeCategory.OtherSymbol
        or UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.ModifierSymbol or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator || letter.Value is (>= 0x300 and <= 0x36F) or (>= 0xFE00 and <= 0xFE0F)
        || letter == Rune.ReplacementChar;

    /// <summary>As in the DNS (RFC 3490, ToASCII); letter by letter a question mark where a word has no such form.</summary>
    private static string AsciiForm(string word)
    {
        try
        {
            return new IdnMapping().GetAscii(word.ToLowerInvariant());
        }
        catch (ArgumentException)
        {
            return string.Concat(word.EnumerateRunes()
                .Select(static letter => letter.IsAscii && letter.Value > 0x20 ? (char)letter.Value : '?'));
        }
    }
}
