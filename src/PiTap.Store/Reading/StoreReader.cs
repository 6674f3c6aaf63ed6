using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Opening;
using PiTap.Store.State;

namespace PiTap.Store.Reading;

/// <summary>Reads a store: beside its writer, or a file that nobody writes.</summary>
internal sealed class StoreReader(string path, Func<StoreState> current, StoreEngine? ownedEngine, StoreLock? held) : IStoreReader
{
    private static readonly Comparer<DeviceRecord> s_firstSeen = Comparer<DeviceRecord>.Create(static (a, b) =>
        a.FirstSeenNs == b.FirstSeenNs ? string.CompareOrdinal(a.Id, b.Id) : a.FirstSeenNs.CompareTo(b.FirstSeenNs));

    /// <summary>By collection: who reads one again meets the same damage.</summary>
    private readonly Dictionary<string, int> _damagedDocuments = [];

    private int _damagedBlocks;

    /// <summary>Called before each part that is read.</summary>
    public Action Reading { get; init; } = static () => { };

    public int DamagedBlocks => _damagedBlocks + _damagedDocuments.Values.Sum();

    public IEnumerable<FlowRecord> Flows(StoreQuery query)
    {
        StoreState state = current();
        return Rows(state.Engine, state.Flows, query, () => state.Journal.Read(state.Engine) is var read ? (read.Flows, read.Damaged) : default);
    }

    public IEnumerable<NameLookup> Lookups(StoreQuery query)
    {
        StoreState state = current();
        return Rows(state.Engine, state.Lookups, query, () => state.Journal.Read(state.Engine) is var read ? (read.Lookups, read.Damaged) : default);
    }

    /// <summary>By device, of each those with the most bytes first.</summary>
    public IEnumerable<ContactRecord> Contacts(StoreQuery query) => InParts(engine => TotalsReading.Contacts(engine, NoteContacts))
        .Where(contacts => QueryMatch.Device(query, contacts.Device))
        .SelectMany(contacts => contacts.Records
            .Where(c => QueryMatch.Time(query, c.FirstSeenNs, c.LastSeenNs) && QueryMatch.Host(query, c.Host))
            .OrderByDescending(static c => c.BytesUp + c.BytesDown)
            .ThenBy(static c => c.Host, StringComparer.Ordinal));

    /// <summary>Those that were seen first come first.</summary>
    public IEnumerable<DeviceRecord> Devices(StoreQuery query) => BoundedOrder.Of(
        () => InParts(engine => TotalsReading.Devices(engine, NoteDevices))
            .Where(d => QueryMatch.Time(query, d.FirstSeenNs, d.LastSeenNs) && QueryMatch.Device(query, d.Id)),
        s_firstSeen, RecordWeight.Of);

    public IEnumerable<MinuteRecord> Minutes(StoreQuery query)
    {
        foreach (HourDocument hour in InParts(engine => TotalsReading.Hours(engine, NoteHours)))
        {
            foreach (MinuteRecord record in hour.Records)
            {
                if (QueryMatch.Device(query, record.Device) && QueryMatch.Time(query, record.MinuteNs, record.MinuteNs + PacketTime.NanosecondsPerMinute - 1))
                    yield return record;
            }
        }
    }

    public IEnumerable<RunRecord> Runs() => Guard(() => current().Engine.All(Schema.Runs).Select(Documents.ToRun).ToList());

    public StoreInfo Info() => Guard(() =>
    {
        StoreState state = current();
        lock (state.Engine.Gate)
        {
            (StoredRow<FlowRecord>[] flows, StoredRow<NameLookup>[] lookups, _) = state.Journal.Read(state.Engine);
            int version = state.Engine.Find(Schema.Meta, Schema.MetaId)!.Int(Schema.VersionField);
            NoteContacts(TotalsReading.TakenOut(state.Engine, Schema.Contacts));
            NoteDevices(TotalsReading.TakenOut(state.Engine, Schema.Devices));
            long contacts = state.Totals?.ContactCount
                ?? TotalsReading.Contacts(state.Engine, NoteContacts).Sum(static part => part.Sum(static device => (long)device.Count));
            long devices = state.Totals?.DeviceCount
                ?? TotalsReading.Devices(state.Engine, NoteDevices).Sum(static part => (long)part.Length);
            return new StoreInfo(path, version, state.Engine.SizeBytes,
                state.Flows.TotalRows + flows.LongCount(static r => !r.Record.IsReduced),
                state.Lookups.TotalRows + lookups.LongLength,
                contacts, devices);
        }
    });

    public void Dispose()
    {
        if (ownedEngine is not null)
            StoreOpening.Close(ownedEngine);
        held?.Dispose();
    }

    /// <summary>Blocks and journal as they are together at the first step; the blocks' bytes stay readable to the last.</summary>
    private IEnumerable<T> Rows<T>(StoreEngine engine, BlockTable<T> table, StoreQuery query, Func<(StoredRow<T>[] Rows, int Damaged)> journal)
    {
        (List<BlockHead> heads, StoredRow<T>[] recent) = Guard(() =>
        {
            lock (engine.Gate)
            {
                (StoredRow<T>[] rows, int damaged) = journal();
                _damagedBlocks += damaged;
                return (table.Pin(engine, query), rows);
            }
        });
        try
        {
            BlockMerge<T> merge = new(table.Codec, Read, () => _damagedBlocks++);
            foreach (StoredRow<T> row in merge.Rows(heads, recent))
            {
                if (table.Codec.Matches(row.Record, query))
                    yield return row.Record;
            }
        }
        finally
        {
            table.Unpin(engine);
        }

        StoredRow<T>[]? Read(BlockHead head)
        {
            Reading();
            return Guard(() => table.TryRead(engine, head));
        }
    }

    private void NoteContacts(int damaged) => _damagedDocuments[Schema.Contacts] = damaged;

    private void NoteDevices(int damaged) => _damagedDocuments[Schema.Devices] = damaged;

    private void NoteHours(int damaged) => _damagedDocuments[Schema.Hours] = damaged;

    private IEnumerable<T> InParts<T>(Func<StoreEngine, IEnumerable<T[]>> read)
    {
        using IEnumerator<T[]> parts = Guard(() => read(current().Engine).GetEnumerator());
        while (true)
        {
            Reading();
            if (!Guard(parts.MoveNext))
                yield break;
            foreach (T record in parts.Current)
                yield return record;
        }
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not to be taken for the failure of whatever the answer is sent over.
            throw new StoreException($"The store {path} cannot be read: {error.Message}", error);
        }
        catch (Exception error) when (StoreDamagedException.Is(error))
        {
            throw new StoreException($"The store {path} cannot be read: it is damaged, or was closed while it was read. ({error.Message})", error);
        }
    }
}
