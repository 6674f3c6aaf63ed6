using CsCheck;

namespace PiTap.Wire.Tests;

/// <summary>
/// What every view has to stand: cut, damaged and random bytes. The reader passed in touches all that the view offers, and must not throw.
/// </summary>
internal static class HostileBytes
{
    private const int MeasuredRuns = 5_000;

    /// <summary>Every shorter prefix of a sample.</summary>
    public static void EveryPrefix(byte[] sample, Action<byte[]> read)
    {
        for (int length = 0; length <= sample.Length; length++)
            read(sample[..length]);
    }

    /// <summary>Every byte of a sample set to each other value.</summary>
    public static void EveryByteChange(byte[] sample, Action<byte[]> read)
    {
        byte[] changed = [.. sample];
        for (int i = 0; i < changed.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                changed[i] = (byte)value;
                read(changed);
            }
            changed[i] = sample[i];
        }
    }

    /// <summary>Random bytes: bare, and behind a beginning of the sample.</summary>
    public static void Random(byte[] sample, Action<byte[]> read) =>
        Gen.Select(Gen.Int[0, sample.Length], Gen.Byte.Array[0, 300])
            .Sample((kept, random) => read([.. sample[..kept], .. random]), iter: 3_000, threads: 1);

    /// <summary>Fails where a property does not hold. Unlike xunit's own assertions it allocates nothing while it does.</summary>
    public static void Require(bool holds, string what)
    {
        if (!holds)
            Assert.Fail(what);
    }

    /// <summary>
    /// Bytes allocated by some thousand runs. A collection that another test causes meanwhile is booked on this thread with the rest of
    /// what it may allocate from; what a run allocates, it allocates each time: the least of several counts.
    /// </summary>
    public static long Allocated(Action run)
    {
        const int MaxCounts = 10;
        for (int i = 0; i < MeasuredRuns; i++)
            run();
        long least = long.MaxValue;
        for (int count = 0; count < MaxCounts && least > 0; count++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < MeasuredRuns; i++)
                run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
