using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis;

/// <content>What gives way when a table is full, and what becomes of it if it goes on.</content>
public sealed partial class Pipeline
{
    /// <summary>A device with more than this part of all flows makes room for the others.</summary>
    private const int FlowShares = 4;

    /// <summary>Flows that are passed over before one gives way whatever it is.</summary>
    private const int MaxSecondChances = 16;

    /// <summary>In a full table a flow gives way, but not the tunnel that the new one is for.</summary>
    private void MakeRoom(OpenFlow? tunnel)
    {
        if (_flows.Count < _options.MaxFlows)
            return;
        OpenFlow victim = LeastUseful();
        if (victim == tunnel)
        {
            _open.MakeNewest(tunnel);
            victim = _open.Oldest!;
        }
        _losses.Count(Losses.FlowsEvicted);
        End(victim, FlowEnd.Evicted);
    }

    /// <summary>
    /// One that is over, else the one silent for longest. An answered one of a device with few is passed over: floods get no answers, and
    /// one device does not drive out the others.
    /// </summary>
    private OpenFlow LeastUseful()
    {
        if (_closed.Oldest is OpenFlow closed)
            return closed;
        for (int i = 0; i < MaxSecondChances; i++)
        {
            OpenFlow oldest = _open.Oldest!;
            if (!oldest.IsAnswered || oldest.Device.OpenFlows > _options.MaxFlows / FlowShares)
                return oldest;
            _open.MakeNewest(oldest);
        }
        return _open.Oldest!;
    }

    /// <summary>The device of an open flow was forgotten for another and sends again: it is known anew.</summary>
    private Device Readmit(OpenFlow flow, long timeNs)
    {
        Roles.SetDevice(flow, flow.DeviceMac, flow.DeviceIsLow, timeNs, _devices);
        return flow.Device;
    }
}
