using System.CommandLine;
using PiTap.Analysis;
using PiTap.Capture.Live;
using PiTap.Host.Live;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Model;
using PiTap.Store;
using PiTap.Store.Files;
using PiTap.Store.Writing;

namespace PiTap.Host.Commands;

/// <summary>`pitap live`: interfaces into a store, until it is told to end.</summary>
internal static class LiveCommand
{
    public static Command Create(Surface surface)
    {
        LiveOptions options = new();
        Command command = new("live",
            "Capture from interfaces into the store until Ctrl-C. Needs the capability CAP_NET_RAW; see 'pitap doctor'.");
        options.AddTo(command);
        command.SetAction(parsed => Run(surface, options, parsed));
        return command;
    }

    private static int Run(Surface surface, LiveOptions options, ParseResult parsed)
    {
        using LiveStatus status = new(surface);
        RecordStore? opened = null;
        LiveHealthLog health = new(surface.Clock, () => new StoreCondition(opened?.IsWaiting ?? false, opened?.LostRows ?? 0));
        void Say(string sentence)
        {
            health.Say(sentence);
            status.Line(sentence);
        }

        LiveSettings settings = options.Read(parsed, Say);
        Who who = new(settings.Db, settings.Profile);
        who.Load(surface);
        using StopSignal stop = new();
        // The filter is compiled and the interfaces found before the store is touched: a slip in either changes nothing.
        using MultiPacketSource packets = MultiPacketSource.Open(settings.Captures);
        using RecordStore store = opened = RecordStore.Open(settings.Store(Say), surface.Clock);
        foreach (string sentence in store.OpenReport.Sentences)
            Say(sentence);
        store.BeginRun(RecordStore.LiveMode, ProgramVersion.Text);
        LiveBoard board = new(surface.Clock, health, who.Attribute);
        (bool isOrderly, RunEnd end) = Capture(settings, packets, store, board, status, surface.Clock, stop.Token);
        (FoundTables Found, StoreInfo Info)? read = Read(store, who, status.Line);
        // It may have to say what the disk did not take.
        store.Dispose();
        bool isWhole = end.IsWhole && store.IsWhole;
        status.Line(!isOrderly ? "Ended: no interface is left to capture on."
            : isWhole ? "Ended normally." : "Ended, but the store does not hold everything.");
        status.Dispose();
        if (read is { } what)
            Summarize(surface, what.Found, what.Info, board.Feed.Current);
        foreach (string sentence in Kept(store, settings.Db).Concat(end.Sentences(settings.Db)))
            surface.Say(sentence);
        return isOrderly && isWhole ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Null, with a sentence, if the store cannot be read: what became of the records is still to be said.</summary>
    private static (FoundTables Found, StoreInfo Info)? Read(RecordStore store, Who who, Action<string> say)
    {
        try
        {
            using IStoreReader reader = store.CreateReader();
            StoreInfo info = reader.Info();
            return (FoundTables.Read(store, reader, info, who), info);
        }
        catch (StoreException failure)
        {
            say(failure.Message);
            return null;
        }
    }

    /// <summary>What was deleted meanwhile as asked, or by default.</summary>
    private static IEnumerable<string> Kept(RecordStore store, string path)
    {
        RemovedRecords removed = store.Removed;
        if (removed.Flows + removed.Lookups + removed.Contacts + removed.SetAsideFiles > 0)
        {
            yield return $"Deleted meanwhile from the store {path} by --retain-days and --max-size: "
                + $"{Numbers.Count(removed.Flows)} flows, "
                + $"{Numbers.Count(removed.Lookups)} lookups, {Numbers.Count(removed.Contacts)} contacts, "
                + $"{Numbers.Count(removed.SetAsideFiles)} files that were set aside.";
        }
    }

    private static (bool IsOrderly, RunEnd End) Capture(
        LiveSettings settings, MultiPacketSource packets, RecordStore store, LiveBoard board, LiveStatus status, TimeProvider clock,
        CancellationToken stop)
    {
        Pipeline pipeline = new(settings.Analysis);
        ControlQueue commands = new(new ControlLimits());
        LiveLoop loop = new(pipeline, store, board, commands, clock, settings.FlushInterval, status.Line);
        LiveControl control = new(commands, pipeline, loop, store, board);
        board.Begin();
        using DaemonServer server = DaemonServer.Open(settings.Db, new DaemonServices(store.CreateReader, board.Feed, control));
        foreach (LivePacketSource source in packets.Sources)
        {
            LiveCaptureOptions options = settings.Captures.First(capture => capture.Interface == source.Name);
            status.Line($"Listening on {source.Name} until Ctrl-C, into the store {settings.Db}{Without(options, source.KernelFilter)}.");
        }
        Task showing = status.ShowAsync(board.Feed, CancellationToken.None);
        bool isOrderly = loop.Run(new LiveSource(packets, packets.Sources, packets.Stop), settings.Duration, stop);
        RunEnd end = store.CompleteRun();
        showing.GetAwaiter().GetResult();
        server.TellEnd();
        return (isOrderly, end);
    }

    /// <summary>What the kernel leaves out: as asked for, and this machine's own ports.</summary>
    private static string Without(LiveCaptureOptions options, string kernelFilter)
    {
        string asked = options.Filter ?? "";
        string ports = string.Join(", ", options.ManagementPorts);
        return (asked.Length == 0 ? "" : $"; only what matches: {asked}")
            + (kernelFilter.Length <= asked.Length ? ""
                : $"; this machine's own port{(options.ManagementPorts.Count == 1 ? "" : "s")} {ports} left out (--management-ports)");
    }

    private static void Summarize(Surface surface, FoundTables found, StoreInfo info, LiveState state)
    {
        string sources = string.Join(", ", state.Sources.Select(static source => source.Source));
        try
        {
            surface.Paragraph($"Captured on {sources}: {Numbers.Of(state.Sources.Sum(static source => source.Received), "packet")}.");
            found.Write(surface, info, state.Sources, state.Losses);
            surface.Out.Flush();
        }
        catch (OutputClosedException)
        {
            // Nobody looks any more. How the capture ended is the exit code's to say.
        }
    }
}
