using System.CommandLine;
using PiTap.Analysis;
using PiTap.Capture;
using PiTap.Host.Output;
using PiTap.Host.Remote;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Commands;

/// <summary>`pitap live`: interfaces into a store, until it is told to end.</summary>
internal static class LiveCommand
{
    private const string Mode = "live";

    public static Command Create(Surface surface)
    {
        LiveOptions options = new();
        Command command = new("live", "Capture from interfaces into the store until Ctrl-C. Needs the capability CAP_NET_RAW; see 'pitap doctor'.");
        options.AddTo(command);
        command.SetAction(parsed => Run(surface, options.Read(parsed)));
        return command;
    }

    private static int Run(Surface surface, LiveSettings settings)
    {
        using StopSignal stop = new();
        // The filter is compiled and the interface found before the store is touched: a slip in either changes nothing.
        List<IPacketSource> sources = [];
        try
        {
            foreach (LiveCaptureOptions capture in settings.Captures)
                sources.Add(LivePacketSource.Open(capture));
            return Capture(surface, settings, sources, stop.Token);
        }
        finally
        {
            foreach (IPacketSource source in sources)
                source.Dispose();
        }
    }

    private static int Capture(Surface surface, LiveSettings settings, List<IPacketSource> sources, CancellationToken stop)
    {
        LiveStatus status = new(surface);
        using RecordStore store = RecordStore.Open(settings.Store(status.Line), surface.Clock);
        store.BeginRun(Mode, CommandLine.Version);
        using StoreServer server = StoreServer.Open(settings.Db, store.CreateReader);
        foreach (LiveCaptureOptions capture in settings.Captures)
            status.Line($"capturing on {capture.Interface}, filter: {capture.Filter ?? "none"}, store: {settings.Db}");
        Pipeline pipeline = new(settings.Analysis);
        LiveLoop loop = new(pipeline, store, surface.Clock, status);
        bool isInOrder = loop.Run(sources, settings.Duration, stop);
        status.Clear();
        store.Flush();
        store.CompleteRun();
        status.Line(isInOrder ? "ended in order" : "ended: no interface is left to capture on");
        return isInOrder ? ExitCode.Ok : ExitCode.Failed;
    }
}
