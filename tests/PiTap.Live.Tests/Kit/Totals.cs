namespace PiTap.Live.Tests.Kit;

/// <summary>Sums that must agree.</summary>
internal static class Totals
{
    /// <summary>All that tcpdump saw on a port is in the run's counters, and in its flows.</summary>
    public static void AreThoseOf(IEnumerable<Seen> seen, int port, SourceLine source, IEnumerable<FlowLine> flows)
    {
        Seen[] mine = [.. seen.Where(packet => packet.Touches(port))];
        (long Packets, long Bytes) expected = (mine.LongLength, mine.Sum(static packet => (long)packet.Bytes));
        Assert.Equal((0L, expected), (source.Dropped, (source.Kept, source.BytesKept)));
        FlowLine[] stored = [.. flows.Where(flow => flow.ServerPort == port)];
        Assert.Equal(expected, (stored.Sum(static flow => flow.Packets), stored.Sum(static flow => flow.Bytes)));
    }
}
