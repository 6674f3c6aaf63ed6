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

    public static Command Flows(Surface surface) => Create(surface, "flows", "Print the flows: who talked to whom, and what could be read.",
        static (reader, query) => reader.Flows(query), RecordTables.Flows, JsonLines.Flows, Csv.Flows);

    public static Command Contacts(Surface surface) => Create(surface, "contacts", "Print the hosts that each device talked to, rolled up.",
        static (reader, query) => reader.Contacts(query), RecordTables.Contacts, JsonLines.Contacts, Csv.Contacts);

    public static Command Devices(Surface surface) => Create(surface, "devices", "Print the devices seen.",
        static (reader, query) => reader.Devices(query), RecordTables.Devices, JsonLines.Devices, Csv.Devices);

    public static Command Names(Surface surface) => Create(surface, "names", "Print the names that were looked up, with their answers.",
        static (reader, query) => reader.Lookups(query), RecordTables.Names, JsonLines.Names, Csv.Names);

    private static Command Create<T>(
        Surface surface,
        string name,
        string description,
        Func<IStoreReader, StoreQuery, IEnumerable<T>> read,
        Func<Surface, IRecordWriter<T>> table,
        Func<Stream, IRecordWriter<T>> jsonLines,
        Func<Stream, IRecordWriter<T>> csv)
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
        QueryOptions query = new(surface.Clock);
        Command command = new(name, description) { db, format };
        query.AddTo(command);
        command.SetAction(parsed =>
        {
            using IStoreReader reader = StoreAccess.OpenReader(parsed.GetRequiredValue(db));
            Func<IRecordWriter<T>> open = parsed.GetRequiredValue(format) switch
            {
                JsonLinesFormat => () => jsonLines(surface.Stream),
                CsvFormat => () => csv(surface.Stream),
                _ => () => table(surface),
            };
            using (IRecordWriter<T> writer = open())
            {
                foreach (T record in read(reader, query.Read(parsed)))
                    writer.Write(record);
            }
            if (reader.DamagedBlocks == 0)
                return ExitCode.Ok;
            surface.Say($"{reader.DamagedBlocks} damaged parts of the store {parsed.GetRequiredValue(db)} were left out: records are missing above.");
            return ExitCode.Failed;
        });
        return command;
    }
}

/// <summary>The options that say which part of a store is wanted.</summary>
internal sealed class QueryOptions(TimeProvider clock)
{
    private readonly Option<string?> _device = new("--device")
    {
        Description = "Only this device, by its identifier (see 'pitap devices').",
        HelpName = "ID",
        CustomParser = static result => DeviceText.Id(CommonOptions.NotEmpty(result, CommonOptions.Single(result))),
    };

    private readonly Option<string?> _host = new("--host")
    {
        Description = "Only this host name and names below it.",
        HelpName = "SUFFIX",
        CustomParser = static result =>
            CommonOptions.NotEmpty(result, CommonOptions.Single(result).TrimStart('*').Trim('.'))?.ToLowerInvariant(),
    };

    private readonly Option<long?> _since = CommonOptions.Moment("--since",
        "Only what ended at or after this time: 2021-02-12T17:00:00Z, or 2h for two hours ago.", clock);

    private readonly Option<long?> _until = CommonOptions.Moment("--until", "Only what began before this time.", clock);

    public void AddTo(Command command)
    {
        command.Add(_device);
        command.Add(_host);
        command.Add(_since);
        command.Add(_until);
    }

    public StoreQuery Read(ParseResult parsed) =>
        new(parsed.GetValue(_since), parsed.GetValue(_until), parsed.GetValue(_device), parsed.GetValue(_host));
}
