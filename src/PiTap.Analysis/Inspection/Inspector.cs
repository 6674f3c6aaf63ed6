using PiTap.Analysis.Flows;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Inspection;

/// <summary>Looks into the payload of one flow until it is settled: one kind for TCP, one for datagrams.</summary>
internal abstract class Inspector
{
    /// <summary>Looks at a packet of the flow.</summary>
    public abstract void Inspect(Flow flow, in Frame frame, bool fromLow, long timeNs);

    /// <summary>The flow ends: what waits is looked at, and everything rented goes back.</summary>
    public abstract void Finish(Flow flow);
}
