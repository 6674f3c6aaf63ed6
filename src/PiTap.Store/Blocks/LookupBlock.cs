using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>Name lookups in columns. Not for two threads at once: it keeps its buffers.</summary>
internal sealed class LookupBlock : IBlockCodec<NameLookup>
{
    private readonly RowEncoder _rows = new();

    public RowKey KeyOf(in StoredRow<NameLookup> row) => new(row.Record.TimeNs, row.Run, row.Record.Sequence);

    public long EndOf(NameLookup record) => record.TimeNs;

    /// <summary>
    /// A lookup comes once (<see cref="RecordBatch.Lookups"/>): what is kept back for an answer is written again and again.
    /// </summary>
    public bool IsFinal(NameLookup record) => true;

    public int WeightOf(NameLookup record) => RecordWeight.Of(record);

    public long SequenceOf(NameLookup record) => record.Sequence;

    public bool IsForgotten(NameLookup record) => false;

    public bool Matches(NameLookup record, StoreQuery query) =>
        QueryMatch.Time(query, record.TimeNs, record.TimeNs) && QueryMatch.Device(query, record.Device) && QueryMatch.Host(query, record.Name);

    public NameLookup? Shorten(NameLookup record) =>
        record.Answers.Count == 0 ? null : record with { Answers = [.. record.Answers.Take(record.Answers.Count / 2)] };

    public byte[]? Encode(ReadOnlySpan<StoredRow<NameLookup>> rows) => _rows.Encode<StoredRow<NameLookup>, LookupSchema>(rows);

    public StoredRow<NameLookup>[] Decode(ReadOnlySpan<byte> framed) => TableSource.Unwrap(framed).ReadFirst<StoredRow<NameLookup>, LookupSchema>();
}
