using System.CommandLine;
using PiTap.Analysis;
using PiTap.Capture;
using PiTap.Host.Output;
using PiTap.Host.Remote;
using PiTap.Store;

namespace PiTap.Host.Commands;

/// <summary>`pitap live`: interfaces into a store, until it is told to end.</summary>
internal static class LiveCommand
{
    public static Command Create(Surface surface)
    {
        LiveOptions options = new();
        Command command = new("live", "Capture from interfaces into the store until Ctrl-C. Needs the capability CAP_NET_RAW; see 'pitap doctor'.");
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            LiveStatus status = new(surface);
            return Run(surface, status, options.Read(parsed, status.Line));
        });
        return command;
    }

    private static int Run(Surface surface, LiveStatus status, LiveSettings settings)
    {
        using StopSignal stop = new();
        // The filter is compiled and the interfaces found before the store is touched: a slip in either changes nothing.
        using MultiPacketSource packets = MultiPacketSource.Open(settings.Captures);
        using RecordStore store = RecordStore.Open(settings.Store(status.Line), surface.Clock);
        foreach (string sentence in store.OpenReport.Sentences)
            status.Line(sentence);
        store.BeginRun(RecordStore.LiveMode, CommandLine.Version);
        using StoreServer server = StoreServer.Open(settings.Db, store.CreateReader);
        foreach (LivePacketSource source in packets.Sources)
            status.Line($"Capturing on {source.Name}, filter: {(source.KernelFilter.Length == 0 ? "none" : source.KernelFilter)}, store: {settings.Db}.");

        LiveLoop loop = new(new Pipeline(settings.Analysis), store, surface.Clock, status);
        bool isInOrder = loop.Run(new LiveSource(packets, packets.Sources, packets.Stop), settings.Duration, stop.Token);
        status.Clear();
        store.CompleteRun();
        status.Line(isInOrder ? "Ended in order." : "Ended: no interface is left to capture on.");
        return isInOrder ? ExitCode.Ok : ExitCode.Failed;
    }
}
