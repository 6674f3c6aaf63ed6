using System.Diagnostics;

namespace PiTap.Live.Tests.Kit;

/// <summary>Waits for what must come. A test that waits longer than the limit is stuck, on however slow a machine.</summary>
internal static class Wait
{
    public const int LimitMs = 60_000;
    private const int PollMs = 10;

    public static void Until(Func<bool> isSo, Func<string> what)
    {
        using ManualResetEventSlim never = new();
        for (long start = Stopwatch.GetTimestamp(); !isSo(); never.Wait(PollMs))
            Assert.True(Stopwatch.GetElapsedTime(start).TotalMilliseconds < LimitMs, $"Waited without success for {what()}");
    }
}
