using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Inspection;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;

namespace PiTap.Analysis;

/// <summary>
/// Packets in, knowledge out. One thread owns it. The same packets give the same records, however they are batched: all time in here is packet time.
/// </summary>
public sealed class Pipeline
{
    private readonly AnalysisOptions _options;
    private readonly Losses _losses = new();
    private readonly EngineClock _clock = new();
    private readonly FlowTable _flows = new();
    private readonly FlowQueue _open = new();
    private readonly FlowQueue _closed = new();
    private readonly FragmentReassembler _fragments = new();
    private readonly DeviceTable _devices;
    private readonly InspectionContext _inspection;
    private readonly Recorder _recorder;
    private readonly Accounts _accounts;
    private long _sequence;
    private long _sweptNs;

    /// <summary>How long what waits in vain may wait beyond its time.</summary>
    private const long SweepNs = PacketTime.NanosecondsPerSecond;

    /// <summary>How long a closed connection is kept for its last packets.</summary>
    private const long ClosedLingerNs = 10 * PacketTime.NanosecondsPerSecond;

    /// <summary>Sets up an analysis with nothing in it.</summary>
    public Pipeline(AnalysisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _devices = new DeviceTable(_losses);
        _recorder = new Recorder(_devices, _losses);
        _accounts = new Accounts(_recorder);
        _inspection = new InspectionContext(_devices, _recorder, _clock, _losses, new IgnoreList(options.IgnoreSuffixes));
    }

    /// <summary>Records that wait to be flushed.</summary>
    public int PendingRecords => _recorder.PendingRecords;

    /// <summary>Announces a source of packets; the number goes with each packet.</summary>
    public int AddSource(string name) => _accounts.AddSource(name);

    /// <summary>Takes over what a source itself has counted: received, dropped, interrupted.</summary>
    public void UpdateSource(int source, SourceCounters counters) => _accounts[source].Delivered = counters;

    /// <summary>Looks at one packet.</summary>
    public void Process(in CapturedPacket packet, int source)
    {
        long timeNs = packet.TimeNs;
        if (_clock.Advance(timeNs))
            _losses.Count(Losses.ClockSteps);
        _accounts.AtTime(timeNs);
        if (_clock.NowNs - _sweptNs >= SweepNs)
            Sweep();
        Expire();

        SourceTotals totals = _accounts[source];
        totals.Read++;
        Frame.Parse(packet.Link, packet.Data, out Frame frame);
        if (frame.Status != ParseStatus.Ok)
            _losses.Reject(frame, packet, totals);
        int length = Math.Max(packet.OriginalLength, packet.Data.Length);
        if (_options.Clients is not null && !_options.Clients.Passes(frame))
        {
            totals.Filtered++;
            totals.BytesFiltered += length;
            return;
        }
        if (!frame.IsIp)
        {
            totals.Kept++;
            totals.BytesKept += length;
            _accounts.CountMinute(_devices.None, true, 1, length);
        }
        else if (frame.IsFragment)
        {
            ProcessFragment(frame, source, length, timeNs);
        }
        else
        {
            Flow flow = Observe(frame, source, 1, length, timeNs, timeNs, out bool fromLow);
            Inspect(flow, frame, fromLow, timeNs);
        }
    }

    /// <summary>
    /// Hands over what is new. With <paramref name="includeOpen"/> the states of open flows that changed are in it, as a live run wants it
    /// each second; a replay leaves them out and gets each flow once.
    /// </summary>
    public RecordBatch Flush(bool includeOpen)
    {
        if (includeOpen)
            _recorder.RecordDirty();
        return _recorder.Take(_accounts.Sources);
    }

    /// <summary>Ends all flows and hands over the rest.</summary>
    public RecordBatch Finish()
    {
        while (_fragments.TryTakeOldest(out PartialDatagram? datagram))
            SettleDatagram(datagram!);
        while (_open.Oldest is not null || _closed.Oldest is not null)
        {
            bool takeClosed = _open.Oldest is null || (_closed.Oldest is not null && _closed.Oldest.Sequence < _open.Oldest.Sequence);
            Flow flow = takeClosed ? _closed.Oldest! : _open.Oldest!;
            End(flow, flow.IsClosed ? FlowEnd.Closed : FlowEnd.EndOfCapture);
        }
        _inspection.Lookups.Finish();
        _losses.Set(Losses.FragmentsGivenUp, _fragments.GivenUp);
        return _recorder.Take(_accounts.Sources);
    }

