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
            ReplayResult run = Replay.Run(CaptureFolder.Full(capture), Replay.WholeCapture);
            faults.AddRange(PartyRollup.Of(run.Contacts.Select(attributor.Attribute)).SelectMany(AttributionClaims.WithoutReason)
                .Select(claim => $"{capture}: parties: {claim}"));
            faults.AddRange(run.Devices.Select(attributor.Attribute).SelectMany(AttributionClaims.WithoutReason)
                .Select(claim => $"{capture}: devices: {claim}"));
            foreach (FlowRecord flow in run.Flows)
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
