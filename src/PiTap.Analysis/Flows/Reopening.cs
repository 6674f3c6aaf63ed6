namespace PiTap.Analysis.Flows;

/// <summary>
/// A SYN with a number of its own on a connection that is open. Either another connection begins on the ports (RFC 9293 section 3.6.1),
/// or somebody forges: a host that has the connection answers with a challenge ACK and nothing else happens (RFC 5961 section 4). So it
/// waits for the packet that shows that the SYN was taken.
/// </summary>
/// <param name="firstByte">Number of the byte behind the SYN.</param>
/// <param name="fromLow">Who sent it.</param>
/// <param name="endBeforeNs">When the connection before had its last packet.</param>
internal sealed class Reopening(uint firstByte, bool fromLow, long endBeforeNs)
{
    private int _payloadBytes;

    public uint FirstByte { get; } = firstByte;

    public bool FromLow { get; } = fromLow;

    public long EndBeforeNs { get; } = endBeforeNs;

    /// <summary>The source that saw the SYN.</summary>
    public int Source { get; private set; }

    /// <summary>How many times it came.</summary>
    public int Packets { get; private set; }

    public long Bytes { get; private set; }

    public long StartNs { get; private set; } = long.MaxValue;

    public long EndNs { get; private set; } = long.MinValue;

    /// <summary>Counts the SYN, which may come again.</summary>
    public void Count(int source, long bytes, int payloadBytes, long timeNs)
    {
        Source = source;
        Packets++;
        Bytes += bytes;
        _payloadBytes = Math.Max(_payloadBytes, payloadBytes);
        StartNs = Math.Min(StartNs, timeNs);
        EndNs = Math.Max(EndNs, timeNs);
    }

    /// <summary>True for a number that acknowledges the SYN, or that follows it: data on the SYN may be taken with it (RFC 7413).</summary>
    public bool IsBehind(uint number) => number - FirstByte <= (uint)_payloadBytes;
}
