namespace PiTap.Wire.Application;

/// <summary>
/// Plain text among unknown bytes: runs of printable characters, as text has them and as binary records with strings in them have them. Encrypted or compressed bytes are
/// printable by chance only: 97 of 256 values are, so a run of eight begins at one place in 3,600.
/// </summary>
public static class TextProbe
{
    /// <summary>Bytes looked at.</summary>
    public const int MaxBytes = 512;

    /// <summary>A shorter run counts as chance.</summary>
    public const int MinRunBytes = 8;

    /// <summary>Fewer bytes in runs than this prove nothing: two runs of eight, or one of sixteen, hardly come by chance.</summary>
    public const int MinReadableBytes = 16;

    /// <summary>Runs must make up at least one in so many of the bytes looked at.</summary>
    public const int MaxBytesPerReadableByte = 4;

    /// <summary>True where the bytes hold enough text to be called readable.</summary>
    public static bool IsReadable(ReadOnlySpan<byte> bytes)
    {
        int readable = ReadableBytes(bytes);
        return readable >= MinReadableBytes && readable * MaxBytesPerReadableByte >= Math.Min(bytes.Length, MaxBytes);
    }

    /// <summary>How many of the first bytes stand in runs of printable ASCII, tab, carriage return and line feed.</summary>
    public static int ReadableBytes(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes)];
        int readable = 0;
        int run = 0;
        foreach (byte b in bytes)
        {
            if (b is (>= 0x20 and < 0x7f) or (byte)'\t' or (byte)'\r' or (byte)'\n')
            {
                run++;
                continue;
            }
            readable += run >= MinRunBytes ? run : 0;
            run = 0;
        }
        return readable + (run >= MinRunBytes ? run : 0);
    }
}
