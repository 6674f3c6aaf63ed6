using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>Flow records in columns: about 40 bytes a flow after compression. Not for two threads at once: it keeps its buffers.</summary>
internal sealed class FlowBlock : IBlockCodec<FlowRecord>
{
    private readonly RowEncoder _rows = new();

    public RowKey KeyOf(in StoredRow<FlowRecord> row) => new(row.Record.StartNs, row.Run, row.Record.Sequence);

    public long EndOf(FlowRecord record) => record.EndNs;

    public bool IsFinal(FlowRecord record) => record.End != FlowEnd.Open;

    public int WeightOf(FlowRecord record) => RecordWeight.Of(record);

    public long SequenceOf(FlowRecord record) => record.Sequence;

    public bool IsForgotten(FlowRecord record) => record.IsReduced;

    public bool Matches(FlowRecord record, StoreQuery query) =>
        QueryMatch.Time(query, record.StartNs, record.EndNs) && QueryMatch.Device(query, record.Device) && QueryMatch.Host(query, record.Host);

    /// <summary>Requests say most, and one of them as much as many.</summary>
    public FlowRecord? Shorten(FlowRecord record) => record switch
    {
        { Http.Count: > 0 } => record with { Http = [.. record.Http.Take(record.Http.Count / 2)] },
        { HostAliases.Count: > 0 } => record with { HostAliases = [.. record.HostAliases.Take(record.HostAliases.Count / 2)] },
        { Tls.Count: > 0 } => record with { Tls = [.. record.Tls.Take(record.Tls.Count / 2)] },
        _ => null,
    };

    public byte[]? Encode(ReadOnlySpan<StoredRow<FlowRecord>> rows) => _rows.Encode<StoredRow<FlowRecord>, FlowSchema>(rows);

    public StoredRow<FlowRecord>[] Decode(ReadOnlySpan<byte> framed) => TableSource.Unwrap(framed).ReadFirst<StoredRow<FlowRecord>, FlowSchema>();
}
