using LiteDB;
using PiTap.Model;

namespace PiTap.Store;

/// <summary>All devices' totals of one minute: one document, so that a flush changes one or two of them however many devices there are.</summary>
internal sealed class MinuteDocument
{
    private const string Written = "written";
    private const string Totals = "totals";

    private readonly SortedDictionary<string, MinuteRecord> _devices = new(StringComparer.Ordinal);

    public required long MinuteNs { get; init; }

    /// <summary>Wall-clock time of the latest change.</summary>
    public long WrittenNs { get; set; }

    public IEnumerable<MinuteRecord> Records => _devices.Values;

    public void Add(MinuteRecord delta)
    {
        _devices[delta.Device] = _devices.TryGetValue(delta.Device, out MinuteRecord? sum)
            ? sum with
            {
                PacketsUp = sum.PacketsUp + delta.PacketsUp,
                PacketsDown = sum.PacketsDown + delta.PacketsDown,
                BytesUp = sum.BytesUp + delta.BytesUp,
                BytesDown = sum.BytesDown + delta.BytesDown,
            }
            : delta;
    }

    public BsonDocument ToDocument()
    {
        ColumnWriter writer = new();
        writer.UInt((uint)_devices.Count);
        foreach (MinuteRecord record in _devices.Values)
        {
            writer.Text(record.Device);
            writer.Int(record.PacketsUp);
            writer.Int(record.PacketsDown);
            writer.Int(record.BytesUp);
            writer.Int(record.BytesDown);
        }
        return new BsonDocument { ["_id"] = MinuteNs, [Written] = WrittenNs, [Totals] = writer.Written.ToArray() };
    }

    public static MinuteDocument From(BsonDocument document)
    {
        MinuteDocument minute = new() { MinuteNs = document["_id"].AsInt64, WrittenNs = WrittenOf(document) };
        ColumnReader reader = new(document[Totals].AsBinary);
        int count = reader.Count();
        for (int i = 0; i < count; i++)
        {
            string device = reader.Text();
            long packetsUp = reader.Int(), packetsDown = reader.Int(), bytesUp = reader.Int(), bytesDown = reader.Int();
            minute.Add(new MinuteRecord(minute.MinuteNs, device, packetsUp, packetsDown, bytesUp, bytesDown));
        }
        return minute;
    }

    public static long WrittenOf(BsonDocument document) => document[Written].AsInt64;
}
