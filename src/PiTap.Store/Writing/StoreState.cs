using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LiteDB;
using PiTap.Model;

namespace PiTap.Store;

/// <summary>An open store as its writer sees it: the tables, the caches, and what one commit does. The writer's thread alone changes it.</summary>
internal sealed class StoreState
{
    private const int MaxCachedContacts = 65_536;
    private const int MaxCachedDevices = 4_096;
    private const int MaxCachedHours = 64;
    private const int MaxPlainKeyLength = 240;

    private readonly DocumentCache<string, StoredContact> _contacts = new(Schema.Contacts, MaxCachedContacts, static key => key,
        static (key, contact) => Documents.From(key, contact), static document => (document["_id"].AsString, Documents.ToContact(document)));

    private readonly DocumentCache<string, StoredDevice> _devices = new(Schema.Devices, MaxCachedDevices, static key => key,
        static (_, device) => Documents.From(device), static document => (document["_id"].AsString, Documents.ToDevice(document)));

    private readonly DocumentCache<long, HourDocument> _hours;
    private readonly ColumnWriter _hourBytes = new();

    private long _lastId;

    public StoreState(StoreEngine engine)
    {
        Engine = engine;
        _hours = new DocumentCache<long, HourDocument>(Schema.Hours, MaxCachedHours, static key => key,
            (_, hour) => hour.ToDocument(_hourBytes), static document => (document["_id"].AsInt64, HourDocument.From(document)));
        Flows = new BlockTable<FlowRecord>(Schema.Flows, new FlowBlock());
        Lookups = new BlockTable<NameLookup>(Schema.Lookups, new LookupBlock());
        Journal = new Journal(Flows, Lookups);
    }

    public StoreEngine Engine { get; }

    /// <summary>How many contacts there are; where the store is only read, they are counted.</summary>
    public long ContactCount => _contacts.Count ?? Engine.All(Schema.Contacts).LongCount();

    /// <summary>How many devices there are; where the store is only read, they are counted.</summary>
    public long DeviceCount => _devices.Count ?? Engine.All(Schema.Devices).LongCount();

    public BlockTable<FlowRecord> Flows { get; }

    public BlockTable<NameLookup> Lookups { get; }

    public Journal Journal { get; }

    /// <summary>Reads what the writer keeps in memory, and with that every small collection: a damaged one shows here.</summary>
    public void Load()
    {
        LoadForReading();
        Journal.Load(Engine);
        _lastId = Math.Max(Math.Max(Flows.MaxId, Lookups.MaxId), Journal.MaxId);
        _contacts.Load(Engine);
        _devices.Load(Engine);
        _hours.Load(Engine);
        foreach (BsonDocument run in Engine.All(Schema.Runs))
            _ = Documents.ToRun(run);
    }

    /// <summary>The heads of the blocks.</summary>
    public void LoadForReading()
    {
        Flows.Load(Engine);
        Lookups.Load(Engine);
    }

    /// <summary>The run with its number: the next one, or its own where it goes on in a fresh store.</summary>
    public RunRecord BeginRun(RunRecord template)
    {
        RunRecord run = template;
        Engine.Transact(() =>
        {
            BsonDocument meta = Engine.Find(Schema.Meta, Schema.MetaId) ?? throw new StoreDamagedException("The store has no version.");
            int number = Math.Max(meta[Schema.NextRunField].AsInt32, template.Run);
            meta[Schema.NextRunField] = number + 1;
            run = template with { Run = number };
            Engine.Upsert(Schema.Meta, [meta]);
            Engine.Upsert(Schema.Runs, [Documents.From(run)]);
        });
        return run;
    }

