using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Conformance.Tests;

/// <summary>Real captures: whatever is said of a server has a reason.</summary>
public sealed class ReasonTests
{
    [Fact]
    public void Nothing_is_claimed_without_a_reason()
    {
        CaptureFolder.Require();
        Attributor attributor = new(Lookups.Load());
        int flows = 0;
        List<string> faults = [];
        foreach (string capture in CaptureFolder.WithTruth())
        {
            foreach (FlowRecord flow in Replay.Run(CaptureFolder.Full(capture), Replay.WholeCapture).Flows)
            {
                flows++;
                faults.AddRange(AttributionClaims.WithoutReason(attributor.Attribute(flow).Attribution!)
                    .Select(claim => $"{capture}: {flow.Host ?? flow.Server.ToString()}: {claim}"));
            }
        }
        Assert.True(flows > 0);
        Assert.Empty(faults.Take(10));
    }
}
