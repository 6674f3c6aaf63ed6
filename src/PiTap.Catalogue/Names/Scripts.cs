namespace PiTap.Catalogue.Names;

/// <summary>Which writing system a letter belongs to: enough of them to tell a name that mixes some from one that does not.</summary>
internal static class Scripts
{
    /// <summary>Digits, hyphens and marks: they go with any script.</summary>
    public const int Common = 0;

    private const int Latin = 1;
    private const int Greek = 2;
    private const int Cyrillic = 3;
    private const int Han = 4;
    private const int Hiragana = 5;
    private const int Katakana = 6;
    private const int Bopomofo = 7;
    private const int Hangul = 8;

    /// <summary>Scripts without a number here are told apart by blocks of 256 code points, as few of them share one.</summary>
    private const int FirstOther = 16;

    private const int BlockBits = 8;

    /// <summary>First and last code point of a run of letters of one script, sorted. Unicode Standard Annex 24, Scripts.txt.</summary>
    private static readonly (int First, int Last, int Script)[] s_runs =
    [
        (0x0041, 0x02af, Latin), (0x0370, 0x03e1, Greek), (0x03f0, 0x03ff, Greek), (0x0400, 0x052f, Cyrillic), (0x1100, 0x11ff, Hangul),
        (0x1c80, 0x1c8f, Cyrillic), (0x1d00, 0x1d25, Latin), (0x1e00, 0x1eff, Latin), (0x1f00, 0x1fff, Greek), (0x2c60, 0x2c7f, Latin),
        (0x2de0, 0x2dff, Cyrillic), (0x2e80, 0x2fd5, Han), (0x3005, 0x3007, Han), (0x3041, 0x309f, Hiragana), (0x30a1, 0x30ff, Katakana),
        (0x3105, 0x312f, Bopomofo), (0x3131, 0x318e, Hangul), (0x31a0, 0x31bf, Bopomofo), (0x31f0, 0x31ff, Katakana),
        (0x3400, 0x4dbf, Han), (0x4e00, 0x9fff, Han), (0xa640, 0xa69f, Cyrillic), (0xa720, 0xa7ff, Latin), (0xa960, 0xa97c, Hangul),
        (0xab30, 0xab6f, Latin), (0xac00, 0xd7fb, Hangul), (0xf900, 0xfad9, Han), (0xff21, 0xff5a, Latin), (0xff66, 0xff9d, Katakana),
        (0xffa0, 0xffdc, Hangul), (0x20000, 0x323af, Han),
    ];

    /// <summary>Scripts that one language writes together, Latin letters among them (UTS 39 section 5.2, "highly restrictive").</summary>
    private static readonly int[][] s_together =
        [[Latin, Han, Hiragana, Katakana], [Latin, Han, Bopomofo], [Latin, Han, Hangul]];

    /// <summary>A number that letters of one script share; <see cref="Common"/> is for what is no letter.</summary>
    public static int Of(int letter)
    {
        foreach ((int first, int last, int script) in s_runs)
        {
            if (letter <= last)
                return letter >= first ? script : FirstOther + (letter >> BlockBits);
        }
        return FirstOther + (letter >> BlockBits);
    }

    /// <summary>True if no language writes all of these scripts together.</summary>
    public static bool AreMixed(ReadOnlySpan<int> scripts)
    {
        int first = Common;
        bool isOne = true;
        foreach (int script in scripts)
        {
            if (script == Common)
                continue;
            isOne &= first is Common || first == script;
            first = script;
        }
        if (isOne)
            return false;
        foreach (int[] together in s_together)
        {
            if (!scripts.ContainsAnyExcept([Common, .. together]))
                return false;
        }
        return true;
    }
}
