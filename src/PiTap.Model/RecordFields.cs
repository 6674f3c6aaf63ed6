namespace PiTap.Model;

/// <summary>
/// The fields of a record by name, one call for each. Writing takes the value and returns it; reading returns what is stored, and the value
/// given if there is none. So one expression says how a record goes both ways.
/// </summary>
public interface IFields
{
    /// <summary>A text.</summary>
    string Text(string name, string value);

    /// <summary>A text, or null if it is not known.</summary>
    string? TextOrNull(string name, string? value);

    /// <summary>A number.</summary>
    long Number(string name, long value);

    /// <summary>A time, nanoseconds since the Unix epoch.</summary>
    long Time(string name, long value);
}

/// <summary>The fields of those records of a run that are stored, shown and exported field by field.</summary>
public static class RecordFields
{
    /// <summary>Counters that are all zero.</summary>
    public static SourceCounters BlankSource { get; } = new() { Source = "" };

    /// <summary>A reason without anything.</summary>
    public static RejectRecord BlankReject { get; } = new() { Layer = "", Status = "", Claim = "", Bound = "", Source = "" };

    /// <summary>The counters of a source, field by field.</summary>
    public static SourceCounters Visit<TFields>(TFields fields, SourceCounters source)
        where TFields : IFields
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SourceCounters
        {
            Source = fields.Text("source", source.Source),
            Received = fields.Number("received", source.Received),
            Kept = fields.Number("kept", source.Kept),
            Reduced = fields.Number("reduced", source.Reduced),
            Filtered = fields.Number("filtered", source.Filtered),
            DroppedByKernel = fields.Number("droppedByKernel", source.DroppedByKernel),
            DroppedByInterface = fields.Number("droppedByInterface", source.DroppedByInterface),
            DroppedByRing = fields.Number("droppedByRing", source.DroppedByRing),
            BytesKept = fields.Number("bytesKept", source.BytesKept),
            BytesReduced = fields.Number("bytesReduced", source.BytesReduced),
            BytesFiltered = fields.Number("bytesFiltered", source.BytesFiltered),
            Interruptions = fields.Number("interruptions", source.Interruptions),
            FileBytes = fields.Number("fileBytes", source.FileBytes),
            FileSha256 = fields.TextOrNull("fileSha256", source.FileSha256),
        };
    }

    /// <summary>A reason for rejects, field by field.</summary>
    public static RejectRecord Visit<TFields>(TFields fields, RejectRecord reject)
        where TFields : IFields
    {
        ArgumentNullException.ThrowIfNull(reject);
        return new RejectRecord
        {
            Layer = fields.Text("layer", reject.Layer),
            Status = fields.Text("status", reject.Status),
            Claim = fields.Text("claim", reject.Claim),
            Offset = (int)fields.Number("offset", reject.Offset),
            Required = (int)fields.Number("required", reject.Required),
            Available = (int)fields.Number("available", reject.Available),
            Bound = fields.Text("bound", reject.Bound),
            Source = fields.Text("source", reject.Source),
            Packet = fields.Number("packet", reject.Packet),
            TimeNs = fields.Time("time", reject.TimeNs),
            Packets = fields.Number("packets", reject.Packets),
        };
    }
}
