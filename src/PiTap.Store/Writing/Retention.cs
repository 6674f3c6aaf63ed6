using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Layout;
using PiTap.Store.Opening;
using PiTap.Store.State;

namespace PiTap.Store.Writing;

/// <summary>What retention deleted, since the store was opened.</summary>
/// <param name="Flows">Flow records, with the states of one that are stored twice.</param>
/// <param name="Lookups">Name lookups.</param>
/// <param name="Contacts">Contacts.</param>
/// <param name="Devices">Devices.</param>
/// <param name="Hours">Hours of minute totals, for all devices.</param>
/// <param name="SetAsideFiles">Files that were set aside as damaged.</param>
public sealed record RemovedRecords(
    long Flows = 0, long Lookups = 0, long Contacts = 0, long Devices = 0, long Hours = 0, long SetAsideFiles = 0);

/// <summary>
/// Deletes what is too old or too much. Age is counted from when a record was stored, not from its packets: a capture of last year
/// that is replayed today is new here, and packet times of the future keep nothing alive. What was set aside as damaged is records, too.
/// </summary>
internal sealed class Retention
{
    /// <summary>How long between two passes, and after how many new bytes there is one all the same.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    // A board without a clock battery starts in 1970: what was stored then has no age.
    private const long FirstCredibleNs = 1_577_836_800L * PacketTime.NanosecondsPerSecond;
    // Each of about 1 MiB (StoreEngine.EachPage).
    private const int PagesAPass = 16;
    private const int BlocksAtOnce = 64;
    private const double FillAfterDeleting = 0.9;
    private static readonly TimeSpan s_credibleJump = TimeSpan.FromDays(1);

    private readonly int? _retainDays;
    private readonly long? _maxSizeBytes;
    private readonly TimeProvider _clock;
    private readonly string _path;
    private DateTimeOffset _baseTime;
    private long _baseStamp;
    private long? _lastPass;
    private BsonValue? _nextContact;
    private BsonValue? _nextDevice;
    private BsonValue? _nextHour;

    public Retention(string path, int? retainDays, long? maxSizeBytes, TimeProvider clock)
    {
        _path = path;
        _retainDays = retainDays;
        _maxSizeBytes = maxSizeBytes;
        _clock = clock;
        _baseTime = clock.GetUtcNow();
        _baseStamp = clock.GetTimestamp();
    }

    public RemovedRecords Removed { get; private set; } = new();

    public bool IsDue => _lastPass is not { } last || _clock.GetElapsedTime(last) >= Interval;

    public void Run(StoreState state, int? currentRun)
    {
        _lastPass = _clock.GetTimestamp();
        if (_retainDays is { } days)
        {
            long beforeNs = PacketTime.FromDateTimeOffset(Now() - TimeSpan.FromDays(days));
            Delete(SetAsideFiles.Of(_path).Where(file => IsOld(PacketTime.FromDateTimeOffset(file.SetAside), beforeNs)));
            ByAge(state, beforeNs, currentRun);
        }
        if (_maxSizeBytes is { } most)
            BySize(state, most);
    }

    /// <summary>A file that cannot be deleted is tried again with the next pass. Returns the bytes that are free.</summary>
    private long Delete(IEnumerable<SetAsideFile> files)
    {
        long bytes = 0;
        foreach (SetAsideFile file in files)
        {
            try
            {
                File.Delete(file.Path);
                bytes += file.Bytes;
                Removed = Removed with { SetAsideFiles = Removed.SetAsideFiles + 1 };
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The store itself goes on.
            }
        }
        return bytes;
    }

    /// <summary>
    /// The clock's time, unless it jumped ahead by a day or more while the store was open: then the time that has passed counts.
    /// </summary>
    private DateTimeOffset Now()
    {
        DateTimeOffset now = _clock.GetUtcNow();
        DateTimeOffset expected = _baseTime + _clock.GetElapsedTime(_baseStamp);
        bool wasCredible = PacketTime.FromDateTimeOffset(_baseTime) >= FirstCredibleNs;
        if (now > expected + s_credibleJump && wasCredible)
            return expected;
        _baseTime = now;
        _baseStamp = _clock.GetTimestamp();
        return now;
    }

    private static bool IsOld(long storedNs, long beforeNs) => storedNs < beforeNs && storedNs >= FirstCredibleNs;

