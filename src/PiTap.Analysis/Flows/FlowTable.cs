using PiTap.Analysis.Core;

namespace PiTap.Analysis.Flows;

/// <summary>A flow with its places: in the table, in a queue, inside a tunnel; and with what looks into its payload.</summary>
internal sealed class OpenFlow : Flow
{
    private State _state;

    public ref OpenFlow? NextInBucket => ref _state.NextInBucket;

    public ref FlowQueue? Queue => ref _state.Queue;

    public ref OpenFlow? Older => ref _state.Older;

    public ref OpenFlow? Newer => ref _state.Newer;

    /// <summary>What looks into the payload; null once the flow is settled.</summary>
    public ref Inspector? Inspector => ref _state.Inspector;

    /// <summary>The latest flow that was found in this one; they end with it.</summary>
    public OpenFlow? Inner => _state.Inner;

    /// <summary>Engine time of the last packet.</summary>
    public ref long LastSeenNs => ref _state.LastSeenNs;

    /// <summary>Engine time at which the flow was last moved to the end of its queue.</summary>
    public ref long QueuedNs => ref _state.QueuedNs;

    /// <summary>Engine time of the record's first packet.</summary>
    public ref long OpenedNs => ref _state.OpenedNs;

    /// <summary>TCP: the number of the first byte of each direction, as far as it was seen; 0 before.</summary>
    public ref uint FirstFromLow => ref _state.FirstFromLow;

    public ref uint FirstFromHigh => ref _state.FirstFromHigh;

    /// <summary>A SYN that may begin another connection on the same ports; mostly null.</summary>
    public ref Reopening? Reopening => ref _state.Reopening;

    public ref bool FinFromLow => ref _state.FinFromLow;

    public ref bool FinFromHigh => ref _state.FinFromHigh;

    public ref bool IsClosed => ref _state.IsClosed;

    /// <summary>True while it counts among those that wait for an answer.</summary>
    public ref bool IsUnanswered => ref _state.IsUnanswered;

    public override void Reset()
    {
        base.Reset();
        _state = default;
    }

    /// <summary>Makes this a flow inside a tunnel: what is found in it is noted on the tunnel.</summary>
    public void EnterTunnel(OpenFlow tunnel)
    {
        Tunnel = tunnel;
        Facts = tunnel.Facts;
        _state.NextInner = tunnel.Inner;
        if (_state.NextInner is not null)
            _state.NextInner._state.PreviousInner = this;
        tunnel._state.Inner = this;
    }

    public void LeaveTunnel()
    {
        if (_state.PreviousInner is not null)
            _state.PreviousInner._state.NextInner = _state.NextInner;
        else
            ((OpenFlow)Tunnel!)._state.Inner = _state.NextInner;
        if (_state.NextInner is not null)
            _state.NextInner._state.PreviousInner = _state.PreviousInner;
        _state.NextInner = _state.PreviousInner = null;
    }

    private struct State
    {
        public OpenFlow? NextInBucket, Older, Newer, Inner, NextInner, PreviousInner;
        public FlowQueue? Queue;
        public Inspector? Inspector;
        public Reopening? Reopening;
        public uint FirstFromLow, FirstFromHigh;
        public long LastSeenNs, QueuedNs, OpenedNs;
        public bool FinFromLow, FinFromHigh, IsClosed, IsUnanswered;
    }
}

/// <summary>Open flows by 5-tuple: chained hashing with power-of-two growth. Whoever adds to it keeps it bounded.</summary>
internal sealed class FlowTable
{
    private const int InitialBuckets = 1_024;

    private readonly SeededHash _hash = SeededHash.Create();
    private OpenFlow?[] _buckets = new OpenFlow?[InitialBuckets];
    private OpenFlow? _latest;

    /// <summary>How many flows are open.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the flow of a 5-tuple; packets come in bursts, so the latest one is tried first.</summary>
    public OpenFlow? Find(in FlowKey key)
    {
        if (_latest is not null && _latest.Key.Equals(key))
            return _latest;
        for (OpenFlow? flow = _buckets[Bucket(key)]; flow is not null; flow = flow.NextInBucket)
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
    public void Add(OpenFlow flow)
    {
        if (Count >= _buckets.Length)
            Grow();
        ref OpenFlow? bucket = ref _buckets[Bucket(flow.Key)];
        flow.NextInBucket = bucket;
        bucket = flow;
        _latest = flow;
        Count++;
    }

    /// <summary>Takes out a flow that is there.</summary>
    public void Remove(OpenFlow flow)
    {
        ref OpenFlow? link = ref _buckets[Bucket(flow.Key)];
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
        OpenFlow?[] old = _buckets;
        _buckets = new OpenFlow?[old.Length * 2];
        foreach (OpenFlow? head in old)
        {
            for (OpenFlow? flow = head; flow is not null;)
            {
                OpenFlow? next = flow.NextInBucket;
                ref OpenFlow? bucket = ref _buckets[Bucket(flow.Key)];
                flow.NextInBucket = bucket;
                bucket = flow;
                flow = next;
            }
        }
    }
}

/// <summary>
/// Flows in order of their last packet, oldest first. A flow is moved at most once a second (<see cref="GranularityNs"/>), so that a busy
/// one costs no list operation for each packet; time-outs are late by that much at most.
/// </summary>
internal sealed class FlowQueue
{
    public const long GranularityNs = Model.PacketTime.NanosecondsPerSecond;

    private OpenFlow? _newest;

    public OpenFlow? Oldest { get; private set; }

    public void Touch(OpenFlow flow, long nowNs)
    {
        flow.LastSeenNs = nowNs;
        if (nowNs - flow.QueuedNs < GranularityNs)
            return;
        Remove(flow);
        Append(flow, nowNs);
    }

    /// <summary>Moves a flow to the end whatever its time.</summary>
    public void MakeNewest(OpenFlow flow)
    {
        Remove(flow);
        Append(flow, flow.LastSeenNs);
    }

    public void Append(OpenFlow flow, long nowNs)
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

    public void Remove(OpenFlow flow)
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
