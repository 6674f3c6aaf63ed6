using PiTap.Analysis.Search;
using PiTap.Model;

namespace PiTap.Analysis;

/// <summary>What the analysis keeps and for how long. The defaults fit a phone on a Pi.</summary>
public sealed class AnalysisOptions
{
    /// <summary>A flow without a packet for this long has ended; null keeps one flow for each 5-tuple however long.</summary>
    public long? FlowIdleTimeoutNs { get; init; } = 120 * PacketTime.NanosecondsPerSecond;

    /// <summary>
    /// A flow longer than this goes on in a further record, so that no record waits for days. Off if the idle time-out is off.
    /// </summary>
    public long FlowActiveTimeoutNs { get; init; } = 3_600 * PacketTime.NanosecondsPerSecond;

    /// <summary>
    /// Open flows, at least 2: a tunnel and what is in it. The one silent for longest is evicted, and counted, when there are more.
    /// </summary>
    public int MaxFlows { get; init; } = 100_000;

    /// <summary>Whose traffic is kept; null keeps all.</summary>
    public ClientFilter? Clients { get; init; }

    /// <summary>Flows to these host names, and to names below them, are reduced to totals as soon as the name is known.</summary>
    public IReadOnlyList<string> IgnoreSuffixes { get; init; } = [];

    /// <summary>
    /// True for an address that mirrors send their copies to: this machine's own, in a live capture. What passes on its way to another
    /// machine is a tunnel: else anybody could put words into the mouths of devices here by sending copies to a neighbour. Null takes what
    /// any machine here was sent, as in a file, of which nobody knows who captured it.
    /// </summary>
    public Func<IpAddress, bool>? IsMirrorTarget { get; init; }

    /// <summary>Searches what flows carry; null costs nothing.</summary>
    public IPayloadSearcher? Searcher { get; init; }
}