    private void ByAge(StoreState state, long beforeNs, int? currentRun)
    {
        DeleteBlocks(state, [.. state.Flows.Heads.Where(h => IsOld(h.StoredNs, beforeNs))], [.. state.Lookups.Heads.Where(h => IsOld(h.StoredNs, beforeNs))]);
        int contacts = 0, devices = 0, hours = 0;
        foreach (List<BsonDocument> page in NextPages(state, Schema.Contacts, id => _nextContact = id, _nextContact))
            contacts += state.Totals!.RemoveContacts(state.Engine, page, writtenNs => IsOld(writtenNs, beforeNs));
        foreach (List<BsonDocument> page in NextPages(state, Schema.Devices, id => _nextDevice = id, _nextDevice))
        {
            List<BsonValue> old = OldOnes(page, beforeNs);
            Delete(state, Schema.Devices, old);
            state.Totals!.ForgetDevices([.. old.Select(static id => id.AsString)]);
            devices += old.Count;
        }
        foreach (List<BsonDocument> page in NextPages(state, Schema.Hours, id => _nextHour = id, _nextHour))
        {
            List<BsonValue> old = OldOnes(page, beforeNs);
            Delete(state, Schema.Hours, old);
            state.Totals!.ForgetHours([.. old.Select(static id => id.AsInt64)]);
            hours += old.Count;
        }
        Delete(state, Schema.Damaged, OldOnes([.. state.Engine.All(Schema.Damaged)], beforeNs));
        Delete(state, Schema.Runs, [.. state.Engine.All(Schema.Runs).Select(Documents.ToRun)
            .Where(r => r.Run != currentRun && IsOld(r.UpdatedNs, beforeNs)).Select(static r => new BsonValue(r.Run))]);
        Removed = Removed with
        {
            Contacts = Removed.Contacts + contacts,
            Devices = Removed.Devices + devices,
            Hours = Removed.Hours + hours,
        };
    }

    /// <summary>
    /// LiteDB gives deleted pages to what is stored next, and the file stays as long as it is: what counts is the pages in use. What was
    /// set aside goes first.
    /// </summary>
    private void BySize(StoreState state, long most)
    {
        state.Engine.Checkpoint();
        List<SetAsideFile> aside = SetAsideFiles.Of(_path);
        long asideBytes = aside.Sum(static file => file.Bytes);
        long used = state.Engine.Usage().Used;
        long target = (long)(most * FillAfterDeleting);
        for (int i = 0; i < aside.Count && used + asideBytes > most; i++)
            asideBytes -= Delete([aside[i]]);
        // Those that could not be deleted are no reason to delete good records.
        if (used <= most)
            return;
        while (used > target && (state.Flows.Heads.Count > 0 || state.Lookups.Heads.Count > 0))
        {
            DeleteOldest(state, used - target);
            state.Engine.Checkpoint();
            used = state.Engine.Usage().Used;
        }
    }

    /// <summary>The oldest blocks of both kinds together, worth so many bytes; identifiers rise with the time of storing.</summary>
    private void DeleteOldest(StoreState state, long bytes)
    {
        List<BlockHead> flows = [], lookups = [];
        while (bytes > 0)
        {
            BlockHead? flow = state.Flows.Heads.ElementAtOrDefault(flows.Count);
            BlockHead? lookup = state.Lookups.Heads.ElementAtOrDefault(lookups.Count);
            if (flow is null && lookup is null)
                break;
            bool isFlow = lookup is null || flow is not null && flow.Id < lookup.Id;
            BlockHead oldest = isFlow ? flow! : lookup!;
            (isFlow ? flows : lookups).Add(oldest);
            bytes -= oldest.Bytes;
        }
        DeleteBlocks(state, flows, lookups);
    }

    private void DeleteBlocks(StoreState state, List<BlockHead> flows, List<BlockHead> lookups)
    {
        foreach (BlockHead[] part in flows.Chunk(BlocksAtOnce))
            state.Engine.Transact(() => Array.ForEach(part, h => state.Flows.Delete(state.Engine, h)));
        foreach (BlockHead[] part in lookups.Chunk(BlocksAtOnce))
            state.Engine.Transact(() => Array.ForEach(part, h => state.Lookups.Delete(state.Engine, h)));
        Removed = Removed with
        {
            Flows = Removed.Flows + flows.Sum(static h => h.Rows),
            Lookups = Removed.Lookups + lookups.Sum(static h => h.Rows),
        };
    }

    /// <summary>The next few pages, one in memory at a time, so that a pass stays short however much there is.</summary>
    private static IEnumerable<List<BsonDocument>> NextPages(
        StoreState state, string collection, Action<BsonValue?> tellNext, BsonValue? after)
    {
        bool isLast = false;
        for (int page = 0; page < PagesAPass && !isLast; page++)
        {
            List<(BsonValue Id, BsonDocument? Document)> documents = state.Engine.EachPage(collection, after, out isLast);
            after = isLast ? null : documents[^1].Id;
            tellNext(after);
            yield return [.. documents.Select(static entry => entry.Document).OfType<BsonDocument>()];
        }
    }

    private static List<BsonValue> OldOnes(List<BsonDocument> documents, long beforeNs) =>
        [.. documents.Where(d => IsOld(HourDocument.WrittenOf(d), beforeNs)).Select(static d => d["_id"])];

    private static void Delete(StoreState state, string collection, List<BsonValue> ids)
    {
        if (ids.Count > 0)
            state.Engine.Transact(() => state.Engine.Delete(collection, ids));
    }
}
