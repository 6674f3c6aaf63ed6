using System.Text;
using LiteDB;
using PiTap.Model;

namespace PiTap.Store.Layout;

/// <summary>Records to documents and back, by hand: no reflection, and every time an Int64 of nanoseconds.</summary>
internal static class Documents
{
    /// <summary>Wall-clock time of the latest change, in documents of every kind that has one.</summary>
    public const string Written = "written";

    public static BsonDocument From(StoredDevice device)
    {
        DeviceRecord record = device.Record;
        return new BsonDocument
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
        };
    }

    public static StoredDevice ToDevice(BsonDocument document) => new(new DeviceRecord
    {
        Id = document["_id"].AsString,
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
        ["sources"] = new BsonArray(run.Sources.Select(From)),
        ["losses"] = new BsonArray(run.Losses.Select(static l => new BsonDocument { ["name"] = Text(l.Name), ["count"] = l.Count })),
        ["rejects"] = new BsonArray(run.Rejects.Select(From)),
    };

    public static RunRecord ToRun(BsonDocument document) => new()
    {
        Run = document["_id"].AsInt32,
        Mode = document["mode"].AsString,
        StartedNs = document["started"].AsInt64,
        UpdatedNs = document["updated"].AsInt64,
        IsComplete = document["isComplete"].AsBoolean,
        Version = document["version"].AsString,
        Sources = [.. document["sources"].AsArray.Select(static v => ToSource(v.AsDocument))],
        Losses = [.. document["losses"].AsArray.Select(static v => new LossCounter(v["name"].AsString, v["count"].AsInt64))],
        // Not there in documents of stores that were written before the field was.
        Rejects = document["rejects"].IsArray ? [.. document["rejects"].AsArray.Select(static v => ToReject(v.AsDocument))] : [],
    };

    private static BsonDocument From(RejectRecord reject) => new()
    {
        ["layer"] = Text(reject.Layer),
        ["status"] = Text(reject.Status),
        ["claim"] = Text(reject.Claim),
        ["offset"] = reject.Offset,
        ["required"] = reject.Required,
        ["available"] = reject.Available,
        ["bound"] = Text(reject.Bound),
        ["source"] = Text(reject.Source),
        ["packet"] = reject.Packet,
        ["time"] = reject.TimeNs,
        ["packets"] = reject.Packets,
    };

    private static RejectRecord ToReject(BsonDocument document) => new()
    {
        Layer = document["layer"].AsString,
        Status = document["status"].AsString,
        Claim = document["claim"].AsString,
        Offset = document["offset"].AsInt32,
        Required = document["required"].AsInt32,
        Available = document["available"].AsInt32,
        Bound = document["bound"].AsString,
        Source = document["source"].AsString,
        Packet = document["packet"].AsInt64,
        TimeNs = document["time"].AsInt64,
        Packets = document["packets"].AsInt64,
    };

    private static BsonDocument From(SourceCounters source) => new()
    {
        ["source"] = Text(source.Source),
        ["received"] = source.Received,
        ["droppedByKernel"] = source.DroppedByKernel,
        ["droppedByInterface"] = source.DroppedByInterface,
        ["droppedByRing"] = source.DroppedByRing,
        ["kept"] = source.Kept,
        ["reduced"] = source.Reduced,
        ["filtered"] = source.Filtered,
        ["bytesKept"] = source.BytesKept,
        ["bytesReduced"] = source.BytesReduced,
        ["bytesFiltered"] = source.BytesFiltered,
        ["interruptions"] = source.Interruptions,
        ["fileBytes"] = source.FileBytes is long bytes ? new BsonValue(bytes) : BsonValue.Null,
        ["fileSha256"] = Text(source.FileSha256),
    };

    private static SourceCounters ToSource(BsonDocument document) => new()
    {
        Source = document["source"].AsString,
        Received = document["received"].AsInt64,
        DroppedByKernel = document["droppedByKernel"].AsInt64,
        DroppedByInterface = document["droppedByInterface"].AsInt64,
        DroppedByRing = document["droppedByRing"].AsInt64,
        Kept = document["kept"].AsInt64,
        Reduced = document["reduced"].AsInt64,
        Filtered = document["filtered"].AsInt64,
        BytesKept = document["bytesKept"].AsInt64,
        BytesReduced = document["bytesReduced"].AsInt64,
        BytesFiltered = document["bytesFiltered"].AsInt64,
        Interruptions = document["interruptions"].AsInt64,
        // Not there in documents of stores that were written before the fields were.
        FileBytes = document["fileBytes"].IsNull ? null : document["fileBytes"].AsInt64,
        FileSha256 = TextOrNull(document["fileSha256"]),
    };

    /// <summary>LiteDB's encoder refuses a lone surrogate: a name that no well-behaved device sends must not stop the store.</summary>
    public static string WellFormed(string text) =>
        Ascii.IsValid(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static BsonValue Text(string? text) => text is null ? BsonValue.Null : new BsonValue(WellFormed(text));

    private static string? TextOrNull(BsonValue value) => value.IsNull ? null : value.AsString;
}
