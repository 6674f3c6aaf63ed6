using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Files;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// An open store as its writer sees it: the tables, the caches, and what one commit does. The writer's thread alone changes it.
/// </summary>
internal sealed class StoreState
{
    /// <summary>The mode of a run whose analysis must not wait; every other mode may.</summary>
    public const string LiveMode = "live";

    /// <summary>So many contacts are put in order together, however few are asked for.</summary>
    private const int MinTop = 1_024;

    private long _lastId;

    public StoreState(StoreEngine engine)
    {
        Engine = engine;
        Flows = new BlockTable<FlowRecord>(Schema.Flows, new FlowBlock());
        Lookups = new BlockTable<NameLookup>(Schema.Lookups, new LookupBlock());
        Journal = new Journal(Flows, Lookups);
    }

    public StoreEngine Engine { get; }

    public BlockTable<FlowRecord> Flows { get; }

    public BlockTable<NameLookup> Lookups { get; }

    public Journal Journal { get; }

    /// <summary>Null if the store is only read.</summary>
    public Totals? Totals { get; private set; }

    public bool IsFoldDue => Journal.IsFoldDue || (Totals!.IsFoldDue && Journal.IsWorthFolding);

    /// <summary>Reads what the writer keeps in memory, and with that every small collection: a damaged one shows here.</summary>
    public void Load(long nowNs)
    {
        LoadForReading();
        Journal.Load(Engine);
        _lastId = Math.Max(Math.Max(Flows.MaxId, Lookups.MaxId), Journal.MaxId);
        Totals = new Totals();
        Totals.Load(Engine, nowNs);
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
            int number = Math.Max(meta.Int(Schema.NextRunField), template.Run);
            meta[Schema.NextRunField] = number + 1;
            run = template with { Run = number };
            Engine.Upsert(Schema.Meta, [meta]);
            Engine.Upsert(Schema.Runs, [Documents.From(run)]);
        });
        return run;
    }

    /// <summary>
    /// One transaction: rows, totals and the run agree with each other whenever the store is opened again. What a replay brings goes where
    /// it belongs at once: its commits are few and large. So does the rest of a run that is complete.
    /// </summary>
    public void Commit(PendingRecords pending, RunRecord run, long lostOnTheWay, long nowNs)
    {
        pending.NoteLeftOut(Write(pending, run, lostOnTheWay, nowNs));
        pending.Clear();
    }

    /// <summary>
    /// The transaction of <see cref="Commit"/>, after which everything is still pending. Returns what had no place by itself, or not whole.
    /// </summary>
    public LeftOut Write(PendingRecords pending, RunRecord run, long lostOnTheWay, long nowNs)
    {
        LeftOut before = LeftOut, leftOut = default;
        Engine.Transact(() =>
        {
            List<StoredRow<FlowRecord>> flowStates = pending.Flows.Store(Engine, Flows, NextId, nowNs);
            List<StoredRow<NameLookup>> lookupStates = pending.Lookups.Store(Engine, Lookups, NextId, nowNs);
            bool isFold = run.IsComplete || run.Mode != LiveMode;
            Journal.Append(Engine, flowStates, lookupStates, isFold ? null : pending.Totals, NextId, nowNs);
            Totals!.Add(Engine, pending.Totals, nowNs);
            if (isFold)
                FoldInside(run.IsComplete ? null : run.Run, nowNs);
            leftOut = LeftOut - before;
            Engine.Upsert(Schema.Runs, [Documents.From(run with { Losses = pending.AllLosses(lostOnTheWay, leftOut) })]);
        });
        return leftOut;
    }

    /// <summary>
    /// Brings the journal into blocks and documents, all of it but open states of <paramref name="currentRun"/>. Returns what had no place
    /// by itself.
    /// </summary>
    public LeftOut Fold(int? currentRun, long nowNs)
    {
        LeftOut before = LeftOut;
        if (!Journal.IsEmpty)
            Engine.Transact(() => FoldInside(currentRun, nowNs));
        return LeftOut - before;
    }

    /// <summary>
    /// Gives up what the flushes brought since the latest fold, and what of it is in memory. Returns how many records that were, as far as
    /// they can be read.
    /// </summary>
    public long DropJournal(long nowNs)
    {
        (StoredRow<FlowRecord>[] flows, StoredRow<NameLookup>[] lookups, _) = Journal.Read(Engine);
        long records = flows.LongLength + lookups.LongLength;
        foreach ((TotalsPart part, _) in Journal.ReadTotals(Engine).Parts)
            records += part.Contacts.Count + part.Minutes.Count + part.Devices.Count;
        BsonValue[] documents = [.. Engine.All(Schema.Journal).Select(static document => document["_id"])];
        Engine.Transact(() => Engine.Delete(Schema.Journal, documents));
        Load(nowNs);
        return Math.Max(records, 1);
    }

    /// <summary>Those with the most bytes, most first.</summary>
    public List<ContactRecord> TopContacts(int count)
    {
        List<ContactRecord> top = [];
        // Of more than the caches hold there may be too many to have all of them in memory.
        foreach (ContactRecord contact in Totals!.Contacts ?? ReadContacts())
        {
            top.Add(contact);
            if (top.Count >= 2 * Math.Max(count, MinTop))
                top = First(top, count);
        }
        return First(top, count);
    }

    private IEnumerable<ContactRecord> ReadContacts() => TotalsReading.Contacts(Engine, static _ => { })
        .SelectMany(static part => part.SelectMany(static device => device.Records));

    private static List<ContactRecord> First(List<ContactRecord> contacts, int count) =>
    [
        .. contacts.OrderByDescending(static contact => contact.BytesUp + contact.BytesDown)
            .ThenBy(static contact => contact.Device, StringComparer.Ordinal)
            .ThenBy(static contact => contact.Host, StringComparer.Ordinal)
            .Take(count),
    ];

    private LeftOut LeftOut => Totals!.LeftOut + new LeftOut(Shortened: Flows.Shortened + Lookups.Shortened + Journal.Shortened);

    private long NextId() => ++_lastId;

    private void FoldInside(int? currentRun, long nowNs)
    {
        Totals!.Flush(Engine);
        Journal.Fold(Engine, currentRun, NextId, nowNs);
    }
}
