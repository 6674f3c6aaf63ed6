using System.CommandLine;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>The verbs that print one kind of record from a store.</summary>
internal static class RecordCommands
{
    private const string TableFormat = "table";
    private const string JsonLinesFormat = "jsonl";
    private const string CsvFormat = "csv";

    /// <summary>Records that are sorted in memory; of more, those that come first in their order are kept.</summary>
    private const int MaxSorted = 500_000;

    public static Command Flows(Surface surface) => Create(surface, RecordKinds.Flows);

    public static Command Contacts(Surface surface) => Create(surface, RecordKinds.Contacts);

    public static Command Parties(Surface surface) => Create(surface, RecordKinds.Parties);

    public static Command Devices(Surface surface) => Create(surface, RecordKinds.Devices);

    public static Command Names(Surface surface) => Create(surface, RecordKinds.Names);

    private static Command Create<T>(Surface surface, RecordKind<T> kind)
    {
        Option<string> db = CommonOptions.Db();
        Option<string> format = new("--format")
        {
            Description = "A table for people; one JSON object a line or CSV for programs.",
            HelpName = "table|jsonl|csv",
            DefaultValueFactory = static _ => TableFormat,
            CustomParser = static result =>
            {
                string text = CommonOptions.Single(result);
                if (text is not (TableFormat or JsonLinesFormat or CsvFormat))
                    result.AddError($"--format: '{text}' is none of table, jsonl and csv.");
                return text;
            },
        };
        QueryOptions<T> query = new(kind, surface.Clock);
        Command command = new(kind.Verb, kind.Description) { db, format };
        query.AddTo(command);
        command.SetAction(parsed =>
            Run(surface, kind, query, parsed, CommonOptions.StorePath(parsed, db), parsed.GetRequiredValue(format)));
        return command;
    }

    private static int Run<T>(Surface surface, RecordKind<T> kind, QueryOptions<T> options, ParseResult parsed, string db, string format)
    {
        using IStoreReader reader = StoreAccess.OpenReader(db);
        DeviceRecord[] devices = [.. Roster.Kept(reader.Devices(StoreQuery.All))];
        Roster roster = new(devices);
        RecordWish<T> wish = options.Read(parsed, format == TableFormat, roster, devices);
        LocalTraffic local = new(roster);
        Who who = new(db, wish.Profile);
        // A slip in its name is said before the head of a table.
        if (wish.Profile is not null)
            who.Load(surface);
        Func<IRecordWriter<T>> open = format switch
        {
            JsonLinesFormat => () => kind.JsonLines(surface.Stream),
            CsvFormat => () => kind.Csv(surface.Stream),
            _ => () => kind.Table(surface, roster, who.CountryName),
        };
        bool isEmpty;
        using (IRecordWriter<T> writer = open())
            isEmpty = !Write(writer, kind, wish, Ordered(Found(reader, kind, wish, who), wish, surface), local);
        if (format == TableFormat)
            WriteBelow(surface, kind, local, isEmpty, db, wish.Profile);
        if (isEmpty && wish.IsPart)
            surface.Say(NothingFound.Sentence(kind, wish, reader, roster, surface.Times, who));
        return DamagedParts.Say(surface, reader, db);
    }

    /// <summary>What the wish takes, the local network's own traffic included.</summary>
    private static IEnumerable<T> Found<T>(IStoreReader reader, RecordKind<T> kind, RecordWish<T> wish, Who who) =>
        wish.Devices is { Count: 0 } ? [] : All(reader, kind, wish, who).Where(record => wish.Takes(kind, record));

    private static IEnumerable<T> All<T>(IStoreReader reader, RecordKind<T> kind, RecordWish<T> wish, Who who) =>
        wish.Run is null || kind.OfRun is null
            ? kind.Read(reader, wish.Query, who.Attributor)
            : kind.OfRun(reader, reader.Flows(wish.Query).Where(flow => flow.Run == wish.Run), who.Attributor);

    /// <summary>The records in the order that is wished for; of too many the first of them, and a sentence that says so.</summary>
    internal static IEnumerable<T> Ordered<T>(IEnumerable<T> records, RecordWish<T> wish, Surface surface)
    {
        if (wish.Order is null)
            return records;
        List<T> sorted = [];
        bool isCut = false;
        foreach (T record in records)
        {
            sorted.Add(record);
            if (sorted.Count < 2 * MaxSorted)
                continue;
            Keep(sorted, wish.Order);
            isCut = true;
        }
        if (sorted.Count > MaxSorted)
            isCut = true;
        Keep(sorted, wish.Order);
        if (isCut)
            surface.Say($"Only the first {Numbers.Count(MaxSorted)} records in that order are printed: ask for a part, or without --sort.");
        return sorted;
    }

    private static void Keep<T>(List<T> records, Comparison<T> order)
    {
        // In a stable order, which List's own sort is not.
        List<T> ordered = [.. records.Order(Comparer<T>.Create(order)).Take(MaxSorted)];
        records.Clear();
        records.AddRange(ordered);
    }

    /// <summary>True if there was something, be it only in the local network's sum.</summary>
    private static bool Write<T>(
        IRecordWriter<T> writer, RecordKind<T> kind, RecordWish<T> wish, IEnumerable<T> records, LocalTraffic local)
    {
        int written = 0;
        bool hasLocal = false;
        foreach (T record in records)
        {
            if (!wish.IsAll && kind.IsLocal!(local, record))
            {
                kind.AddLocal!(local, record);
                hasLocal = true;
                continue;
            }
            // Once the limit is reached there may still be local traffic to add up, but only where it is added up.
            if (written == wish.Limit)
            {
                if (wish.IsAll)
                    break;
                continue;
            }
            writer.Write(record);
            written++;
        }
        return written > 0 || hasLocal;
    }

    private static void WriteBelow<T>(
        Surface surface, RecordKind<T> kind, LocalTraffic local, bool isEmpty, string db, string? profile)
    {
        if (local.Line(kind.Noun, "--all") is string line)
            surface.Paragraph(line);
        string option = (db == DefaultPaths.Database() ? "" : " --db " + CommandName.Quoted(db))
            + (profile is null ? "" : " --profile " + CommandName.Quoted(profile));
        if (kind.Legend is not null && !isEmpty)
            surface.Paragraph($"{kind.Legend} Why, flow by flow: 'pitap flows{option}'.");
        surface.Out.Flush();
    }
}
