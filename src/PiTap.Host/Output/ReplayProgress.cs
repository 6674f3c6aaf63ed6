using PiTap.Capture.Files;
using Spectre.Console;

namespace PiTap.Host.Output;

/// <summary>Hears how far a replay is.</summary>
internal interface IReplayProgress
{
    /// <summary>Another file is being read.</summary>
    void Begin(FilePacketSource source);

    /// <summary>That many packets of it were read.</summary>
    void Report(long packets);
}

/// <summary>
/// A progress bar on a terminal. Nothing elsewhere, nor for what is over before it can be read.
/// </summary>
internal static class ReplayProgress
{
    private const long MinBytes = 8 * 1024 * 1024;

    public static void Run(Surface surface, long totalBytes, Action<IReplayProgress> work)
    {
        if (surface.CanDraw && totalBytes >= MinBytes)
            RunWithBar(surface, totalBytes, work);
        else
            work(new NoProgress());
    }

    private static void RunWithBar(Surface surface, long totalBytes, Action<IReplayProgress> work)
    {
        IAnsiConsole console = SpectreTerminal.Console(surface);
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Bar(context.AddTask("reading", maxValue: totalBytes))));
    }

    private sealed class NoProgress : IReplayProgress
    {
        public void Begin(FilePacketSource source)
        {
        }

        public void Report(long packets)
        {
        }
    }

    private sealed class Bar(ProgressTask task) : IReplayProgress
    {
        private FilePacketSource? _source;
        private long _bytesBefore;

        public void Begin(FilePacketSource source)
        {
            _bytesBefore += _source?.LengthBytes ?? 0;
            _source = source;
            task.Value = _bytesBefore;
        }

        public void Report(long packets) => task.Value = _bytesBefore + (_source?.BytesRead ?? 0);
    }
}
