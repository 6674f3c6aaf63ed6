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

    private int _unanswered;

    /// <summary>A flow begins to wait for its answer. Of too many the one that was silent for longest gives way.</summary>
    private void AwaitAnswer(OpenFlow flow)
    {
        flow.IsUnanswered = true;
        if (++_unanswered <= Limits.UnansweredFlows)
            return;
        for (int i = 0; i < MaxSecondChances && _open.Oldest is OpenFlow oldest; i++)
        {
            if (oldest.IsUnanswered)
            {
                _losses.Count(Losses.FlowsEvicted);
                End(oldest, FlowEnd.Evicted);
                return;
            }
            _open.MakeNewest(oldest);
        }
    }

    /// <summary>It was answered, or is over.</summary>
    private void StopAwaiting(OpenFlow flow)
    {
        _unanswered -= flow.IsUnanswered ? 1 : 0;
        flow.IsUnanswered = false;
    }

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
