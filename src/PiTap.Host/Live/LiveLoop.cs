using PiTap.Analysis;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Live;

/// <summary>The source of a live capture: interfaces read as one, each of which counts for itself.</summary>
/// <param name="Packets">All of them; a packet's interface is an index into <paramref name="Parts"/>.</param>
/// <param name="Parts">Each of them.</param>
/// <param name="RequestStop">Ends capturing; what is on its way is still read until the source says End.</param>
internal sealed record LiveSource(IPacketSource Packets, IReadOnlyList<IPacketSource> Parts, Action RequestStop);

/// <summary>
/// The analysis thread of a live capture: takes packets as they come, brings the live state up to date four times a second, and at once
/// for something new. What is known by then goes to the store within half a second where it is new, and else with the next flush of mere
/// counters, so that a quiet network costs a card little; all that also when no packet comes.
/// </summary>
internal sealed class LiveLoop(
    Pipeline pipeline, IRecordSink sink, LiveBoard board, ControlQueue commands, TimeProvider clock, TimeSpan flushInterval,
    Action<string> failed)
{
    /// <summary>Records that are pending in the analysis before they are taken, whatever the time.</summary>
    private const int MaxTakeRecords = 4_096;

    /// <summary>Packets taken before the clock is looked at again.</summary>
    private const int MaxBurstPackets = 1024;

    /// <summary>Packet time in a burst: where packets come one by one, a thousand of them may take minutes.</summary>
    private const ulong MaxBurstNs = 20_000_000;

    /// <summary>Takes beyond those four a second cost at most a part of the time in so many.</summary>
    private const int MaxShareOfTime = 50;

    /// <summary>
    /// Whatever happens to the process, what was new in the last second is the most that may be lost of it: half of that is left to the
    /// kernel's block and the commit.
    /// </summary>
    private static readonly TimeSpan s_storeNewsEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a flow that moved counts as active.</summary>
    private static readonly TimeSpan s_activeFor = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// With the tenth of a second that a silent source may wait, this makes four times a second, whatever a take costs.
    /// </summary>
    private static readonly TimeSpan s_takeEvery = TimeSpan.FromMilliseconds(150);

    /// <summary>For flows that were opened, each of which may be somebody new.</summary>
    private static readonly TimeSpan s_takeNewEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>How long somebody new is followed more closely: the name comes some packets later.</summary>
    private static readonly TimeSpan s_followFor = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_followEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>How long packets that were on their way are taken after the wish to end.</summary>
    private static readonly TimeSpan s_maxDrain = TimeSpan.FromSeconds(5);

    private readonly BatchJoin _pending = new();
    private readonly HashSet<long> _active = [];

    /// <summary>As much earlier as news: what is promised is when it is on the disk.</summary>
    private readonly TimeSpan _storeEvery = flushInterval - TimeSpan.FromMilliseconds(500);
    private LiveSource? _source;
    private int[] _indices = [];
    private bool[] _haveFailed = [];
    private long _taken;
    private TimeSpan _takeCost;
    private long _stored;
    private long _activeSince;
    private long _flowsSeen;
    private long? _newSince;

    /// <summary>Runs until stopped, until the time is over, or until no interface is left. False in the last case.</summary>
    public bool Run(LiveSource source, TimeSpan? duration, CancellationToken stop)
    {
        _source = source;
        _indices = [.. source.Parts.Select(part => pipeline.AddSource(part.Name))];
        _haveFailed = new bool[_indices.Length];
        long started = _taken = _stored = _activeSince = clock.GetTimestamp();
        long? stopping = null;
        bool isOpen = true;
        while (isOpen)
        {
            isOpen = Drain(source.Packets);
            commands.RunNext();
            if (IsTakeDue())
                Take();
            if (IsStoreDue())
                Store();
            if (stopping is null && (stop.IsCancellationRequested || clock.GetElapsedTime(started) >= duration))
            {
                stopping = clock.GetTimestamp();
                source.RequestStop();
            }
            if (stopping is long since && clock.GetElapsedTime(since) >= s_maxDrain)
                break;
        }
        commands.Close();
        UpdateSources();
        foreach (RecordBatch batch in pipeline.FinishInParts(MaxTakeRecords))
        {
            Gather(batch);
            sink.WriteLast(_pending.Take());
        }
        board.End();
        return stopping is not null;
    }

    /// <summary>For a command, between packets: all that is known goes to the live state and to the store now.</summary>
    public void HandOver()
    {
        Take();
        Store();
    }

    /// <summary>Takes what there is, up to a burst. False if the source ended.</summary>
    private bool Drain(IPacketSource packets)
    {
        long firstNs = 0;
        for (int i = 0; i < MaxBurstPackets; i++)
        {
            ReadStatus status = packets.Read(out CapturedPacket packet);
            if (status != ReadStatus.Packet)
                return status == ReadStatus.Idle;
            pipeline.Process(in packet, _indices[packet.Interface]);
            if (i == 0)
            {
                firstNs = packet.TimeNs;
                board.Health.NotePackets();
            }
            // A step back of the clock is as good a reason as any.
            if ((ulong)(packet.TimeNs - firstNs) > MaxBurstNs)
                break;
        }
        return true;
    }

    private bool IsStoreDue() => _pending.Bytes >= RecordStore.MaxGatheredBytes
        || clock.GetElapsedTime(_stored) >= (_pending.HasNews ? s_storeNewsEvery : _storeEvery);

    private bool IsTakeDue()
    {
        TimeSpan since = clock.GetElapsedTime(_taken);
        if (since >= s_takeEvery || pipeline.PendingStates >= MaxTakeRecords)
            return true;
        if (since < _takeCost * MaxShareOfTime)
            return false;
        if (_flowsSeen != pipeline.FlowsOpened)
            return since >= s_takeNewEvery;
        return _newSince is long began && clock.GetElapsedTime(began) < s_followFor && since >= s_followEvery;
    }

    /// <summary>What the analysis has found goes to the live state, and waits for the store.</summary>
    private void Take()
    {
        _taken = clock.GetTimestamp();
        _flowsSeen = pipeline.FlowsOpened;
        UpdateSources();
        if (Gather(pipeline.Flush(includeOpen: true)))
            _newSince = _taken;
        _takeCost = clock.GetElapsedTime(_taken);
    }

    private void UpdateSources()
    {
        for (int i = 0; i < _indices.Length; i++)
        {
            pipeline.UpdateSource(_indices[i], _source!.Parts[i].Counters());
            if (_haveFailed[i] || _source.Parts[i].Failure is not string failure)
                continue;
            _haveFailed[i] = true;
            board.Health.Fail(failure);
            failed(failure);
        }
    }

    /// <summary>True if somebody is in it that was not there.</summary>
    private bool Gather(RecordBatch batch)
    {
        _pending.Add(batch);
        NoteActive(batch.Flows);
        return board.Take(batch);
    }

    private void NoteActive(IReadOnlyList<FlowRecord> flows)
    {
        foreach (FlowRecord flow in flows)
            _active.Add(flow.Sequence);
        if (clock.GetElapsedTime(_activeSince) < s_activeFor)
            return;
        _activeSince = clock.GetTimestamp();
        board.NoteActiveFlows(_active.Count);
        _active.Clear();
    }

    private void Store()
    {
        _stored = clock.GetTimestamp();
        sink.Write(_pending.Take());
    }
}
