namespace PiTap.Analysis.Flows;

/// <summary>Open flows by 5-tuple, in order of their last packet. Bounded; chained hashing with power-of-two growth.</summary>
internal sealed class FlowTable
{
    private const int InitialBuckets = 1_024;

    private readonly SeededHash _hash = SeededHash.Create();
    private Flow?[] _buckets = new Flow?[InitialBuckets];
    private Flow? _latest;

    /// <summary>How many flows are open.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the flow of a 5-tuple; packets come in bursts, so the latest one is tried first.</summary>
    public Flow? Find(in FlowKey key)
    {
        if (_latest is not null && _latest.Key.Equals(key))
            return _latest;
        for (Flow? flow = _buckets[Bucket(key)]; flow is not null; flow = flow.NextInBucket)
        {
            if (flow.Key.Equals(key))
            {
                _latest = flow;
                return flow;
            }
        }
        return null;
    }

    /// <summary>Adds a flow whose key is not there yet.</summary>
    public void Add(Flow flow)
    {
        if (Count >= _buckets.Length)
            Grow();
        ref Flow? bucket = ref _buckets[Bucket(flow.Key)];
        flow.NextInBucket = bucket;
        bucket = flow;
        _latest = flow;
        Count++;
    }

    /// <summary>Takes out a flow that is there.</summary>
    public void Remove(Flow flow)
    {
        ref Flow? link = ref _buckets[Bucket(flow.Key)];
        while (link != flow)
            link = ref link!.NextInBucket;
        link = flow.NextInBucket;
        flow.NextInBucket = null;
        if (_latest == flow)
            _latest = null;
        Count--;
    }

    private int Bucket(in FlowKey key) => (int)(key.Hash(_hash) & (ulong)(_buckets.Length - 1));

    private void Grow()
    {
        Flow?[] old = _buckets;
        _buckets = new Flow?[old.Length * 2];
        foreach (Flow? head in old)
        {
            for (Flow? flow = head; flow is not null;)
            {
                Flow? next = flow.NextInBucket;
                ref Flow? bucket = ref _buckets[Bucket(flow.Key)];
                flow.NextInBucket = bucket;
                bucket = flow;
                flow = next;
            }
        }
    }
}

/// <summary>
/// Flows in order of their last packet, oldest first. A flow is moved at most once a second (<see cref="GranularityNs"/>), so that a busy one costs
/// no list operation for each packet; time-outs are late by that much at most.
/// </summary>
internal sealed class FlowQueue
{
    public const long GranularityNs = Model.PacketTime.NanosecondsPerSecond;

    private Flow? _newest;

    public Flow? Oldest { get; private set; }

    public void Touch(Flow flow, long nowNs)
    {
        flow.LastSeenNs = nowNs;
        if (nowNs - flow.QueuedNs < GranularityNs)
            return;
        Remove(flow);
        Append(flow, nowNs);
    }

    /// <summary>Moves a flow to the end whatever its time.</summary>
    public void MakeNewest(Flow flow)
    {
        Remove(flow);
        Append(flow, flow.LastSeenNs);
    }

    public void Append(Flow flow, long nowNs)
    {
        flow.LastSeenNs = flow.QueuedNs = nowNs;
        flow.Queue = this;
        flow.Older = _newest;
        if (_newest is null)
            Oldest = flow;
        else
            _newest.Newer = flow;
        _newest = flow;
    }

    public void Remove(Flow flow)
    {
        if (flow.Older is null)
            Oldest = flow.Newer;
        else
            flow.Older.Newer = flow.Newer;
        if (flow.Newer is null)
            _newest = flow.Older;
        else
            flow.Newer.Older = flow.Older;
        flow.Older = flow.Newer = null;
        flow.Queue = null;
    }
}
