namespace PiTap.Store.Opening;

/// <summary>What happened while a store was opened.</summary>
public sealed record StoreOpenReport
{
    /// <summary>True if the file did not exist before.</summary>
    public bool IsNew { get; init; }

    /// <summary>Where a damaged file was moved to; null if nothing was damaged.</summary>
    public string? SetAsidePath { get; init; }

    /// <summary>The schema version that the file had before it was brought to the present one; null if it had that already.</summary>
    public int? MigratedFromVersion { get; init; }

    /// <summary>Commits found in the write-ahead log that a run had left behind when it was cut off.</summary>
    public int RecoveredCommits { get; init; }

    /// <summary>Bytes that the file became smaller by, because much of it was free.</summary>
    public long ReclaimedBytes { get; init; }

    /// <summary>Records that were left out of the journal because no store takes them.</summary>
    public long LeftOutRecords { get; init; }

    /// <summary>What is worth telling people, in sentences.</summary>
    public IReadOnlyList<string> Sentences { get; init; } = [];
}
