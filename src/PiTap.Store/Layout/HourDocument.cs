using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>
/// All devices' minutes of one hour: one document. LiteDB writes whole pages of 8 KiB, which the hour of a household fits into, so that a
/// flush costs no more than with a document a
/// minute, and a replay of a long capture a sixtieth.
/// </summary>
internal sealed class HourDocument
{
    /// <summary>The most rows, beside those of <see cref="OtherDevices"/>: about 80 bytes each before they are columns.</summary>
    public const int MaxRows = 32_768;

    /// <summary>What the rows with the fewest bytes are counted as, minute by minute, beyond <see cref="MaxRows"/>.</summary>
    public const string OtherDevices = DeviceRecord.OtherDevices;

    /// <summary>When there is no room, this part of the rows gives way at once: looking for the least takes a look at all.</summary>
    private const int PartThatGoes = 4;

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
        if (_minutes.Count >= MaxRows && !_minutes.ContainsKey((delta.MinuteNs, delta.Device)))
            MakeRoom(MaxRows / PartThatGoes);
        ref MinuteRecord sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_minutes, (delta.MinuteNs, delta.Device), out bool isKnown);
        sum = isKnown ? sum.Plus(delta) : delta;
    }

    /// <summary>Rows that gave way to others since this was read, and are counted among <see cref="OtherDevices"/>.</summary>
    public long Folded { get; private set; }

    /// <summary>Makes a part of the rows others.</summary>
    public void Shrink() => MakeRoom((_minutes.Count + PartThatGoes - 1) / PartThatGoes);

    /// <summary>All of it goes.</summary>
    public void Clear() => _minutes.Clear();

    private void MakeRoom(int rows)
    {
        MinuteRecord[] inTurn =
        [
            .. _minutes.Values.Where(static record => record.Device != OtherDevices)
                .OrderBy(static record => record.BytesUp + record.BytesDown)
                .ThenBy(static record => record.MinuteNs).ThenBy(static record => record.Device, StringComparer.Ordinal)
                .Take(rows),
        ];
        foreach (MinuteRecord record in inTurn)
        {
            _minutes.Remove((record.MinuteNs, record.Device));
            MinuteRecord rest = record with { Device = OtherDevices };
            _minutes[(rest.MinuteNs, OtherDevices)] =
                _minutes.TryGetValue((rest.MinuteNs, OtherDevices), out MinuteRecord sum) ? sum.Plus(rest) : rest;
        }
        Folded += inTurn.Length;
    }

    /// <summary>Takes out the minutes of these devices. Returns how many that were.</summary>
    public int Remove(Predicate<string> isOne)
    {
        List<(long, string)> keys = [.. _minutes.Keys.Where(key => isOne(key.Device))];
        foreach ((long, string) key in keys)
            _minutes.Remove(key);
        return keys.Count;
    }

    /// <summary>The minutes are numbers within the hour there.</summary>
    public BsonDocument ToDocument(DocumentTable table) => DocumentSeal.Seal(new()
    {
        ["_id"] = HourNs,
        [Documents.Written] = WrittenNs,
        [DocumentTable.Field] = table.Encode<MinuteRecord, MinuteSchema>(
            Records.Select(record => record with { MinuteNs = (record.MinuteNs - HourNs) / PacketTime.NanosecondsPerMinute })),
    });

    /// <summary>Of this layout or the one before: a store that is only read is not brought up to date.</summary>
    public static HourDocument From(BsonDocument document)
    {
        HourDocument hour = Begin(DocumentSeal.Check(document));
        TableReader table = DocumentTable.Open<MinuteRecord, MinuteSchema>(document[DocumentTable.Field].AsBinary, hasKeys: true, out int rows);
        for (int i = 0; i < rows; i++)
            hour.AddNumbered(table.Read<MinuteRecord, MinuteSchema>());
        return hour;
    }

    /// <summary>The document's hour, yet without records.</summary>
    public static HourDocument Begin(BsonDocument document) => new() { HourNs = document.Long("_id"), WrittenNs = WrittenOf(document) };

    /// <summary>A record whose minute is a number within the hour.</summary>
    public void AddNumbered(MinuteRecord record)
    {
        if (record.MinuteNs is < 0 or >= 60)
            throw new InvalidDataException("An hour has no such minute.");
        Add(record with { MinuteNs = HourNs + record.MinuteNs * PacketTime.NanosecondsPerMinute });
    }

    public static long WrittenOf(BsonDocument document) => document.Long(Documents.Written);
}