    private void Inspect(Flow flow, in Frame frame, bool fromLow, long timeNs)
    {
        if (flow.IsReduced)
            return;
        if (flow.Inspector is null && !InspectionContext.Wakes(flow, frame))
            return;
        bool clientIsLow = flow.ClientIsLow;
        _inspection.SenderMac = frame.SourceMac;
        flow.Inspector ??= _inspection.Create(flow);
        flow.Inspector?.Inspect(flow, frame, fromLow, timeNs);
        if (flow.ClientIsLow != clientIsLow)
            TurnRoles(flow, frame, fromLow, timeNs);
        ReduceIfIgnored(flow);
        if (_inspection.TryTakeInner(out InnerPacket inner))
            InspectInner(flow, inner, timeNs);
    }

    /// <summary>The side taken for the server was the client: what followed from the guess follows from the truth now.</summary>
    private void TurnRoles(Flow flow, in Frame frame, bool fromLow, long timeNs)
    {
        Roles.AssignDevice(flow, frame, fromLow, timeNs, _devices);
        flow.Facts.DropAddressName();
        _inspection.NameFromAnswers(flow);
    }

    /// <summary>
    /// A tunnelled packet belongs to its tunnel's flow, whose counters have it already. It goes through a flow of its own here, so that
    /// streams are put together, and what is found is noted on the tunnel.
    /// </summary>
    private void InspectInner(Flow outer, InnerPacket inner, long timeNs)
    {
        for (int depth = 0; depth < Limits.TunnelDepth; depth++)
        {
            Frame.Parse(inner.Link, inner.Data.Span, out Frame frame);
            if (!frame.IsIp || frame.IsFragment)
                return;
            var key = new FlowKey(frame.Source, frame.SourcePort, frame.Destination, frame.DestinationPort, frame.Protocol, (uint)outer.Sequence, out bool fromLow);
            Flow? flow = _flows.Find(key);
            if (flow is null)
            {
                // In a full table a flow gives way, but not the one that this one is for.
                if (_flows.Count >= _options.MaxFlows)
                    _open.MakeNewest(outer);
                flow = Open(key, frame, fromLow, 0, timeNs, _devices.None);
                flow.EnterTunnel(outer);
            }
            flow.Queue!.Touch(flow, _clock.NowNs);
            if (flow.Inspector is null && !InspectionContext.Wakes(flow, frame))
                return;
            flow.Inspector ??= _inspection.Create(flow);
            flow.Inspector?.Inspect(flow, frame, fromLow, timeNs);
            ReduceIfIgnored(outer);
            if (!_inspection.TryTakeInner(out inner))
                return;
        }
    }

    private void ProcessFragment(Frame frame, int source, int length, long timeNs)
    {
        ExpireFragments();
        bool isWhole = _fragments.Add(frame, _clock.NowNs, out PartialDatagram datagram, out ReadOnlySpan<byte> payload) == FragmentOutcome.Complete;
        if (isWhole)
            frame.ReadTransport(payload);
        if (!datagram.HasPorts && !(isWhole && frame.HasTransport))
        {
            datagram.Held ??= new HeldPackets(frame, source, timeNs);
            ((HeldPackets)datagram.Held).Add(length, timeNs);
            return;
        }
        if (datagram.HasPorts)
            frame.SetPorts(datagram.SourcePort, datagram.DestinationPort);
        Flow flow = Observe(frame, source, 1, length, timeNs, timeNs, out bool fromLow);
        if (datagram.Held is HeldPackets held)
        {
            // They came before the first fragment, which tells the ports.
            Observe(frame, held.Source, held.Packets, held.Bytes, held.FirstNs, held.LastNs, out _);
            datagram.Held = null;
        }
        if (isWhole && frame.HasTransport)
            Inspect(flow, frame, fromLow, timeNs);
    }

