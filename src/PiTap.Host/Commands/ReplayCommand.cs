using System.CommandLine;
using PiTap.Analysis;
using PiTap.Capture;
using PiTap.Capture.Files;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Host.Replay;
using PiTap.Model;
using PiTap.Store;
using PiTap.Store.Files;
using PiTap.Store.Writing;

namespace PiTap.Host.Commands;

/// <summary>`pitap replay`: capture files into a store.</summary>
internal static class ReplayCommand
{
    private const string Mode = "replay";

    public static Command Create(Surface surface)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "Capture files (pcap or pcapng, also gzip or zstd); - is standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(CommonOptions.NoOptions);
        Option<string> db = CommonOptions.Db();
        Option<FlowTimeout?> flowTimeout = CommonOptions.FlowTimeoutOption();
        Option<ClientFilter?> clients = CommonOptions.Clients();
        Option<string[]> ignore = CommonOptions.Ignore();
        Option<string?> profile = CommonOptions.Profile();
        Option<bool> noStore = new("--no-store") { Description = "Only say what was found, keep nothing; --db is not touched." };
        Option<bool> again = new("--again") { Description = "Also read files that the store has already: their flows count twice then." };
        Option<bool> all = new("--all") { Description = "In the table, also the local network's own traffic, else one line." };
        Option<bool> json = CommonOptions.Json();
        Command command = new("replay", "Read capture files into the store, on top of what it holds, and say what was found.")
        {
            files, db, flowTimeout, clients, ignore, noStore, again, all, json, profile,
        };
        command.SetAction(parsed => Run(
            surface,
            parsed.GetRequiredValue(files),
            parsed.GetValue(noStore) ? null : CommonOptions.StorePath(parsed, db),
            parsed.GetValue(again),
            parsed.GetValue(profile),
            AnalysisSetup.Options(parsed.GetValue(flowTimeout), parsed.GetValue(clients), parsed.GetValue(ignore)),
            summary =>
            {
                if (parsed.GetValue(json))
                    summary.WriteJson(surface);
                else
                    summary.WriteText(surface, parsed.GetValue(all));
            }));
        return command;
    }

    private static int Run(
        Surface surface, string[] paths, string? db, bool isAgain, string? profile, AnalysisOptions options, Action<ReplaySummary> show)
    {
        using CaptureFiles files = CaptureFiles.Check(paths, surface.Say);
        if (files.Count == 0)
            return ExitCode.Failed;
        // Before the store is touched: from here on the first signal ends the run normally.
        using StopSignal stop = new();
        Who who = new(db, profile);
        who.Load(surface);
        List<FileOutcome> outcomes = [];
        RunEnd end = new();
        void Show(ReplaySummary summary)
        {
            try
            {
                show(summary);
            }
            catch (OutputClosedException)
            {
                // Whether files were read is the exit code's to say all the same.
            }
        }

        if (db is null)
        {
            SummarySink sink = new(who.Attribute);
            Read(surface, files, sink, false, options, outcomes, stop.Token);
            Show(ReplaySummary.Of(sink.State(), outcomes, who));
        }
        else
        {
            if (ReadIntoStore(surface, files, db, isAgain, options, who, outcomes, Show, stop.Token) is not { } stored)
                return ExitCode.Failed;
            end = stored;
        }
        foreach (string sentence in end.Sentences(db ?? ""))
            surface.Say(sentence);
        int failed = outcomes.Count(static outcome => outcome.Failure is not null);
        bool isRead = outcomes.Count == paths.Length && failed == 0;
        if (isRead && end.IsWhole)
            return ExitCode.Ok;
        if (!isRead && paths.Length > 1)
            surface.Say($"{paths.Length - outcomes.Count + failed} of {paths.Length} files were not read to their end; see above.");
        return ExitCode.Failed;
    }

    /// <summary>How the run ended; null if the store has all files already.</summary>
    private static RunEnd? ReadIntoStore(
        Surface surface, CaptureFiles files, string db, bool isAgain, AnalysisOptions options, Who who, List<FileOutcome> outcomes,
        Action<ReplaySummary> show, CancellationToken stop)
    {
        // What somebody replays by hand is theirs to delete: no retention.
        StoreOptions storeOptions = new() { Path = db, RetainDays = null, MaxSizeBytes = null, Notice = surface.Say };
        using RecordStore store = RecordStore.Open(storeOptions, surface.Clock);
        foreach (string sentence in store.OpenReport.Sentences)
            surface.Say(sentence);
        if (!isAgain)
            LeaveOutKnown(store, files, surface);
        if (files.Count == 0)
            return null;
        RunEnd end;
        int run = store.BeginRun(Mode, ProgramVersion.Text);
        using (Answering(store, db))
        {
            Read(surface, files, store, true, options, outcomes, stop);
            end = store.CompleteRun();
        }
        // What the analysis held would stay beside what says who is who: the most memory of the whole run.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        try
        {
            show(ReplaySummary.Read(store, run, outcomes, who));
        }
        catch (StoreException failure) when (!end.IsWhole)
        {
            // What became of the records is still to be said.
            surface.Say(failure.Message);
        }
        return end;
    }

    /// <summary>
    /// Whoever asks the store something meanwhile is answered. A file system that has no sockets is no reason not to read captures: there
    /// the store can be read when the replay has ended.
    /// </summary>
    private static DaemonServer? Answering(RecordStore store, string db)
    {
        try
        {
            return DaemonServer.Open(db, new DaemonServices(store.CreateReader, Live: null, Control: null));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void LeaveOutKnown(RecordStore store, CaptureFiles files, Surface surface)
    {
        using IStoreReader reader = store.CreateReader();
        files.LeaveOutKnown(reader.Runs(), surface.Say);
    }

    private static void Read(
        Surface surface, CaptureFiles files, IRecordSink sink, bool isStored, AnalysisOptions options, List<FileOutcome> outcomes,
        CancellationToken stop)
    {
        outcomes.AddRange(files.Unreadable);
        Pipeline pipeline = new(options);
        ReplayLoop loop = new(pipeline, sink);
        ReplayProgress.Run(surface, files.TotalBytes, report => ReadAll(files, loop, isStored, outcomes, report, surface, stop));
        loop.Finish();
    }

    private static void ReadAll(
        CaptureFiles files, ReplayLoop loop, bool isStored, List<FileOutcome> outcomes, IReplayProgress progress, Surface surface,
        CancellationToken stop)
    {
        for (int i = 0; i < files.Count; i++)
        {
            if (stop.IsCancellationRequested)
            {
                surface.Say($"{Numbers.Of(files.Count - i, "file")} not read: interrupted.");
                return;
            }
            FileOutcome outcome;
            try
            {
                using FilePacketSource source = files.Open(i, isStored);
                progress.Begin(source);
                // What is behind damage was not read, but belongs to the file as it is known to others.
                outcome = isStored && source.LengthBytes is long bytes
                    ? loop.Run(source, progress.Report, stop, counters =>
                        counters with { FileBytes = bytes, FileSha256 = source.Sha256 ?? CaptureHash.Of(source.Name) })
                    : loop.Run(source, progress.Report, stop);
            }
            catch (CaptureException failure)
            {
                // It was there when it was looked at.
                outcome = new FileOutcome(files.Path(i), 0, 0, failure.Message);
            }
            if (outcome.Failure is not null)
                surface.Say(outcome.Failure);
            outcomes.Add(outcome);
        }
    }
}
