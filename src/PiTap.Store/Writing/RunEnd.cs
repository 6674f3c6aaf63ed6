namespace PiTap.Store.Writing;

/// <summary>What of a run is on the disk when it ends.</summary>
public sealed record RunEnd
{
    /// <summary>Records that the disk has not taken: they are in memory alone, and gone with the process.</summary>
    public long RecordsNotWritten { get; init; }

    /// <summary>Records that were given up since the run began, for want of room or as no store would take them.</summary>
    public long RecordsLost { get; init; }

    /// <summary>True if a fresh store took the place of the one that the run was begun in.</summary>
    public bool WasReplaced { get; init; }

    /// <summary>True if all that the run handed in is in the store.</summary>
    public bool IsWhole => RecordsNotWritten == 0 && RecordsLost == 0 && !WasReplaced;

    /// <summary>What is missing, in sentences for people.</summary>
    public IEnumerable<string> Sentences(string path)
    {
        if (WasReplaced)
            yield return $"The store {path} was begun anew in the middle of this run: it holds what came after that.";
        if (RecordsLost > 0)
        {
            yield return $"The store {path} lacks {RecordsLost} records of this run, for want of room or as it could not take them; "
                + "'stats' counts them.";
        }
        if (RecordsNotWritten > 0)
            yield return $"The last {RecordsNotWritten} records of this run are not on the disk: the store {path} cannot be written.";
    }
}
