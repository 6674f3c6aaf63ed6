using System.Buffers;
using System.Text;

namespace PiTap.Wire.Application.Other;

/// <summary>
/// Plain text among unknown bytes: runs of printable characters, as text has them and as binary records with strings in them have them.
/// Text is ASCII, or UTF-8 in one script at a time. Encrypted or compressed bytes are printable by chance only: 97 of 256 values are ASCII,
/// so a run of eight begins at one place in 3,600. Of random payloads of 32 to 1,400 bytes fewer than one in 100,000 is taken for text; of
/// those with 64 bytes, the worst length, fewer than one in 3,000.
/// </summary>
public static class TextProbe
{
    /// <summary>Bytes looked at.</summary>
    public const int MaxBytes = 512;

    /// <summary>
    /// A shorter run counts as chance. Characters of one and two bytes in UTF-8 count once, longer ones twice: a word of Chinese is short.
    /// </summary>
    public const int MinRunCharacters = 8;

    /// <summary>Fewer bytes in runs than this prove nothing: two runs of eight, or one of sixteen, hardly come by chance.</summary>
    public const int MinReadableBytes = 16;

    /// <summary>Runs must make up at least one in so many of the bytes looked at.</summary>
    public const int MaxBytesPerReadableByte = 4;

    /// <summary>True if the bytes hold enough text to be called readable.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes)];
        return IsEnough(TextBound.Of(bytes), bytes.Length) && IsEnough(ReadableBytes(bytes), bytes.Length);
    }

    /// <summary>How many of the first bytes stand in runs of printable characters, tab, carriage return and line feed.</summary>
    public static int ReadableBytes(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes)];
        int readable = 0;
        int runBytes = 0;
        int runCharacters = 0;
        TextScript runScript = TextScript.Common;
        // Each turn takes at least one byte.
        while (!bytes.IsEmpty)
        {
            bool isCharacter = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            TextScript script = isCharacter ? TextScripts.Of(rune.Value) : TextScript.None;
            bool goesOn = script == TextScript.Common || script == runScript || (script != TextScript.None && runScript == TextScript.Common);
            if (!goesOn)
            {
                readable += runCharacters >= MinRunCharacters ? runBytes : 0;
                runBytes = runCharacters = 0;
                runScript = TextScript.Common;
            }
            if (script != TextScript.None)
            {
                runBytes += length;
                runCharacters += length > 2 ? 2 : 1;
            }
            if (script > TextScript.Common)
                runScript = script;
            bytes = bytes[length..];
        }
        return readable + (runCharacters >= MinRunCharacters ? runBytes : 0);
    }

    private static bool IsEnough(int readable, int length) => readable >= MinReadableBytes && readable * MaxBytesPerReadableByte >= length;
}
