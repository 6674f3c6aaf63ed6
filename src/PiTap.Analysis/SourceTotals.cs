using PiTap.Model;

namespace PiTap.Analysis;

/// <summary>What became of the packets of one source.</summary>
internal sealed class SourceTotals(string name)
{
    public long Read, Kept, Reduced, Filtered, BytesKept, BytesReduced, BytesFiltered;

    /// <summary>What people call the source.</summary>
    public string Name => Delivered?.Source ?? name;

    /// <summary>What the source itself has counted; null for one that counts nothing.</summary>
    public SourceCounters? Delivered { get; set; }

    public SourceCounters ToRecord() => (Delivered ?? new SourceCounters { Source = name, Received = Read }) with
    {
        Kept = Kept,
        Reduced = Reduced,
        Filtered = Filtered,
        BytesKept = BytesKept,
        BytesReduced = BytesReduced,
        BytesFiltered = BytesFiltered,
    };
}
