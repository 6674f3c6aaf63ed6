using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis;

/// <content>What is known of a device goes when its owner says so.</content>
public sealed partial class Pipeline
{
    /// <summary>The devices of the run, as they are now.</summary>
    public IReadOnlyList<DeviceRecord> Devices() => [.. _devices.Known.Select(static device => device.ToRecord())];

    /// <summary>
    /// Forgets a device: its names, addresses and open flows, what it was told and asked, and what of it the next flush would hand over;
    /// of other devices the open flows and questions that it is in, and what they were told of it. Its packets stay in the totals. The next
    /// packet of it makes a new device with new flows.
    /// </summary>
    /// <param name="traces">The device, by what is known of all (<see cref="Devices"/>).</param>
    /// <returns>True if there was such a device.</returns>
    public bool Forget(DeviceTraces traces)
    {
        ArgumentNullException.ThrowIfNull(traces);
        Device? device = _devices.Known.FirstOrDefault(known => traces.IsDevice(known.Id));
        // Flows first: what their readers still hold may become records, and those are dropped with the others.
        DropFlows(_open, device, traces);
        DropFlows(_closed, device, traces);
        _lookups.Forget(traces);
        _names.Addresses.Forget(device, traces);
        bool isIn(Device owner, IpAddress address, FlowFacts facts) =>
            traces.IsDevice(owner.Id) || traces.IsAddress(address) || traces.IsText(facts.Host) || facts.HostAliases.Any(traces.IsText);
        _silent.Forget((owner, key, facts) => isIn(owner, key.Low, facts) || traces.IsAddress(key.High));
        _migrations.Forget(isIn);
        _recorder.Forget(device, traces);
        _devices.ForgetEvicted(traces);
        if (device is null)
            return false;
        _names.Ech.Forget(device);
        _devices.Remove(device);
        return true;
    }

    private void DropFlows(FlowQueue queue, Device? device, DeviceTraces traces)
    {
        OpenFlow? newer;
        for (OpenFlow? flow = queue.Oldest; flow is not null; flow = newer)
        {
            newer = flow.Newer;
            // Where it was booked on this device before the sides turned out to be the other way round, or by its name before there was a
            // better one, there is nothing left to take back.
            if (flow.Share.Device is Device booked && (booked == device || traces.IsText(flow.Share.Host)))
                flow.Share = default;
            // One in a tunnel has no record: what was found in it is the tunnel's.
            if (flow.Tunnel is not null || !IsIn(traces, flow))
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

    /// <summary>What is so of its record, which need not be made for each.</summary>
    private static bool IsIn(DeviceTraces traces, OpenFlow flow) =>
        traces.IsDevice(flow.Device.Id) || traces.IsAddress(flow.Key.Low) || traces.IsAddress(flow.Key.High)
        || traces.IsIn(flow.Facts.Host, flow.Facts.HostAliases, flow.Facts.HelloList(), flow.Facts.HttpList());

    /// <summary>Takes a flow out without a record.</summary>
    private void Drop(OpenFlow flow)
    {
        StopAwaiting(flow);
        flow.Queue!.Remove(flow);
        _flows.Remove(flow);
        flow.LeaveDevice();
        flow.Inspector?.Finish(flow);
        flow.Inspector = null;
        _recorder.Leave(flow);
        if (flow.Tunnel is null)
            _facts.Release(flow.Facts);
        else
            flow.LeaveTunnel();
        _ended.Return(flow);
    }
}
