using PiTap.Analysis.Core;

namespace PiTap.Analysis.Flows;

/// <summary>
/// Objects of flows that ended, for the next ones: at 400 bytes each they were the largest part of what an analysis allocates. Whoever
/// gives one back keeps no reference to it.
/// </summary>
internal sealed class FlowPool
{
    private readonly Stack<OpenFlow> _flows = new();

    /// <summary>The flow of a key, of which nothing else is known.</summary>
    public OpenFlow Rent(in FlowKey key)
    {
        if (!_flows.TryPop(out OpenFlow? flow))
            flow = new OpenFlow();
        flow.Begin(key);
        return flow;
    }

    /// <summary>Takes back a flow that ended.</summary>
    public void Return(OpenFlow flow)
    {
        flow.Reset();
        if (_flows.Count < Limits.PooledFlows)
            _flows.Push(flow);
    }
}
