using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Records;

/// <summary>Books each packet twice: on the source that it came from, and on its device's minute.</summary>
internal sealed class Accounts(Recorder recorder, DeviceTable devices)
{
    private readonly List<SourceTotals> _sources = [];
    private long _minuteNs = long.MinValue;
    private long _minuteEndNs = long.MinValue;

    public IReadOnlyList<SourceTotals> Sources => _sources;

    /// <summary>One of them: each packet asks.</summary>
    public SourceTotals this[int source] => _sources[source];

    /// <summary>Of fewer packets some always come twice: what was lost is sent again.</summary>
    private const int MinShareDoubled = 4;

    /// <summary>Says what of all packets is missing or was not looked for.</summary>
    public void NoteLosses(Losses losses)
    {
        long read = 0, notIp = 0, cut = 0, doubled = 0;
        foreach (SourceTotals source in _sources)
        {
            read += source.Read + source.Unpacked;
            notIp += source.NotIp;
            cut += source.Cut;
            doubled += MinShareDoubled * source.Doubled > source.Read ? source.Doubled : 0;
        }
        losses.Set(Losses.PacketsCut, cut);
        losses.Set(Losses.PacketsDoubled, doubled);
        // A few of them are on every network; where they are most, it is another kind of capture.
        losses.Set(Losses.PacketsNotIp, 2 * notIp > read ? notIp : 0);
    }

    public int AddSource(string name)
    {
        _sources.Add(new SourceTotals(name));
        return _sources.Count - 1;
    }

    /// <summary>The next packet's time: it says which minute is booked on.</summary>
    public void AtTime(long timeNs)
    {
        if (timeNs < _minuteEndNs && timeNs >= _minuteNs)
            return;
        _minuteNs = PacketTime.FloorToMinute(timeNs);
        const long Minute = PacketTime.NanosecondsPerMinute;
        _minuteEndNs = _minuteNs > long.MaxValue - Minute ? long.MaxValue : _minuteNs + Minute;
    }

    public void CountSource(Flow flow, int source, int packets, long bytes)
    {
        SourceTotals totals = _sources[source];
        if (source == flow.Source)
        {
            flow.SourcePackets += packets;
            flow.SourceBytes += bytes;
        }
        if (flow.IsReduced)
        {
            totals.Reduced += packets;
            totals.BytesReduced += bytes;
        }
        else
        {
            totals.Kept += packets;
            totals.BytesKept += bytes;
        }
    }

    /// <summary>A flow's name turned out to be one that is not kept: what was kept of it moves.</summary>
    public void Reduce(Flow flow)
    {
        SourceTotals totals = _sources[flow.Source];
        totals.Kept -= flow.SourcePackets;
        totals.BytesKept -= flow.SourceBytes;
        totals.Reduced += flow.SourcePackets;
        totals.BytesReduced += flow.SourceBytes;
    }

    public void CountMinute(Device device, bool isUp, int packets, long bytes)
    {
        if (!device.IsEstablished)
            device = devices.NoteDirection(device, isUp, _minuteNs);
        if (device.MinuteNs != _minuteNs)
        {
            recorder.CloseMinute(device);
            device.MinuteNs = _minuteNs;
        }
        if (isUp)
        {
            device.PacketsUp += packets;
            device.BytesUp += bytes;
        }
        else
        {
            device.PacketsDown += packets;
            device.BytesDown += bytes;
        }
    }
}

/// <summary>What became of the packets of one source.</summary>
internal sealed class SourceTotals(string name)
{
    public long Read, Kept, Reduced, Filtered, BytesKept, BytesReduced, BytesFiltered;

    /// <summary>Packets that came in one frame with others.</summary>
    public long Unpacked;

    /// <summary>Packets of which the capture holds the beginning only, and packets that are neither IP nor ARP.</summary>
    public long Cut, NotIp;

    /// <summary>Packets that came a second time within moments.</summary>
    public long Doubled;

    /// <summary>What people call the source.</summary>
    public string Name => Delivered?.Source ?? name;

    /// <summary>What the source itself has counted; null for one that counts nothing.</summary>
    public SourceCounters? Delivered { get; set; }

    public SourceCounters ToRecord() => ToRecord(Delivered ?? new SourceCounters { Source = name, Received = Read });

    private SourceCounters ToRecord(SourceCounters delivered) => delivered with
    {
        Received = delivered.Received + Unpacked,
        Kept = Kept,
        Reduced = Reduced,
        Filtered = Filtered,
        BytesKept = BytesKept,
        BytesReduced = BytesReduced,
        BytesFiltered = BytesFiltered,
    };
}