    /// <summary>One transaction: rows, totals and the run agree with each other whenever the store is opened again.</summary>
    public void Commit(PendingRecords pending, RunRecord run, long nowNs)
    {
        Engine.Transact(() =>
        {
            List<StoredRow<FlowRecord>> flowStates = pending.Flows.Store(Engine, Flows, NextId, nowNs);
            List<StoredRow<NameLookup>> lookupStates = pending.Lookups.Store(Engine, Lookups, NextId, nowNs);
            Journal.Append(Engine, flowStates, lookupStates, NextId);
            AddContacts(pending.Contacts, nowNs);
            AddMinutes(pending.Minutes, nowNs);
            JoinDevices(pending.Devices, nowNs);
            Engine.Upsert(Schema.Runs, [Documents.From(run)]);
        });
        pending.Clear();
    }

    /// <summary>Brings the journal into blocks, all of it but open states of <paramref name="currentRun"/>.</summary>
    public void Fold(int? currentRun, long nowNs)
    {
        if (!Journal.IsEmpty)
            Engine.Transact(() => Journal.Fold(Engine, currentRun, NextId, nowNs));
    }

    public void ForgetContacts(IEnumerable<string> keys) => _contacts.Forget(keys);

    public void ForgetDevices(IEnumerable<string> keys) => _devices.Forget(keys);

    public void ForgetHours(IEnumerable<long> keys) => _hours.Forget(keys);

    /// <summary>Those with the most bytes, most first.</summary>
    public List<ContactRecord> TopContacts(int count)
    {
        IEnumerable<ContactRecord> all = _contacts.All?.Select(static contact => contact.Record)
            ?? Engine.All(Schema.Contacts).Select(static document => Documents.ToContact(document).Record);
        return [.. all.OrderByDescending(static contact => contact.BytesUp + contact.BytesDown)
            .ThenBy(static contact => contact.Device, StringComparer.Ordinal)
            .ThenBy(static contact => contact.Host, StringComparer.Ordinal)
            .Take(count)];
    }

    private long NextId() => ++_lastId;

    private void AddContacts(IReadOnlyCollection<ContactRecord> deltas, long nowNs)
    {
        foreach (ContactRecord delta in deltas)
        {
            string key = ContactKey(delta.Device, delta.Host);
            StoredContact? stored = _contacts.Get(Engine, key);
            ContactRecord sum = stored is null ? delta : Merge.Add(stored.Record, delta);
            if (sum.Flows > 0)
                _contacts.Put(key, new StoredContact(sum, nowNs), stored is null);
            else if (stored is not null)
                _contacts.Remove(key);
        }
        _contacts.Flush(Engine);
    }

    private void AddMinutes(IReadOnlyCollection<MinuteRecord> deltas, long nowNs)
    {
        foreach (MinuteRecord delta in deltas)
        {
            long hourNs = HourDocument.HourOf(delta.MinuteNs);
            HourDocument? stored = _hours.Get(Engine, hourNs);
            HourDocument hour = stored ?? new HourDocument { HourNs = hourNs };
            hour.Add(delta);
            hour.WrittenNs = nowNs;
            _hours.Put(hourNs, hour, stored is null);
        }
        _hours.Flush(Engine);
    }

    private void JoinDevices(IReadOnlyCollection<DeviceRecord> states, long nowNs)
    {
        foreach (DeviceRecord state in states)
        {
            string key = Documents.WellFormed(state.Id);
            StoredDevice? stored = _devices.Get(Engine, key);
            DeviceRecord joined = stored is null ? state : Merge.Join(stored.Record, state);
            _devices.Put(key, new StoredDevice(joined, nowNs), stored is null);
        }
        _devices.Flush(Engine);
    }

    /// <summary>Device and host; with a digest where they are longer than LiteDB's index takes, or not plain.</summary>
    private static string ContactKey(string device, string host)
    {
        string key = device + "|" + host;
        return key.Length <= MaxPlainKeyLength && Ascii.IsValid(key)
            ? key
            : string.Concat(Documents.WellFormed(key[..Math.Min(key.Length, MaxPlainKeyLength / 2)]), "#", Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()))));
    }
}
