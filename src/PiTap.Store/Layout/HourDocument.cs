using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Layout;

/// <summary>
/// All devices' minutes of one hour: one document. LiteDB writes whole pages of 8 KiB, which the hour of a household fits into, so that a
/// flush costs no more than with a document a
/// minute, and a replay of a long capture a sixtieth.
/// </summary>
internal sealed class HourDocument
{
    private const string Totals = "totals";

    private readonly Dictionary<(long MinuteNs, string Device), MinuteRecord> _minutes = [];

    public required long HourNs { get; init; }

    /// <summary>Wall-clock time of the latest change.</summary>
    public long WrittenNs { get; private set; }

    public int Count => _minutes.Count;

    /// <summary>By time, then by device.</summary>
    public IEnumerable<MinuteRecord> Records =>
        _minutes.Values.OrderBy(static record => record.MinuteNs).ThenBy(static record => record.Device, StringComparer.Ordinal);

    /// <summary>The start of the hour that a minute belongs to, for times before the epoch too.</summary>
    public static long HourOf(long minuteNs)
    {
        const long hourNs = 60 * PacketTime.NanosecondsPerMinute;
        long rest = minuteNs % hourNs;
        return minuteNs - (rest < 0 ? rest + hourNs : rest);
    }

    public void Add(MinuteRecord delta, long writtenNs)
    {
        WrittenNs = Math.Max(WrittenNs, writtenNs);
        Add(delta);
    }

    public void Add(MinuteRecord delta)
    {
        ref MinuteRecord sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_minutes, (delta.MinuteNs, delta.Device), out bool isKnown);
        sum = isKnown ? Merge.Add(sum, delta) : delta;
    }

    /// <summary>Takes out the minutes of these devices. Returns how many that were.</summary>
    public int Remove(Predicate<string> isOne)
    {
        List<(long, string)> keys = [.. _minutes.Keys.Where(key => isOne(key.Device))];
        foreach ((long, string) key in keys)
            _minutes.Remove(key);
        return keys.Count;
    }

    public BsonDocument ToDocument(ColumnWriter writer)
    {
        writer.Clear();
        List<string> devices = [.. _minutes.Keys.Select(static key => key.Device).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        writer.UInt((uint)devices.Count);
        foreach (string device in devices)
            writer.Text(device);
        writer.UInt((uint)_minutes.Count);
        foreach (MinuteRecord record in Records)
        {
            writer.UInt((ulong)((record.MinuteNs - HourNs) / PacketTime.NanosecondsPerMinute));
            writer.UInt((uint)devices.BinarySearch(record.Device, StringComparer.Ordinal));
            writer.Int(record.PacketsUp);
            writer.Int(record.PacketsDown);
            writer.Int(record.BytesUp);
            writer.Int(record.BytesDown);
        }
        return new BsonDocument { ["_id"] = HourNs, [Documents.Written] = WrittenNs, [Totals] = writer.Written.ToArray() };
    }

    public static HourDocument From(BsonDocument document)
    {
        HourDocument hour = new() { HourNs = document["_id"].AsInt64, WrittenNs = WrittenOf(document) };
        ColumnReader reader = new(document[Totals].AsBinary);
        string[] devices = new string[reader.Count()];
        for (int i = 0; i < devices.Length; i++)
            devices[i] = reader.Text();
        int count = reader.Count();
        for (int i = 0; i < count; i++)
        {
            ulong minute = reader.UInt();
            ulong device = reader.UInt();
            if (minute >= 60 || device >= (uint)devices.Length)
                throw new InvalidDataException("An hour's totals do not hold together.");
            long packetsUp = reader.Int(), packetsDown = reader.Int(), bytesUp = reader.Int(), bytesDown = reader.Int();
            hour.Add(new MinuteRecord(hour.HourNs + (long)minute * PacketTime.NanosecondsPerMinute, devices[device], packetsUp, packetsDown, bytesUp, bytesDown));
        }
        return hour;
    }

    public static long WrittenOf(BsonDocument document) => document[Documents.Written].AsInt64;
}
