namespace PiTap.Wire.Application.Other;

/// <summary>
/// How evenly byte values are spread. The measure must know the length: 100 random bytes reach 0.79 of the eight bits that endless ones
/// have, since they can hold at most 100 different values. So it is set against what random bytes of that very length are expected to
/// reach. Near 1 is random, encrypted or compressed, which no measure of this kind tells apart. Measured on packets: random bytes of 32 and
/// more lie at 0.95 to 1.02, SD-RTN hellos, which hold a readable name among random bytes, at 0.93 to 0.95, and requests of HTTP at 0.58 to
/// 0.90 (0.74 in the middle). So this never decides alone.
/// </summary>
public static class ByteEntropy
{
    /// <summary>Bytes looked at.</summary>
    public const int MaxBytes = 512;

    /// <summary>Fewer bytes than this say nothing.</summary>
    public const int MinBytes = 32;

    /// <summary>
    /// From this share of the expected entropy on bytes are as even as random ones: of those 95 in 100 reach it with 32 bytes, 997 in 1,000
    /// with 128.
    /// </summary>
    public const double EvenFrom = 0.97;

    /// <summary>
    /// Below this share of the expected entropy bytes are not random throughout: of random payloads fewer than one in 1,000,000 lies there.
    /// </summary>
    public const double UnevenBelow = 0.88;

    private const int Values = 256;

    // k log2 k for each count k, and how much more that is than of the count before: a logarithm costs more than all else here.
    private static readonly double[] s_countLogs = [.. Enumerable.Range(0, MaxBytes + 1).Select(static k => k < 2 ? 0 : k * Math.Log2(k))];
    private static readonly double[] s_steps = [.. Enumerable.Range(0, MaxBytes).Select(static k => s_countLogs[k + 1] - s_countLogs[k])];
    private static readonly double[] s_expected = Expect();

    /// <summary>Shannon entropy of the first bytes in bits per byte, 0 to 8.</summary>
    public static double BitsPerByte(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes)];
        if (bytes.IsEmpty)
            return 0;
        // Each byte adds what its value's count grows by. Two sums: no step has to wait for the one before.
        Span<ushort> counts = stackalloc ushort[Values];
        counts.Clear();
        ReadOnlySpan<double> steps = s_steps;
        double even = 0;
        double odd = 0;
        int at = 0;
        for (; at + 1 < bytes.Length; at += 2)
        {
            even += steps[counts[bytes[at]]++];
            odd += steps[counts[bytes[at + 1]]++];
        }
        if (at < bytes.Length)
            even += steps[counts[bytes[at]]];
        double sum = even + odd;
        return Math.Max(0, Math.Log2(bytes.Length) - sum / bytes.Length);
    }

    /// <summary>What random bytes of that length are expected to reach, in bits per byte; beyond <see cref="MaxBytes"/> as there.</summary>
    public static double ExpectedOfRandom(int length) => s_expected[Math.Clamp(length, 0, MaxBytes)];

    /// <summary>
    /// Entropy as a share of what random bytes of that length are expected to reach; 0 below <see cref="MinBytes"/>. It may go a little
    /// above 1.
    /// </summary>
    public static double RelativeToRandom(ReadOnlySpan<byte> bytes) =>
        bytes.Length < MinBytes ? 0 : BitsPerByte(bytes) / ExpectedOfRandom(bytes.Length);

    /// <summary>
    /// Each value appears by the binomial distribution with a chance of 1/256. Of n bytes the expected entropy is log2 n - (256 / n) * E[k
    /// log2 k]. Counts so far above the mean that they add nothing are left out.
    /// </summary>
    private static double[] Expect()
    {
        const int Terms = 64;
        const double Odds = 1.0 / (Values - 1);
        double[] expected = new double[MaxBytes + 1];
        for (int n = 1; n <= MaxBytes; n++)
        {
            double chance = Math.Pow(1 - 1.0 / Values, n);
            double sum = 0;
            for (int k = 1; k <= Math.Min(n, Terms); k++)
            {
                chance *= (n - k + 1) * Odds / k;
                sum += chance * s_countLogs[k];
            }
            expected[n] = Math.Log2(n) - Values * sum / n;
        }
        return expected;
    }
}
