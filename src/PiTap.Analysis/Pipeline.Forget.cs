using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;

namespace PiTap.Analysis;

/// <content>What is known of a device goes when its owner says so.</content>
public sealed partial class Pipeline
{
    /// <summary>
    /// Forgets a device: its names, addresses and open flows, what it was told and asked, and what of it the next flush would hand over.
    /// Its packets stay in the totals. The next packet of it makes a new device with new flows.
    /// </summary>
    /// <param name="deviceId">The identifier (<see cref="Model.DeviceRecord.Id"/>).</param>
    /// <returns>True if there was such a device.</returns>
    public bool Forget(string deviceId)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        Device? device = _devices.All.FirstOrDefault(known => known.Id == deviceId);
        if (device is null)
            return false;
        // Flows first: what their readers still hold may become records, and those are dropped with the others.
        DropFlows(_open, device);
        DropFlows(_closed, device);
        _lookups.Forget(device.Id);
        _names.Addresses.Forget(device);
        _names.Ech.Forget(device);
        _recorder.Forget(device);
        _devices.Remove(device);
        return true;
    }

    private void DropFlows(FlowQueue queue, Device device)
    {
        OpenFlow? newer;
        for (OpenFlow? flow = queue.Oldest; flow is not null; flow = newer)
        {
            newer = flow.Newer;
            // Where it was booked on this device before the sides turned out to be the other way round, there is nothing left to take back.
            if (flow.Share.Device == device)
                flow.Share = default;
            if (flow.Device != device)
                continue;
            while (flow.Inner is OpenFlow inner)
            {
                // It may be the next one of this queue.
                newer = inner == newer ? inner.Newer : newer;
                Drop(inner);
            }
            Drop(flow);
        }
    }

    /// <summary>Takes a flow out without a record.</summary>
    private void Drop(OpenFlow flow)
    {
        flow.Queue!.Remove(flow);
        _flows.Remove(flow);
        flow.Inspector?.Finish(flow);
        flow.Inspector = null;
        _recorder.Leave(flow);
        if (flow.Tunnel is null)
            _facts.Release(flow.Facts);
        else
            flow.LeaveTunnel();
    }
}
