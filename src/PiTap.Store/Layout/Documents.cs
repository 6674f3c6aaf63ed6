using System.Text;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>Records to documents and back, by hand: no reflection, and every time an Int64 of nanoseconds.</summary>
internal static class Documents
{
    /// <summary>Wall-clock time of the latest change, in documents of every kind that has one.</summary>
    public const string Written = "written";

    public static BsonDocument From(StoredDevice device)
    {
        DeviceRecord record = device.Record;
        return DocumentSeal.Seal(new BsonDocument
        {
            ["_id"] = Text(record.Id),
            ["isMacRandomised"] = record.IsMacRandomised,
            ["dhcpName"] = Text(record.DhcpName),
            ["dhcpVendorClass"] = Text(record.DhcpVendorClass),
            ["dhcpParameters"] = new BsonArray(record.DhcpParameters.Select(static p => new BsonValue(p))),
            ["mdnsName"] = Text(record.MdnsName),
            ["netBiosName"] = Text(record.NetBiosName),
            ["addresses"] = new BsonArray(record.Addresses.Select(static a => new BsonValue(a.ToString()))),
            ["first"] = record.FirstSeenNs,
            ["last"] = record.LastSeenNs,
            [Written] = device.WrittenNs,
        });
    }

    public static StoredDevice ToDevice(BsonDocument document) => new(new DeviceRecord
    {
        Id = DocumentSeal.Check(document).Text("_id"),
        IsMacRandomised = document["isMacRandomised"].AsBoolean,
        DhcpName = TextOrNull(document["dhcpName"]),
        DhcpVendorClass = TextOrNull(document["dhcpVendorClass"]),
        DhcpParameters = [.. document["dhcpParameters"].AsArray.Select(static v => v.AsInt32)],
        MdnsName = TextOrNull(document["mdnsName"]),
        // Not there in documents of stores that were written before the field was.
        NetBiosName = TextOrNull(document["netBiosName"]),
        Addresses = [.. document["addresses"].AsArray.Select(static v => IpAddress.TryParse(v.AsString, out IpAddress a) ? a : default)],
        FirstSeenNs = document["first"].AsInt64,
        LastSeenNs = document["last"].AsInt64,
    }, document[Written].AsInt64);

    public static BsonDocument From(RunRecord run) => new()
    {
        ["_id"] = run.Run,
        ["mode"] = Text(run.Mode),
        ["started"] = run.StartedNs,
        ["updated"] = run.UpdatedNs,
        ["isComplete"] = run.IsComplete,
        ["version"] = Text(run.Version),
        ["sources"] = new BsonArray(run.Sources.Select(static source => DocumentOf(fields => RecordFields.Visit(fields, source)))),
        ["losses"] = new BsonArray(run.Losses.Select(static l => new BsonDocument { ["name"] = Text(l.Name), ["count"] = l.Count })),
        ["rejects"] = new BsonArray(run.Rejects.Select(static reject => DocumentOf(fields => RecordFields.Visit(fields, reject)))),
    };

    public static RunRecord ToRun(BsonDocument document) => new()
    {
        Run = document.Int("_id"),
        Mode = document.Text("mode"),
        StartedNs = document.Long("started"),
        UpdatedNs = document.Long("updated"),
        IsComplete = document.Flag("isComplete"),
        Version = document.Text("version"),
        Sources = [.. document.Documents("sources").Select(static v => RecordFields.Visit(new Reader(v), RecordFields.BlankSource))],
        Losses = [.. document.Documents("losses").Select(static v => new LossCounter(v.Text("name"), v.Long("count")))],
        // Not there in documents of stores that were written before the field was.
        Rejects = document["rejects"].IsArray
            ? [.. document.Documents("rejects").Select(static v => RecordFields.Visit(new Reader(v), RecordFields.BlankReject))]
            : [],
    };

    /// <summary>LiteDB's encoder refuses a lone surrogate: a name that no well-behaved device sends must not stop the store.</summary>
    public static string WellFormed(string text) =>
        Ascii.IsValid(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static BsonValue Text(string? text) => text is null ? BsonValue.Null : new BsonValue(WellFormed(text));

    private static string? TextOrNull(BsonValue value) => value.IsNull ? null : value.AsString;

    private static BsonDocument DocumentOf(Action<Writer> visit)
    {
        BsonDocument document = [];
        visit(new Writer(document));
        return document;
    }

    private readonly struct Writer(BsonDocument document) : IFields
    {
        public string Text(string name, string value)
        {
            document[name] = Documents.Text(value);
            return value;
        }

        public string? TextOrNull(string name, string? value)
        {
            document[name] = Documents.Text(value);
            return value;
        }

        public long Number(string name, long value)
        {
            document[name] = value;
            return value;
        }

        public long Time(string name, long value) => Number(name, value);
    }

    /// <summary>What is not there is as given: a field that is newer than the document.</summary>
    private readonly struct Reader(BsonDocument document) : IFields
    {
        public string Text(string name, string value) => document.ContainsKey(name) ? document.Text(name) : value;

        public string? TextOrNull(string name, string? value) =>
            document.ContainsKey(name) ? document.TextOrNull(name) : value;

        public long Number(string name, long value) => document.ContainsKey(name) ? document.Long(name) : value;

        public long Time(string name, long value) => Number(name, value);
    }
}
