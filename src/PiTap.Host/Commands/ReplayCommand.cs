using System.CommandLine;
using PiTap.Analysis;
using PiTap.Capture;
using PiTap.Capture.Files;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Replay;
using PiTap.Store;

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
        Option<string> db = CommonOptions.Db();
        Option<FlowTimeout?> flowTimeout = CommonOptions.FlowTimeoutOption();
        Option<ClientFilter?> clients = CommonOptions.Clients();
        Option<string[]> ignore = CommonOptions.Ignore();
        Option<bool> json = CommonOptions.Json();
        Command command = new("replay", "Read capture files into the store, on top of what it holds, and say what was found.")
        {
            files, db, flowTimeout, clients, ignore, json,
        };
        command.SetAction(parsed => Run(
            surface,
            parsed.GetRequiredValue(files),
            parsed.GetRequiredValue(db),
            AnalysisSetup.Options(parsed.GetValue(flowTimeout), parsed.GetValue(clients), parsed.GetValue(ignore)),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(Surface surface, string[] paths, string db, AnalysisOptions options, bool isJson)
    {
        using CaptureFiles? files = CaptureFiles.Check(paths, surface.Say);
        if (files is null)
            return ExitCode.Failed;
        // What somebody replays by hand is theirs to delete: no retention.
        StoreOptions storeOptions = new() { Path = db, RetainDays = null, MaxSizeBytes = null, Notice = surface.Say };
        using RecordStore store = RecordStore.Open(storeOptions, surface.Clock);
        foreach (string sentence in store.OpenReport.Sentences)
            surface.Say(sentence);
        int run = store.BeginRun(Mode, ProgramVersion.Text);
        Pipeline pipeline = new(options);
        using StopSignal stop = new();
        List<FileOutcome> outcomes = [];
        ReplayLoop loop = new(pipeline, store);
        ReplayProgress.Run(surface, files.TotalBytes, report => ReadAll(files, loop, outcomes, report, surface, stop.Token));
        store.Write(pipeline.Finish());
        bool isWhole = outcomes.Count == paths.Length && outcomes.TrueForAll(static outcome => outcome.Failure is null);
        store.CompleteRun();

        ReplaySummary summary = ReplaySummary.Read(store, run, outcomes);
        if (isJson)
            summary.WriteJson(surface);
        else
            summary.WriteText(surface);
        return isWhole ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void ReadAll(
        CaptureFiles files, ReplayLoop loop, List<FileOutcome> outcomes, IReplayProgress progress, Surface surface, CancellationToken stop)
    {
        for (int i = 0; i < files.Count && !stop.IsCancellationRequested; i++)
        {
            FileOutcome outcome;
            try
            {
                using FilePacketSource source = files.Open(i);
                progress.Begin(source);
                outcome = loop.Run(source, progress.Report, stop);
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
