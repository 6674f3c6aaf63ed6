namespace PiTap.Model;

/// <summary>What the analysis hands over at one flush. Lists are in order and belong to the receiver.</summary>
public sealed record RecordBatch
{
    /// <summary>Flows that ended or, in a live run, changed since the batch before; whole states, the later one holds.</summary>
    public IReadOnlyList<FlowRecord> Flows { get; init; } = [];

    /// <summary>Name lookups, each once: with its answer, or when none was waited for any longer.</summary>
    public IReadOnlyList<NameLookup> Lookups { get; init; } = [];

    /// <summary>Devices that are new or changed; whole states of this run, to be merged with what the store has.</summary>
    public IReadOnlyList<DeviceRecord> Devices { get; init; } = [];

    /// <summary>To be added to the contacts in the store; a contact that comes to no flows is removed.</summary>
    public IReadOnlyList<ContactRecord> Contacts { get; init; } = [];

    /// <summary>To be added to the minute totals in the store.</summary>
    public IReadOnlyList<MinuteRecord> Minutes { get; init; } = [];

    /// <summary>Counters per source, cumulative for the run.</summary>
    public IReadOnlyList<SourceCounters> Sources { get; init; } = [];

    /// <summary>What was lost, evicted or rejected, cumulative for the run.</summary>
    public IReadOnlyList<LossCounter> Losses { get; init; } = [];

    /// <summary>Why packets were rejected: the first one of each kind of the run, with a count that is cumulative.</summary>
    public IReadOnlyList<RejectRecord> Rejects { get; init; } = [];

    /// <summary>
    /// True if something is known by it that was not before: a flow, a name, a device, the first loss of a kind. Without it, it only counts
    /// on what is known.
    /// </summary>
    public bool HasNews { get; init; }

    /// <summary>True if there is nothing to store.</summary>
    public bool IsEmpty =>
        Flows.Count + Lookups.Count + Devices.Count + Contacts.Count + Minutes.Count + Sources.Count + Losses.Count + Rejects.Count == 0;
}

/// <summary>Takes what the analysis found. One caller at a time.</summary>
public interface IRecordSink
{
    /// <summary>Takes a batch over; may wait while the sink is behind, never loses one silently.</summary>
    void Write(RecordBatch batch);

    /// <summary>As <see cref="Write"/>, when nothing comes any more that would be lost meanwhile: any run may wait a while.</summary>
    void WriteLast(RecordBatch batch) => Write(batch);
}

/// <summary>Which part of the store a reader wants.</summary>
/// <param name="FromNs">Only what ended at or after this time; null for no bound.</param>
/// <param name="ToNs">Only what began before this time; null for no bound.</param>
/// <param name="Device">Only this device (<see cref="DeviceRecord.Id"/>); null for all.</param>
/// <param name="HostSuffix">Only this host name and names below it; null for all.</param>
public sealed record StoreQuery(long? FromNs = null, long? ToNs = null, string? Device = null, string? HostSuffix = null)
{
    /// <summary>Everything.</summary>
    public static StoreQuery All { get; } = new();
}

/// <summary>Reads what a store holds: straight from the file, or through the daemon that holds it.</summary>
public interface IStoreReader : IDisposable
{
    /// <summary>Flows by start, then run and sequence.</summary>
    IEnumerable<FlowRecord> Flows(StoreQuery query);

    /// <summary>Name lookups by time, then run and sequence.</summary>
    IEnumerable<NameLookup> Lookups(StoreQuery query);

    /// <summary>Contacts by device, then most bytes first.</summary>
    IEnumerable<ContactRecord> Contacts(StoreQuery query);

    /// <summary>Devices by first packet.</summary>
    IEnumerable<DeviceRecord> Devices(StoreQuery query);

    /// <summary>Minute totals by minute, then device.</summary>
    IEnumerable<MinuteRecord> Minutes(StoreQuery query);

    /// <summary>Runs, oldest first.</summary>
    IEnumerable<RunRecord> Runs();

    /// <summary>What the file is and holds.</summary>
    StoreInfo Info();

    /// <summary>
    /// Parts of the file that the answers so far left out because they are damaged; each holds up to some thousand records.
    /// </summary>
    int DamagedBlocks { get; }
}

/// <summary>What a store's file is and holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="SchemaVersion">Version of its layout.</param>
/// <param name="SizeBytes">Its size with the write-ahead log.</param>
/// <param name="Flows">Flow records.</param>
/// <param name="Lookups">Name lookups.</param>
/// <param name="Contacts">Contacts.</param>
/// <param name="Devices">Devices.</param>
public sealed record StoreInfo(string Path, int SchemaVersion, long SizeBytes, long Flows, long Lookups, long Contacts, long Devices);

/// <summary>What a packet source returned.</summary>
public enum ReadStatus : byte
{
    /// <summary>Nothing to read now; more may come.</summary>
    Idle = 0,
    /// <summary>A packet.</summary>
    Packet = 1,
    /// <summary>The source ended normally.</summary>
    End = 2,
    /// <summary>The source ended early: <see cref="IPacketSource.Failure"/> says why. What was read before holds.</summary>
    Failed = 3,
}

/// <summary>One captured packet. The bytes are the source's and hold until its next read.</summary>
public readonly ref struct CapturedPacket
{
    /// <summary>Time of capture, nanoseconds since the Unix epoch.</summary>
    public required long TimeNs { get; init; }

    /// <summary>Header type of <see cref="Data"/>.</summary>
    public required LinkType Link { get; init; }

    /// <summary>Length on the wire in bytes, before any snap length.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>The bytes captured.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }

    /// <summary>Which of the source's interfaces it came from, from 0.</summary>
    public int Interface { get; init; }
}

/// <summary>Where packets come from: an interface or a file. One reader at a time.</summary>
public interface IPacketSource : IDisposable
{
    /// <summary>What people call it: interface name or path.</summary>
    string Name { get; }

    /// <summary>Takes the next packet, without waiting longer than the source's own short time-out.</summary>
    ReadStatus Read(out CapturedPacket packet);

    /// <summary>
    /// Why <see cref="Read"/> returned <see cref="ReadStatus.Failed"/>: a sentence with the name and the offset. Null until then.
    /// </summary>
    string? Failure { get; }

    /// <summary>Received and dropped so far; what became of the packets is the analysis's to fill in.</summary>
    SourceCounters Counters();
}
