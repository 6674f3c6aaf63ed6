using System.Runtime.CompilerServices;
using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Inspection;
using PiTap.Analysis.Naming;
using PiTap.Analysis.Records;
using PiTap.Analysis.Search;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;

namespace PiTap.Analysis;

/// <summary>
/// Packets in, knowledge out. One thread owns it. The same packets give the same records, however they are batched: all time in here is
/// packet time.
/// </summary>
public sealed partial class Pipeline
{
    private readonly AnalysisOptions _options;
    private readonly Losses _losses = new();
    private readonly EngineClock _clock = new();
    private readonly FlowTable _flows = new();
    private readonly FlowPool _ended = new();
    private readonly FlowQueue _open = new();
    private readonly FlowQueue _closed = new();
    private readonly FragmentReassembler _fragments = new();
    private readonly DeviceTable _devices;
    private readonly NameTables _names;
    private readonly LookupLedger _lookups;
    private readonly FactBudget _facts;
    private readonly Inspectors _inspectors;
    private readonly Recorder _recorder;
    private readonly Accounts _accounts;
    private readonly KnownConnections<FlowKey> _silent;
    private readonly QuicMigrations _migrations;
    private long _sequence;
    private long _sweptNs;

    /// <summary>How long something may be pending beyond its time-out.</summary>
    private const long SweepNs = PacketTime.NanosecondsPerSecond;

    /// <summary>How long a closed connection is kept for its last packets.</summary>
    private const long ClosedLingerNs = 10 * PacketTime.NanosecondsPerSecond;

