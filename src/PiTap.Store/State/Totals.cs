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
    /// <summary>Hours that are made smaller in one fold.</summary>
    private const int HoursAtOnce = 8;

    private readonly DocumentCache<string, DeviceContacts> _contacts;
    private readonly DocumentCache<string, StoredDevice> _devices;
    private readonly DocumentCache<long, HourDocument> _hours;
    private readonly KeptDevices _kept = new();
    private readonly KeptHours _keptHours = new();
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
            IsEmpty = static device => device.IsGone,
        };
        _hours = new DocumentCache<long, HourDocument>(Schema.Hours, MemoryBudget.HourBytes, static key => key,
            hour => hour.ToDocument(_hourTable), static document => (document["_id"].AsInt64, HourDocument.From(document)))
        {
            WeightOf = static hour => (long)hour.Count * RecordWeight.OfMinute,
            IsEmpty = static hour => hour.Count == 0,
        };
    }

    /// <summary>What gave way to others, and is counted among them from then on.</summary>
    public LeftOut LeftOut { get; private set; }

    /// <summary>How many contacts there are; may be asked from any thread.</summary>
    public long ContactCount => Volatile.Read(ref _contactCount);

    /// <summary>How many devices there are; may be asked from any thread.</summary>
    public long DeviceCount => Volatile.Read(ref _deviceCount);

    /// <summary>True if more is pending than the caches are meant for.</summary>
    public bool IsFoldDue => _contacts.IsOverfull || _devices.IsOverfull || _hours.IsOverfull;

    /// <summary>Every contact, unless there are more than the cache holds.</summary>
    public IEnumerable<ContactRecord>? Contacts => _contacts.All?.SelectMany(static contacts => contacts.Records);

    /// <summary>Documents that were found damaged and taken out.</summary>
    public int Damaged { get; private set; }

    /// <summary>The documents, and what the journal has on top of them: that is written with the next fold.</summary>
    public void Load(StoreEngine engine, long nowNs)
    {
        long contacts = 0;
        _kept.Clear();
        TakeOut(engine, Schema.Contacts, _contacts.Load(engine, device =>
        {
            contacts += device.Count;
            _kept.Note(device);
        }), nowNs);
        Volatile.Write(ref _contactCount, contacts);
        TakeOut(engine, Schema.Devices, _devices.Load(engine, device => _kept.Note(device.Record)), nowNs);
        _keptHours.Clear();
        TakeOut(engine, Schema.Hours, _hours.Load(engine, _keptHours.Note), nowNs);
        foreach ((TotalsPart part, long writtenNs) in Journal.ReadTotals(engine).Parts)
            Add(engine, part, writtenNs);
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    /// <summary>
    /// What is damaged would be in the way of what comes in under its identifier, and be replaced by it without a word: a note of each
    /// takes its place, which readers tell of.
    /// </summary>
    private void TakeOut(StoreEngine engine, string collection, List<BsonValue> damaged, long nowNs)
    {
        if (damaged.Count == 0)
            return;
        engine.Transact(() =>
        {
            engine.Delete(collection, damaged);
            engine.Insert(Schema.Damaged,
                damaged.Select(_ => new BsonDocument { [Schema.DamagedFrom] = collection, [Documents.Written] = nowNs }));
        });
        Damaged += damaged.Count;
    }

    public void Add(StoreEngine engine, TotalsPart part, long nowNs)
    {
        long contacts = _contactCount;
        foreach (ContactRecord delta in part.Contacts)
        {
            DeviceContacts known = ContactsOf(engine, Documents.WellFormed(delta.Device), delta);
            contacts -= known.Count;
            long folded = known.Folded;
            known.Add(delta, nowNs);
            LeftOut += new LeftOut(Totals: known.Folded - folded);
            contacts += known.Count;
            _kept.Note(known);
        }
        Volatile.Write(ref _contactCount, contacts);
        foreach (MinuteRecord delta in part.Minutes)
        {
            HourDocument hour = HourOf(engine, HourDocument.HourOf(delta.MinuteNs));
            long folded = hour.Folded;
            hour.Add(delta, nowNs);
            LeftOut += new LeftOut(Totals: hour.Folded - folded);
            _keptHours.Note(hour);
        }
        foreach (DeviceRecord state in part.Devices)
        {
            StoredDevice known = _devices.Change(engine, Documents.WellFormed(state.Id), _ => new StoredDevice(state, nowNs));
            known.Join(state, nowNs);
            _kept.Note(known.Record);
        }
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    /// <summary>What is taken away from a device that counts among others by now is taken away from these.</summary>
    private DeviceContacts ContactsOf(StoreEngine engine, string device, ContactRecord delta)
    {
        bool isAmongOthers = delta.Flows < 0 && !_kept.HasContacts(device) && _kept.HasContacts(DeviceRecord.OtherDevices);
        return _contacts.Change(
            engine, isAmongOthers ? DeviceRecord.OtherDevices : device, static key => new DeviceContacts(key));
    }

    /// <summary>Of more devices than the store keeps the least useful are counted as others.</summary>
    private void FoldDevices(StoreEngine engine)
    {
        List<string> gone = _kept.LeastUseful();
        if (gone.Count == 0)
            return;
        DeviceContacts otherContacts = _contacts.Change(engine, DeviceRecord.OtherDevices, static key => new DeviceContacts(key));
        (long contacts, long folded) = (_contactCount - otherContacts.Count, otherContacts.Folded);
        foreach (string device in gone)
        {
            if (_kept.HasContacts(device))
            {
                DeviceContacts moved = _contacts.Change(engine, device, static key => new DeviceContacts(key));
                contacts -= moved.Count;
                moved.MoveTo(otherContacts);
                _kept.Note(moved);
            }
            if (!_kept.HasRecord(device))
                continue;
            StoredDevice one = _devices.Change(
                engine, device, static key => throw new StoreDamagedException($"The device {key} is missing."));
            StoredDevice others = _devices.Change(engine, DeviceRecord.OtherDevices, key => new StoredDevice(
                new DeviceRecord { Id = key, FirstSeenNs = one.Record.FirstSeenNs, LastSeenNs = one.Record.LastSeenNs }, one.WrittenNs));
            one.MoveTo(others);
            _kept.ForgetRecord(device);
            _kept.Note(others.Record);
        }
        _kept.Note(otherContacts);
        LeftOut += new LeftOut(otherContacts.Folded - folded, gone.Count);
        Volatile.Write(ref _contactCount, contacts + otherContacts.Count);
    }

    /// <summary>Where all hours have too many rows, the fullest make those of the fewest bytes others; of too many hours some go.</summary>
    private void FoldHours(StoreEngine engine)
    {
        foreach (long gone in _keptHours.LeastUseful())
        {
            HourOf(engine, gone).Clear();
            _keptHours.Forget(gone);
            LeftOut += new LeftOut(Hours: 1);
        }
        // Few at a time, as each is in memory then; what is too much in an older store goes fold by fold.
        for (int i = 0; i < HoursAtOnce && _keptHours.Fullest is long fullest; i++)
        {
            HourDocument hour = HourOf(engine, fullest);
            long folded = hour.Folded;
            hour.Shrink();
            LeftOut += new LeftOut(Totals: hour.Folded - folded);
            _keptHours.Note(hour);
        }
    }

    private HourDocument HourOf(StoreEngine engine, long hourNs) =>
        _hours.Change(engine, hourNs, static key => new HourDocument { HourNs = key });

    /// <summary>Inside a transaction: writes the documents that changed.</summary>
    public void Flush(StoreEngine engine)
    {
        FoldDevices(engine);
        FoldHours(engine);
        _contacts.Flush(engine);
        _devices.Flush(engine);
        _hours.Flush(engine);
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    /// <summary>Right after a fold: takes old contacts out of these documents. Returns how many contacts that were.</summary>
    public int RemoveContacts(StoreEngine engine, IEnumerable<BsonDocument> documents, Predicate<long> isOld)
    {
        int removed = 0;
        foreach (BsonDocument document in documents)
        {
            if (DeviceContacts.From(document).Remove(isOld) == 0)
                continue;
            DeviceContacts known = _contacts.Change(engine, document["_id"].AsString, static key => new DeviceContacts(key));
            removed += known.Remove(isOld);
            _kept.Note(known);
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
        foreach (string key in keys)
            _kept.ForgetRecord(key);
        Volatile.Write(ref _deviceCount, _devices.Count);
    }

    /// <summary>Hours whose documents retention deleted.</summary>
    public void ForgetHours(IReadOnlyCollection<long> keys)
    {
        _hours.Forget(keys);
        foreach (long key in keys)
            _keptHours.Forget(key);
    }
}
