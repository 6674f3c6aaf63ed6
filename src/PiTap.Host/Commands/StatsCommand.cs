using System.CommandLine;
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
            using IStoreReader reader = StoreAccess.OpenReader(CommonOptions.StorePath(parsed, db));
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
        surface.Paragraph($"{info.Path}: {ByteSize.Format(info.SizeBytes)}, {Numbers.Of(info.Flows, "flow")}, "
            + $"{Numbers.Of(info.Lookups, "name lookup")}, "
            + $"{Numbers.Of(info.Contacts, "contact")}, {Numbers.Of(info.Devices, "device")}.");
        surface.Out.WriteLine();
        Table table = new(surface,
        [
            new("Run", ColumnKind.Number) { InList = "run {0}" },
            new("Mode", Rank: 3),
            surface.Times.Column("Started", 2, "started {0}"),
            surface.Times.Column("Updated", 7, "updated {0}"),
            new("State", Rank: 4),
            new("Source", ColumnKind.Name) { IsTitle = true },
            new("Received", ColumnKind.Number, 1) { InList = "{0} received" },
            new("Kept", ColumnKind.Number, 5) { InList = "{0} kept" },
            new("Reduced", ColumnKind.Number, 9) { InList = "{0} reduced" },
            new("Filtered", ColumnKind.Number, 8) { InList = "{0} filtered" },
            new("Lost", ColumnKind.Number, 1) { InList = "{0} lost" },
        ]);
        foreach (RunRecord run in runs)
        {
            foreach (SourceCounters source in run.Sources.DefaultIfEmpty(new SourceCounters { Source = "" }))
                AddRow(surface, table, run, source);
        }
        table.End();
        foreach (RunRecord run in runs)
        {
            foreach (string line in LossText.Lines(run.Sources, run.Losses))
                surface.Paragraph($"Run {run.Run}: {line}");
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
            new("Run", ColumnKind.Number) { InList = "run {0}" },
            new("Rejected", ColumnKind.Number, 1) { InList = "{0} rejected" },
            new("Layer", Rank: 4),
            new("Status", Rank: 3),
            new("Why, in the first such packet") { IsTitle = true },
            new("Source", ColumnKind.Name, 2) { InList = "in {0}" },
            new("Packet", ColumnKind.Number, 5) { InList = "packet {0}" },
            surface.Times.Column("Time", 6),
        ]);
        foreach (RunRecord run in runs)
        {
            foreach (RejectRecord reject in run.Rejects)
            {
                table.Add(Numbers.Count(run.Run), Numbers.Count(reject.Packets), reject.Layer, reject.Status, RejectText.Sentence(reject),
                    reject.Source, Numbers.Count(reject.Packet), surface.Times.Cell(reject.TimeNs));
            }
        }
        table.End();
    }

    private static void AddRow(Surface surface, Table table, RunRecord run, SourceCounters source) => table.Add(
        Numbers.Count(run.Run),
        run.Mode,
        surface.Times.Cell(run.StartedNs),
        surface.Times.Cell(run.UpdatedNs),
        run.IsComplete ? "complete" : "open or broken off",
        source.Source,
        Numbers.CountCell(source.Received),
        Numbers.CountCell(source.Kept),
        Numbers.CountCell(source.Reduced),
        Numbers.CountCell(source.Filtered),
        Numbers.CountCell(LossText.Dropped(source)));
}
