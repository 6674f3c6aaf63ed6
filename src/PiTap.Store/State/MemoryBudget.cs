namespace PiTap.Store.State;

/// <summary>
/// What the store may hold of memory between the analysis and the disk: the one number, and the shares of it, in bytes. Records count by
/// <see cref="Model.RecordWeight"/>.
/// </summary>
internal static class MemoryBudget
{
    /// <summary>All shares of a live run together, and all of a replay.</summary>
    public const long MaxBytes = 64 << 20;

    /// <summary>
    /// Records that are not committed: those in the queue, and what the writer has taken from it. A live run drops the least useful beyond
    /// it, and counts them.
    /// </summary>
    public const long RecordBytes = 20 << 20;

    /// <summary>Records of a live run that are yet to be handed in: those of mere counters wait for others.</summary>
    public const long GatheredBytes = 4 << 20;

    /// <summary>
    /// Of a replay's queue: at that it waits. More would only be batches that grow old, which costs the collector; the writer is not short
    /// of work.
    /// </summary>
    public const long ReplayQueueBytes = 4 << 20;

    /// <summary>
    /// Totals, and states for the journal, that make a commit, however soon: LiteDB has the pages of one in memory several times.
    /// </summary>
    public const long CommitBytes = 8 << 20;

    /// <summary>Rows of a kind in a replay that make a block, however few they are.</summary>
    public const long ChunkBytes = 4 << 20;

    /// <summary>Blocks that make a commit of a replay. More would leave the writer to begin when the analysis has ended.</summary>
    public const long ReadyBytes = 2 << 20;

    /// <summary>States that the journal of a live run gets before it is folded, for which they are all in memory once more.</summary>
    public const long JournalBytes = 16 << 20;

    /// <summary>Contacts that the writer knows without looking into the file.</summary>
    public const int ContactBytes = 8 << 20;

    /// <summary>The same of hours of minute totals.</summary>
    public const int HourBytes = 4 << 20;

    /// <summary>The same of devices.</summary>
    public const int DeviceBytes = 2 << 20;

    /// <summary>What the writer knows of each device to tell which gives way: 130 bytes (<see cref="KeptDevices"/>).</summary>
    public const int KeptDeviceBytes = 2 << 20;

    /// <summary>The log, which is in memory as well, before it is brought into the file.</summary>
    public const long LiveLogBytes = 8 << 20;

    /// <summary>The same of a replay, whose commits are larger.</summary>
    public const long ReplayLogBytes = 24 << 20;
}
