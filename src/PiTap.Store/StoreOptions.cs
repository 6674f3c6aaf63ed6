using PiTap.Store.Files;

namespace PiTap.Store;

/// <summary>Where the store is and what it keeps. The defaults run on a bare Pi.</summary>
public sealed class StoreOptions
{
    /// <summary>The file. Its folder is made where it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>What was stored longer ago than this is deleted, in days; null keeps everything.</summary>
    public int? RetainDays { get; init; } = 90;

    /// <summary>Above this the oldest blocks of flows and lookups are deleted, in bytes; null for no bound.</summary>
    public long? MaxSizeBytes { get; init; } = 2L << 30;

    /// <summary>
    /// Takes sentences about what happens while the store is open: disk full, disk has room again, file set aside. Called from the
    /// writer's thread.
    /// </summary>
    public Action<string>? Notice { get; init; }

    /// <summary>The smallest <see cref="MaxSizeBytes"/>.</summary>
    public const long MinMaxSizeBytes = 1 << 20;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
            throw new StoreException("The store needs a file name.");
        if (RetainDays < 1)
            throw new StoreException("The store keeps records for at least one day.");
        if (MaxSizeBytes < MinMaxSizeBytes)
            throw new StoreException($"The store needs room for at least {MinMaxSizeBytes} bytes.");
    }
}
