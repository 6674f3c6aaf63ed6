using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// Contacts, minute totals and devices as the writer has them in memory. A flush goes into the journal; the documents are written when
/// that is folded, so that what changes twice a second costs one small piece twice a second.
/// </summary>
internal sealed class Totals
{
    private readonly DocumentCache<string, DeviceContacts> _contacts;
    private readonly DocumentCache<string, StoredDevice> _devices;
    private readonly DocumentCache<long, HourDocument> _hours;
    private readonly DocumentTable _contactTable = new(hasKeys: false);
    private readonly DocumentTable _hourTable = new(hasKeys: true);
    private long _contactCount;
    private long _deviceCount;

    public Totals()
    {
        _contacts = new DocumentCache<string, DeviceContacts>(Schema.Contacts, MemoryBudget.ContactBytes, static key => key,
            contacts => contacts.ToDocument(_contactTable), static document => (document["_id"].AsString, DeviceContacts.From(document)))
        {
            WeightOf = static contacts => contacts.HeldBytes,
            IsEmpty = static contacts => contacts.Count == 0,
        };
        _devices = new DocumentCache<string, StoredDevice>(Schema.Devices, MemoryBudget.DeviceBytes, static key => key,
            Documents.From, static document => (document["_id"].AsString, Documents.ToDevice(document)))
        {
            WeightOf = static device => RecordWeight.Of(device.Record),
        };
        _hours = new DocumentCache<long, HourDocument>(Schema.Hours, MemoryBudget.HourBytes, static key => key,
            hour => hour.ToDocument(_hourTable), static document => (document["_id"].AsInt64, HourDocument.From(document)))
        {
            WeightOf = static hour => (long)hour.Count * RecordWeight.OfMinute,
        };
    }

    /// <summary>Hosts and device-minutes that gave way to others, and are counted among them from then on.</summary>
    public long Folded { get; private set; }

    /// <summary>How many contacts there are; may be asked from any thread.</summary>
    public long ContactCount => Volatile.Read(ref _contactCount);

    /// <summary>How many devices there are; may be asked from any thread.</summary>
    public long DeviceCount => Volatile.Read(ref _deviceCount);

    /// <summary>True if more is pending than the caches are meant for.</summary>
    public bool IsFoldDue => _contacts.IsOverfull || _devices.IsOverfull || _hours.IsOverfull;

    /// <summary>Every contact, unless there are more than the cache holds.</summary>
    public IEnumerable<ContactRecord>? Contacts => _contacts.All?.SelectMany(static contacts => contacts.Records);

    /// <summary>The documents, and what the journal has on top of them: that is written with the next fold.</summary>
    public void Load(StoreEngine engine)
    {
        long contacts = 0;
        _contacts.Load(engine, device => contacts += device.Count);
        Volatile.Write(ref _contactCount, contacts);
        _devices.Load(engine);
        _hours.Load(engine);
        foreach ((TotalsPart part, long writtenNs) in Journal.ReadTotals(engine).Parts)
            Add(engine, part, writtenNs);
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    public void Add(StoreEngine engine, TotalsPart part, long nowNs)
    {
        long contacts = _contactCount;
        foreach (ContactRecord delta in part.Contacts)
        {
            DeviceContacts known = _contacts.Change(engine, Documents.WellFormed(delta.Device), static key => new DeviceContacts(key));
            contacts -= known.Count;
            long folded = known.Folded;
            known.Add(delta, nowNs);
            Folded += known.Folded - folded;
            contacts += known.Count;
        }
        Volatile.Write(ref _contactCount, contacts);
        foreach (MinuteRecord delta in part.Minutes)
        {
            long hourNs = HourDocument.HourOf(delta.MinuteNs);
            HourDocument hour = _hours.Change(engine, hourNs, static key => new HourDocument { HourNs = key });
            long folded = hour.Folded;
            hour.Add(delta, nowNs);
            Folded += hour.Folded - folded;
        }
        foreach (DeviceRecord state in part.Devices)
            _devices.Change(engine, Documents.WellFormed(state.Id), _ => new StoredDevice(state, nowNs)).Join(state, nowNs);
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    /// <summary>Inside a transaction: writes the documents that changed.</summary>
    public void Flush(StoreEngine engine)
    {
        _contacts.Flush(engine);
        _devices.Flush(engine);
        _hours.Flush(engine);
    }

    /// <summary>Right after a fold: takes old contacts out of these documents. Returns how many contacts that were.</summary>
    public int RemoveContacts(StoreEngine engine, IEnumerable<BsonDocument> documents, Predicate<long> isOld)
    {
        int removed = 0;
        foreach (BsonDocument document in documents)
        {
            if (DeviceContacts.From(document).Remove(isOld) == 0)
                continue;
            removed += _contacts.Change(engine, document["_id"].AsString, static key => new DeviceContacts(key)).Remove(isOld);
        }
        if (removed > 0)
            engine.Transact(() => _contacts.Flush(engine));
        Volatile.Write(ref _contactCount, _contactCount - removed);
        return removed;
    }

    /// <summary>Devices whose documents retention deleted.</summary>
    public void ForgetDevices(IReadOnlyCollection<string> keys)
    {
        _devices.Forget(keys);
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    /// <summary>Hours whose documents retention deleted.</summary>
    public void ForgetHours(IReadOnlyCollection<long> keys) => _hours.Forget(keys);
}