    private void ExpireFragments()
    {
        while (_fragments.TryExpire(_clock.NowNs, out PartialDatagram? expired))
            SettleDatagram(expired!);
        _losses.Set(Losses.FragmentsGivenUp, _fragments.GivenUp);
    }

    /// <summary>A datagram whose first fragment never came has no ports: its packets make a flow without.</summary>
    private void SettleDatagram(PartialDatagram datagram)
    {
        if (datagram.Held is not HeldPackets held)
            return;
        datagram.Held = null;
        Frame frame = Frame.WithoutTransport(datagram.Key.Source, datagram.Key.Destination, held.Protocol, held.SourceMac, held.DestinationMac);
        Observe(frame, held.Source, held.Packets, held.Bytes, held.FirstNs, held.LastNs, out _);
    }

    /// <summary>Finds or opens the flow of a packet and counts the packet on it.</summary>
    private Flow Observe(in Frame frame, int source, int packets, long bytes, long firstNs, long timeNs, out bool fromLow)
    {
        var key = new FlowKey(frame.Source, frame.SourcePort, frame.Destination, frame.DestinationPort, frame.Protocol, 0, out fromLow);
        Flow? flow = _flows.Find(key);
        if (flow is not null && MustRenew(flow, frame))
            flow = Renew(flow, frame, fromLow, source, firstNs);
        flow ??= Open(key, frame, fromLow, source, firstNs, null);
        flow.Queue!.Touch(flow, _clock.NowNs);
        if (fromLow)
        {
            flow.PacketsFromLow += packets;
            flow.BytesFromLow += bytes;
        }
        else
        {
            flow.PacketsFromHigh += packets;
            flow.BytesFromHigh += bytes;
        }
        if (timeNs > flow.EndNs)
            flow.EndNs = timeNs;
        else if (firstNs < flow.StartNs)
            flow.StartNs = firstNs;
        _accounts.CountSource(flow, source, packets, bytes);
        Device device = flow.Device;
        // Before they have an address all devices share the flow to the DHCP server.
        if (frame.Source.IsUnspecified && frame.SourceMac != flow.DeviceMac)
            device = _devices.Get(frame.SourceMac, frame.Source, timeNs);
        device.See(timeNs);
        _accounts.CountMinute(device, fromLow == flow.DeviceIsLow, packets, bytes);
        if (!flow.IsDirty)
            _recorder.MarkDirty(flow);
        if ((frame.TcpFlags & (TcpFlags.Fin | TcpFlags.Rst)) != 0)
            NoteClosing(flow, frame.TcpFlags, fromLow);
        return flow;
    }

    private Flow Open(in FlowKey key, in Frame frame, bool fromLow, int source, long timeNs, Device? device)
    {
        if (_flows.Count >= _options.MaxFlows)
        {
            _losses.Count(Losses.FlowsEvicted);
            End(_closed.Oldest ?? _open.Oldest!, FlowEnd.Evicted);
        }
        Flow flow = _recorder.NewFlow();
        flow.Key = key;
        flow.StartNs = flow.EndNs = timeNs;
        flow.OpenedNs = _clock.NowNs;
        flow.Source = source;
        flow.Facts = new FlowFacts();
        if (key.Protocol is IpProtocols.Icmp or IpProtocols.Icmp6)
            flow.Facts.AddAppProto(key.Protocol == IpProtocols.Icmp ? AppProtocol.Icmp : AppProtocol.Icmp6);
        Roles.Assign(flow, frame, fromLow, _devices);
        if (device is null)
        {
            flow.Sequence = ++_sequence;
            Roles.AssignDevice(flow, frame, fromLow, timeNs, _devices);
            _inspection.NameFromAnswers(flow);
        }
        else
        {
            flow.Device = device;
        }
        _flows.Add(flow);
        _open.Append(flow, _clock.NowNs);
        flow.Inspector = _inspection.Create(flow);
        ReduceIfIgnored(flow);
        return flow;
    }

