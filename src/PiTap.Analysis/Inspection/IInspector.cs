using PiTap.Analysis.Flows;
using PiTap.Wire;

namespace PiTap.Analysis.Inspection;

/// <summary>Looks into the payload of one flow until it is settled: one kind for TCP, one for datagrams.</summary>
internal interface IInspector
{
    /// <summary>Looks at a packet of the flow.</summary>
    void Inspect(Flow flow, in Frame frame, bool fromLow, long timeNs);

    /// <summary>The flow ends: what waits is looked at, and everything rented goes back.</summary>
    void Finish(Flow flow);
}
