using System.CommandLine;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>`pitap stats`: what a store holds, what each run received, and what it lost.</summary>
internal static class StatsCommand
{
    public static Command Create(Surface surface)
    {
        Option<string> db = CommonOptions.Db();
        Option<bool> json = CommonOptions.Json();
        Option<bool> rejects = new("--rejects") { Description = "Also say why packets were rejected: the first one of each kind in a run." };
        Command command = new("stats", "Say what the store holds, what each run received, and what was lost.") { db, json, rejects };
        command.SetAction(parsed =>
        {
            using IStoreReader reader = StoreAccess.OpenReader(parsed.GetRequiredValue(db));
            StoreInfo info = reader.Info();
            RunRecord[] runs = [.. reader.Runs()];
            if (parsed.GetValue(json))
                WriteJson(surface, info, runs, parsed.GetValue(rejects));
            else
                WriteText(surface, info, runs, parsed.GetValue(rejects));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void WriteJson(Surface surface, StoreInfo info, RunRecord[] runs, bool withRejects) => RunJson.Print(surface, json =>
    {
        RunJson.WriteStore(json, info);
        json.WriteStartArray("runs");
        foreach (RunRecord run in runs)
        {
            json.WriteStartObject();
            RunJson.WriteRun(json, run);
            if (withRejects)
                RunJson.WriteRejects(json, run);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void WriteText(Surface surface, StoreInfo info, RunRecord[] runs, bool withRejects)
    {
        surface.Out.WriteLine(TerminalText.Clean(
            $"{info.Path}: {ByteSize.Format(info.SizeBytes)}, {RecordTables.Count(info.Flows)} flows, {RecordTables.Count(info.Lookups)} name lookups, "
            + $"{RecordTables.Count(info.Contacts)} contacts, {RecordTables.Count(info.Devices)} devices."));
        surface.Out.WriteLine();
        Table table = new(surface,
        [
            new("Run", true), new("Mode"), new("Started"), new("Updated"), new("State"), new("Source"), new("Received", true),
            new("Kept", true),
            new("Reduced", true), new("Filtered", true), new("Lost", true),
        ]);
        foreach (RunRecord run in runs)
        {
            foreach (SourceCounters source in run.Sources.DefaultIfEmpty(new SourceCounters { Source = "" }))
                AddRow(table, run, source);
        }
        table.End();
        foreach (RunRecord run in runs)
        {
            foreach (string line in LossText.Lines(run.Sources, run.Losses))
                surface.Out.WriteLine(TerminalText.Clean($"Run {run.Run}: {line}"));
        }
        if (withRejects)
            WriteRejects(surface, runs);
        surface.Out.Flush();
    }

    private static void WriteRejects(Surface surface, RunRecord[] runs)
    {
        surface.Out.WriteLine();
        if (Array.TrueForAll(runs, static run => run.Rejects.Count == 0))
        {
            surface.Out.WriteLine("No packet was rejected.");
            return;
        }
        Table table = new(surface,
        [
            new("Run", true), new("Rejected", true), new("Layer"), new("Status"), new("Why, in the first such packet"), new("Source"),
            new("Packet", true), new("Time"),
        ]);
        foreach (RunRecord run in runs)
        {
            foreach (RejectRecord reject in run.Rejects)
            {
                table.Add(RecordTables.Count(run.Run), RecordTables.Count(reject.Packets), reject.Layer, reject.Status, RejectText.Sentence(reject),
                    reject.Source, RecordTables.Count(reject.Packet), RecordTables.Time(reject.TimeNs));
            }
        }
        table.End();
    }

    private static void AddRow(Table table, RunRecord run, SourceCounters source) => table.Add(
        RecordTables.Count(run.Run),
        run.Mode,
        RecordTables.Time(run.StartedNs),
        RecordTables.Time(run.UpdatedNs),
        run.IsComplete ? "complete" : "open or broken off",
        source.Source,
        RecordTables.Count(source.Received),
        RecordTables.Count(source.Kept),
        RecordTables.Count(source.Reduced),
        RecordTables.Count(source.Filtered),
        RecordTables.Count(LossText.Dropped(source)));
}
