using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>What a run lost or left out, in lines that stand wherever its results are shown.</summary>
internal static class LossText
{
    /// <summary>Packets of a source that never reached the analysis.</summary>
    public static long Dropped(SourceCounters source) => source.DroppedByKernel + source.DroppedByInterface + source.DroppedByRing;

    public static IEnumerable<string> Lines(IReadOnlyList<SourceCounters> sources, IReadOnlyList<LossCounter> counters)
    {
        foreach (SourceCounters source in sources)
        {
            if (Dropped(source) > 0)
            {
                yield return $"Lost on {source.Source}: {Count(source.DroppedByKernel)} packets by the kernel, "
                    + $"{Count(source.DroppedByInterface)} by the interface, {Count(source.DroppedByRing)} by PiTap's ring.";
            }
            if (source.Filtered + source.Reduced > 0)
                yield return $"Left out on {source.Source} as asked: {Count(source.Filtered)} packets of other clients, {Count(source.Reduced)} of ignored hosts.";
            if (source.Interruptions > 0)
                yield return $"{source.Source} went away {Count(source.Interruptions)} times.";
        }
        string[] losses = [.. counters.Where(static loss => loss.Count > 0).Select(static loss => $"{loss.Name} {Count(loss.Count)}")];
        if (losses.Length > 0)
            yield return "Lost, evicted or rejected: " + string.Join(", ", losses) + ".";
    }

    private static string Count(long count) => Numbers.Count(count);
}
