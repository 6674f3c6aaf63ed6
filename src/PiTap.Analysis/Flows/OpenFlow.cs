namespace PiTap.Analysis.Flows;

/// <summary>A flow with its places: in the table, in a queue, inside a tunnel; and with what looks into its payload.</summary>
internal sealed class OpenFlow(in FlowKey key, FlowFacts facts) : Flow(key, facts)
{
    private OpenFlow? _tunnel;
    private OpenFlow? _nextInner;
    private OpenFlow? _previousInner;

    public OpenFlow? NextInBucket;
    public FlowQueue? Queue;
    public OpenFlow? Older;
    public OpenFlow? Newer;

    /// <summary>What looks into the payload; null once the flow is settled.</summary>
    public Inspector? Inspector;

    /// <summary>The latest flow that was found in this one; they end with it.</summary>
    public OpenFlow? Inner;

    /// <summary>Engine time of the last packet.</summary>
    public long LastSeenNs;

    /// <summary>Engine time at which the flow was last moved to the end of its queue.</summary>
    public long QueuedNs;

    /// <summary>Engine time of the record's first packet.</summary>
    public long OpenedNs;

    public bool FinFromLow;
    public bool FinFromHigh;
    public bool IsClosed;

    /// <summary>Makes this a flow inside a tunnel: what is found in it is noted on the tunnel.</summary>
    public void EnterTunnel(OpenFlow tunnel)
    {
        Tunnel = _tunnel = tunnel;
        Facts = tunnel.Facts;
        _nextInner = tunnel.Inner;
        if (_nextInner is not null)
            _nextInner._previousInner = this;
        tunnel.Inner = this;
    }

    public void LeaveTunnel()
    {
        if (_previousInner is not null)
            _previousInner._nextInner = _nextInner;
        else
            _tunnel!.Inner = _nextInner;
        if (_nextInner is not null)
            _nextInner._previousInner = _previousInner;
        _nextInner = _previousInner = null;
    }
}