    /// <summary>Sets up an analysis with nothing in it.</summary>
    public Pipeline(AnalysisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFlows, 2);
        _options = options;
        _devices = new DeviceTable(_losses);
        _facts = new FactBudget(_losses);
        _names = new NameTables(_clock, _losses, new IgnoreList(options.IgnoreSuffixes));
        var lookups = new FoundLookups();
        var work = new WorkGate(_clock, _losses);
        _lookups = new LookupLedger(_names, lookups, _devices, work, _clock, _losses);
        _recorder = new Recorder(_devices, lookups, _losses);
        _accounts = new Accounts(_recorder, _devices);
        _migrations = new QuicMigrations(_clock, _losses);
        _mirrors = new MirrorPairs(_losses);
        _translated = new TranslatedFlows(_losses);
        PayloadSearch? search = options.Searcher is null ? null : new PayloadSearch(options.Searcher, _losses);
        var observers = new Observers(_names, _facts, _lookups, _devices, work, _migrations);
        _inspectors = new Inspectors(new InspectionBuffers(_losses), observers, search);
        _silent = new KnownConnections<FlowKey>(_clock, _losses, FlowKey.Comparer(SeededHash.Create()));
    }

    /// <summary>Records pending for the next flush.</summary>
    public int PendingRecords => _recorder.PendingRecords;

    /// <summary>The same of a flush that brings the states of open flows, too.</summary>
    public int PendingStates => _recorder.PendingRecords + _recorder.DirtyFlows;

    /// <summary>Flows begun so far; where it grew, somebody new may have been contacted.</summary>
    public long FlowsOpened => _sequence;

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
        int length = Math.Max(packet.OriginalLength, packet.Data.Length);
        if (length > packet.Data.Length)
            totals.Cut++;
        Read(packet, source, length);
        if (_opened is not null)
            NoteApp(packet);
    }

    /// <summary>Reads a packet's layers, whether it was captured so or came in a mirror's tunnel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Read(in CapturedPacket packet, int source, int length)
    {
        if (packet.Link != LinkType.Ethernet && TryProcessWifi(packet, source, length))
            return;
        Frame.Parse(packet.Link, packet.Data, out Frame frame);
        if (frame.Status != ParseStatus.Ok)
            _losses.Reject(frame, packet, _accounts[source].Name, _accounts[source].Read);
        Take(frame, source, length, packet.TimeNs);
    }

    /// <summary>Books a packet, and looks into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(in Frame frame, int source, int length, long timeNs)
    {
        SourceTotals totals = _accounts[source];
        if (_options.Clients is not null && !_options.Clients.Passes(frame) && !IsMirrored(frame))
        {
            totals.Filtered++;
            totals.BytesFiltered += length;
            return;
        }
        if (!frame.IsIp)
        {
            totals.NotIp += frame.EtherType == EtherTypes.Arp ? 0 : 1;
            totals.Kept++;
            totals.BytesKept += length;
            _accounts.CountMinute(_devices.None, true, 1, length);
        }
        else if (frame.IsFragment)
        {
            ProcessFragment(frame, source, length, timeNs);
        }
        else if (frame.IsOutgoing is null || !IsTranslated(frame, source, length, timeNs))
        {
            if (_doubled.IsSecond(frame, timeNs))
                totals.Doubled++;
            OpenFlow? flow = Observe(frame, source, 1, length, timeNs, timeNs, out bool fromLow);
            if (flow is null)
                TakeMirrored(frame, source, 1, length, timeNs);
            else
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
        return Hand(isEnd: false);
    }

    /// <summary>Ends all flows and hands over the rest.</summary>
    public RecordBatch Finish() => FinishInParts(int.MaxValue).Single();

    /// <summary>
    /// As <see cref="Finish"/>, in batches of about so many records: of many open flows there are no records of all of them at one time.
    /// </summary>
    public IEnumerable<RecordBatch> FinishInParts(int records)
    {
        while (_fragments.TryTakeOldest(out PartialDatagram? datagram))
            SettleDatagram(datagram!);
        while (_open.Oldest is not null || _closed.Oldest is not null)
        {
            bool takeClosed = _open.Oldest is null || (_closed.Oldest is not null && _closed.Oldest.Sequence < _open.Oldest.Sequence);
            OpenFlow flow = takeClosed ? _closed.Oldest! : _open.Oldest!;
            End(flow, flow.IsClosed ? FlowEnd.Closed : FlowEnd.EndOfCapture);
            if (PendingRecords >= records)
                yield return Hand(isEnd: true);
        }
        _lookups.Finish();
        _losses.Set(Losses.FragmentsGivenUp, _fragments.GivenUp);
        yield return Hand(isEnd: true);
    }

    private RecordBatch Hand(bool isEnd)
    {
        _accounts.NoteLosses(_losses);
        _losses.Set(Losses.WifiPartsGivenUp, _wifi?.GivenUp ?? 0);
        return _recorder.Take(_accounts.Sources, isEnd);
    }

    /// <summary>
    /// Finds or opens the flow of a packet and counts the packet on it; null, and nothing counted, for one that only carries a mirror's
    /// copy of another.
    /// </summary>
    private OpenFlow? Observe(in Frame frame, int source, int packets, long bytes, long firstNs, long timeNs, out bool fromLow)
    {
        var key = new FlowKey(frame, tunnel: 0, out fromLow);
        OpenFlow? flow = _flows.Find(key);
        if (flow is not null && MustRenew(flow, frame, fromLow))
            flow = Renew(flow, frame, fromLow, source, firstNs);
        if (flow is not null && (flow.Reopening is not null || (frame.TcpFlags & TcpFlags.Syn) != 0))
            flow = FollowSyn(flow, frame, fromLow, source, bytes, timeNs);
        if (flow is null)
        {
            if (IsMirrored(frame))
                return null;
            if (_fragments.HasIncomplete)
                ReadBeginnings(frame);
        }
        flow ??= Open(key, frame, fromLow, source, firstNs, null);
        flow.Queue!.Touch(flow, _clock.NowNs);
        if (fromLow)
        {
            if (flow.FirstFromLow == 0)
                BeginDirection(flow, frame, ref flow.FirstFromLow, isDevice: flow.DeviceIsLow, timeNs);
            flow.PacketsFromLow += packets;
            flow.BytesFromLow += bytes;
        }
        else
        {
            if (flow.FirstFromHigh == 0)
                BeginDirection(flow, frame, ref flow.FirstFromHigh, isDevice: !flow.DeviceIsLow, timeNs);
            flow.PacketsFromHigh += packets;
            flow.BytesFromHigh += bytes;
        }
        if (flow.IsUnanswered && flow.IsAnswered)
            StopAwaiting(flow);
        if (timeNs > flow.EndNs)
            flow.EndNs = timeNs;
        else if (firstNs < flow.StartNs)
            flow.StartNs = firstNs;
        _accounts.CountSource(flow, source, packets, bytes);
        Device device = flow.Device;
        if (device.IsForgotten)
            device = Readmit(flow, timeNs);
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

    private OpenFlow Open(in FlowKey key, in Frame frame, bool fromLow, int source, long timeNs, Device? device)
    {
        MakeRoom(null);
        OpenFlow flow = _ended.Rent(key);
        if (device is null)
            AwaitAnswer(flow);
        flow.StartNs = flow.EndNs = timeNs;
        flow.OpenedNs = _clock.NowNs;
        flow.Source = source;
        flow.SourceName = _accounts[source].Name;
        if (key.Protocol is IpProtocols.Icmp or IpProtocols.Icmp6)
            flow.Facts.AddAppProto(key.Protocol == IpProtocols.Icmp ? AppProtocol.Icmp : AppProtocol.Icmp6);
        else if (key.Protocol == IpProtocols.Esp)
            flow.Facts.AddAppProto(AppProtocol.Esp);
        Roles.Assign(flow, frame, fromLow, _devices);
        if (device is null)
        {
            _opened = flow;
            flow.Sequence = ++_sequence;
            if (!TryGoOn(flow, frame, timeNs))
                Roles.AssignDevice(flow, frame, fromLow, timeNs, _devices);
            _names.Addresses.NameServer(flow);
        }
        else
        {
            flow.SetDevice(device, default, flow.ClientIsLow);
        }
        _flows.Add(flow);
        _open.Append(flow, _clock.NowNs);
        flow.Inspector = _inspectors.Create(flow);
        ReduceIfIgnored(flow);
        return flow;
    }

    private bool MustRenew(OpenFlow flow, in Frame frame, bool fromLow)
    {
        if (_options.FlowIdleTimeoutNs is null)
            return false;
        return (flow.IsClosed && BeginsAnother(flow, frame, fromLow)) || _clock.NowNs - flow.OpenedNs >= _options.FlowActiveTimeoutNs;
    }

    private OpenFlow? Renew(OpenFlow flow, in Frame frame, bool fromLow, int source, long timeNs)
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
        (uint firstFromLow, uint firstFromHigh) = (flow.FirstFromLow, flow.FirstFromHigh);
        Inspector? inspector = flow.Inspector;
        flow.Inspector = null;
        End(flow, FlowEnd.Active);
        OpenFlow next = Open(key, frame, fromLow, source, timeNs, device);
        next.Sequence = ++_sequence;
        next.SetDevice(device, mac, deviceIsLow);
        next.Inspector?.Finish(next);
        next.Inspector = inspector;
        facts.BeginRecord();
        next.Facts = facts;
        next.ClientIsLow = clientIsLow;
        next.AreRolesSure = true;
        (next.FirstFromLow, next.FirstFromHigh) = (firstFromLow, firstFromHigh);
        next.IsReduced = isReduced;
        return next;
    }

    private void NoteClosing(OpenFlow flow, TcpFlags flags, bool fromLow)
    {
        if (fromLow)
            flow.FinFromLow |= (flags & TcpFlags.Fin) != 0;
        else
            flow.FinFromHigh |= (flags & TcpFlags.Fin) != 0;
        if (flow.IsClosed || !((flags & TcpFlags.Rst) != 0 || (flow.FinFromLow && flow.FinFromHigh)))
            return;
        flow.IsClosed = true;
        StopAwaiting(flow);
        flow.Queue!.Remove(flow);
        _closed.Append(flow, _clock.NowNs);
    }

    /// <summary>What is pending for packets that may never come: questions for answers, fragments for the others.</summary>
    private void Sweep()
    {
        _sweptNs = _clock.NowNs;
        _lookups.Expire(_sweptNs);
        ExpireFragments();
    }

    private void Expire()
    {
        if (_options.FlowIdleTimeoutNs is not long idleNs)
            return;
        long nowNs = _clock.NowNs;
        while (_open.Oldest is OpenFlow idle && nowNs - idle.LastSeenNs > idleNs)
            End(idle, FlowEnd.Idle);
        long lingerNs = Math.Min(idleNs, ClosedLingerNs);
        while (_closed.Oldest is OpenFlow closed && nowNs - closed.LastSeenNs > lingerNs)
            End(closed, FlowEnd.Closed);
    }

    /// <summary>Ends a flow: the object may be another flow's with the next one that opens.</summary>
    private void End(OpenFlow flow, FlowEnd end)
    {
        while (flow.Inner is OpenFlow inner)
            End(inner, end);
        StopAwaiting(flow);
        flow.Queue!.Remove(flow);
        _flows.Remove(flow);
        flow.LeaveDevice();
        flow.Inspector?.Finish(flow);
        flow.Inspector = null;
        ReduceIfIgnored(flow);
        if (flow.Tunnel is not null)
        {
            flow.LeaveTunnel();
        }
        else
        {
            _recorder.RecordEnd(flow, end);
            KeepIfSilent(flow, end);
            _recorder.Leave(flow);
            _facts.Release(flow.Facts);
        }
        _ended.Return(flow);
    }

    private void ReduceIfIgnored(OpenFlow flow)
    {
        if (_names.Ignored.IsEmpty || flow.IsReduced || flow.Facts.Host is null || !_names.Ignored.Contains(flow.Facts.Host))
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