    private bool MustRenew(Flow flow, in Frame frame)
    {
        if (_options.FlowIdleTimeoutNs is null)
            return false;
        bool isNewConnection = flow.IsClosed && (frame.TcpFlags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn;
        return isNewConnection || _clock.NowNs - flow.OpenedNs >= _options.FlowActiveTimeoutNs;
    }

    private Flow? Renew(Flow flow, in Frame frame, bool fromLow, int source, long timeNs)
    {
        if (flow.IsClosed)
        {
            End(flow, FlowEnd.Closed);
            return null;
        }
        // Past the active time-out the flow goes on: what is known of it holds for the next record.
        FlowKey key = flow.Key;
        FlowFacts facts = flow.Facts;
        (bool clientIsLow, bool deviceIsLow, bool isReduced) = (flow.ClientIsLow, flow.DeviceIsLow, flow.IsReduced);
        (Device device, MacAddress mac) = (flow.Device, flow.DeviceMac);
        Inspector? inspector = flow.Inspector;
        flow.Inspector = null;
        End(flow, FlowEnd.Active);
        Flow next = Open(key, frame, fromLow, source, timeNs, device);
        next.Sequence = ++_sequence;
        next.SetDevice(device, mac, deviceIsLow);
        next.Inspector?.Finish(next);
        next.Inspector = inspector;
        facts.BeginRecord();
        next.Facts = facts;
        next.ClientIsLow = clientIsLow;
        next.AreRolesSure = true;
        next.IsReduced = isReduced;
        return next;
    }

    private void NoteClosing(Flow flow, TcpFlags flags, bool fromLow)
    {
        if (fromLow)
            flow.FinFromLow |= (flags & TcpFlags.Fin) != 0;
        else
            flow.FinFromHigh |= (flags & TcpFlags.Fin) != 0;
        if (flow.IsClosed || !((flags & TcpFlags.Rst) != 0 || (flow.FinFromLow && flow.FinFromHigh)))
            return;
        flow.IsClosed = true;
        flow.Queue!.Remove(flow);
        _closed.Append(flow, _clock.NowNs);
    }

    /// <summary>What waits for packets that may never come: questions for answers, fragments for the others.</summary>
    private void Sweep()
    {
        _sweptNs = _clock.NowNs;
        _inspection.Lookups.Expire(_sweptNs);
        ExpireFragments();
    }

    private void Expire()
    {
        if (_options.FlowIdleTimeoutNs is not long idleNs)
            return;
        long nowNs = _clock.NowNs;
        while (_open.Oldest is Flow idle && nowNs - idle.LastSeenNs > idleNs)
            End(idle, FlowEnd.Idle);
        long lingerNs = Math.Min(idleNs, ClosedLingerNs);
        while (_closed.Oldest is Flow closed && nowNs - closed.LastSeenNs > lingerNs)
            End(closed, FlowEnd.Closed);
    }

    private void End(Flow flow, FlowEnd end)
    {
        while (flow.Inner is Flow inner)
            End(inner, end);
        flow.Queue!.Remove(flow);
        _flows.Remove(flow);
        flow.Inspector?.Finish(flow);
        flow.Inspector = null;
        ReduceIfIgnored(flow);
        if (flow.Tunnel is null)
        {
            FlowFacts facts = flow.Facts;
            _recorder.RecordEnd(flow, end);
            _inspection.Release(facts);
            return;
        }
        flow.LeaveTunnel();
        _recorder.Recycle(flow);
    }

    private void ReduceIfIgnored(Flow flow)
    {
        if (_inspection.Ignored.IsEmpty || flow.IsReduced || flow.Facts.Host is null || !_inspection.Ignored.Contains(flow.Facts.Host))
            return;
        // Hosts share addresses: what an answer says about one holds only where the flow itself tells nothing better.
        if (flow.Inspector is not null && flow.Facts.HostSource is HostSource.Dns or HostSource.Mdns)
            return;
        // A tunnel leads to many hosts: one of them does not speak for the others.
        if (flow.Facts.Has(AppProtocol.Tunnel))
            return;
        flow.IsReduced = true;
        flow.Inspector?.Finish(flow);
        flow.Inspector = null;
        _accounts.Reduce(flow);
    }
}
