using System.Globalization;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>What a run lost or left out, in lines that stand wherever its results are shown.</summary>
internal static class LossText
{
    private const string LinkTypePrefix = "link-type-";

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
            {
                string times = source.Interruptions == 1 ? "time" : "times";
                yield return $"{source.Source} was away or down {Count(source.Interruptions)} {times}.";
            }
        }
        long packets = sources.Sum(static source => source.Kept + source.Reduced + source.Filtered);
        foreach (LossCounter loss in counters)
        {
            if (loss.Count > 0 && Sentence(loss, packets) is string sentence)
                yield return sentence;
        }
        string[] losses = [.. counters
            .Where(loss => loss.Count > 0 && Sentence(loss, packets) is null)
            .Select(static loss => $"{loss.Name} {Count(loss.Count)}")];
        if (losses.Length > 0)
            yield return "Lost, evicted or rejected: " + string.Join(", ", losses) + ".";
    }

    /// <summary>What the capture itself lacks is worth a sentence; null for other losses.</summary>
    private static string? Sentence(LossCounter loss, long packets)
    {
        string count = Count(loss.Count);
        bool isOne = loss.Count == 1;
        string frames = $"Wi-Fi {(isOne ? "frame" : "frames")}";
        string were = isOne ? "was" : "were";
        switch (loss.Name)
        {
            case "wifi-encrypted":
                return $"{count} encrypted {frames}: {(isOne ? "its" : "their")} contents cannot be read.";
            case "wifi-repeated":
                return $"{count} {frames} {were} sent again; each packet counts once.";
            case "wifi-damaged":
                return $"{count} {frames} came damaged and {were} not read.";
            case "packets-cut":
                return $"{count} of {Count(packets)} packets {were} cut by the capture: what was behind the cut is not known.";
            case "segments-contradictory":
                return $"{count} {(isOne ? "segment" : "segments")} held other bytes than what came before under the same sequence "
                    + "numbers, so one of the two may be a decoy: see why in the flows.";
            case "devices-folded":
                return $"{count} {(isOne ? "device" : "devices")} that {were} hardly answered {were} counted as (other devices).";
            case "store-devices-folded":
                return $"{count} {(isOne ? "device" : "devices")} that moved next to nothing {were} counted as (other devices): "
                    + "the store keeps no more.";
            case "packets-doubled":
                return $"{count} of {Count(packets)} packets came twice within moments, as from a switch's mirror port that copies what "
                    + "goes in and what comes out, or from all interfaces of a bridge: packets and bytes count twice.";
            case "packets-translated":
                return $"{count} of {Count(packets)} packets {were} seen again with this machine's own address, as it translates "
                    + "addresses: they count once, as the device's.";
            case "lookups-reduced":
                return $"{count} {(isOne ? "message" : "messages")} of name lookups of ignored hosts {were} left out, as asked.";
            case "packets-not-ip":
                return $"{count} of {Count(packets)} packets {(isOne ? "is" : "are")} no IP: there is nothing to name in them.";
        }
        if (!loss.Name.StartsWith(LinkTypePrefix, StringComparison.Ordinal))
            return null;
        ReadOnlySpan<char> digits = loss.Name.AsSpan(LinkTypePrefix.Length);
        bool hasNumber = ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort link);
        string kind = hasNumber ? $"link type {LinkTypes.Text((LinkType)link)}" : "other link types";
        return $"{count} {(isOne ? "packet" : "packets")} of {kind} {were} left out: PiTap does not read {(isOne ? "it" : "them")}.";
    }

    private static string Count(long count) => Numbers.Count(count);
}
