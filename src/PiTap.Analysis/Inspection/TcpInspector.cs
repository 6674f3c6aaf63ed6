using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Search;
using PiTap.Analysis.Streams;
using PiTap.Model;
using PiTap.Wire.Frames;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Looks into a TCP connection until it is settled: both directions are put in order and read by <see cref="StreamReader"/>. Readable
/// protocols are followed to their end; for the others a dozen packets decide. A searcher, if there is one, sees the same bytes, and more
/// of them.
/// </summary>
internal sealed class TcpInspector : Inspector, IStreamHolder
{
    private readonly InspectionBuffers _buffers;
    private readonly Observers _observers;
    private readonly SearchTap? _tap;
    private readonly MemoryAccount? _tapBudget;
    private StreamShare? _share;
    private TcpConnection? _connection;

    // Null until there is payload: of a connection that never comes about the numbers of the SYNs are all that is known.
    private Streams? _streams;
    private uint? _synFromLow;
    private uint? _synFromHigh;
    private int _payloadPackets;
    private long _latestNs;
    private bool _isReaderDone;

    public TcpInspector(InspectionBuffers buffers, Observers observers, SearchTap? tap, MemoryAccount? tapBudget)
    {
        _buffers = buffers;
        _tap = tap;
        _tapBudget = tapBudget;
        _observers = observers;
    }

    /// <summary>Where segments wait for the searcher; null if none is shown this flow any more.</summary>
    private MemoryAccount? TapMemory => _tap is { IsOpen: true } ? _tapBudget : null;

    /// <summary>What the flow holds of the common account; one without payload needs none.</summary>
    private StreamShare Share => _share ??= new StreamShare(_buffers.Budget, this);

    public override bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        Flow flow = packet.Flow;
        _latestNs = packet.TimeNs;
        if (_isReaderDone && Waking.Wakes(flow, frame))
            (_isReaderDone, _payloadPackets) = (false, 0);
        if (_streams is null && frame.Payload.IsEmpty)
        {
            if ((frame.TcpFlags & TcpFlags.Syn) != 0)
                (packet.FromLow ? ref _synFromLow : ref _synFromHigh) = frame.TcpFirstByte;
            return true;
        }
        _streams ??= BeginStreams();
        ref Direction from = ref packet.FromLow ? ref _streams.Low : ref _streams.High;
        ref Direction to = ref packet.FromLow ? ref _streams.High : ref _streams.Low;
        if ((frame.TcpFlags & TcpFlags.Syn) != 0 && from.Begin(frame.TcpFirstByte))
            _tap?.Begin(packet.FromLow);
        if ((frame.TcpFlags & TcpFlags.Ack) != 0 && to.HasWaiting)
        {
            var context = new PacketContext(flow, !packet.FromLow, packet.TimeNs, packet.SenderMac);
            to.Acknowledge(_tap, context, frame.TcpAcknowledgement);
        }
        if (!frame.Payload.IsEmpty)
        {
            flow.Facts.HasPayload = true;
            _payloadPackets++;
            // Data on the SYN itself (RFC 7413) begins behind it.
            uint sequence = frame.TcpFirstByte;
            if (frame.IsCut)
                NoteCutHello(flow.Facts, frame.Payload);
            if (TlsRecordView.LooksLikeHello(frame.Payload))
                (packet.FromLow ? ref flow.HelloFromLow : ref flow.HelloFromHigh) = sequence;
            if (!_isReaderDone)
                from.Reader ??= new StreamReader(_connection ??= new TcpConnection(_buffers, _observers, Share), packet.FromLow);
            // What waits for the searcher alone waits on the searcher's account.
            IStreamMemory? memory = _isReaderDone ? TapMemory : Share;
            if (memory is not null && (frame.TcpFlags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn)
                from.AddWithSyn(sequence, frame.Payload, memory);
            else if (memory is not null)
                from.Add(_tap, packet, sequence, frame.Payload, memory);
            if (from.TakeContradiction())
                NoteContradiction(packet, frame.Payload);
        }
        if (!_isReaderDone && IsReaderSettled())
            StopReading();
        if (!_isReaderDone || _tap is { IsOpen: true })
            return true;
        Release();
        return false;
    }

    private Streams BeginStreams()
    {
        Streams streams = new(_buffers.Losses);
        if (_synFromLow is uint low && streams.Low.Begin(low))
            _tap?.Begin(isLow: true);
        if (_synFromHigh is uint high && streams.High.Begin(high))
            _tap?.Begin(isLow: false);
        return streams;
    }

    /// <summary>
    /// Other bytes under the same numbers: one of the two is a decoy, or somebody's on the way. Which one arrived does not show, so a hello
    /// is noted beside the first one.
    /// </summary>
    private void NoteContradiction(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        _buffers.Losses.Count(Losses.SegmentsContradictory);
        if (packet.Facts.IsContradicted)
            return;
        packet.Facts.IsContradicted = true;
        if (_isReaderDone || _connection is null || !TlsRecordView.LooksLikeHello(payload))
            return;
        var reader = new StreamReader(_connection, packet.FromLow);
        reader.OnBytes(packet, payload, isSegmentStart: true);
        reader.Release();
    }

    /// <summary>A hello that begins is one, though the capture holds no more of it.</summary>
    private static void NoteCutHello(FlowFacts facts, ReadOnlySpan<byte> payload)
    {
        const int MessageOffset = 5;
        if (!TlsRecordView.LooksLikeHello(payload))
            return;
        facts.AddAppProto(AppProtocol.Tls);
        facts.HasHandshake = true;
        facts.HasHandshakeAnswer |= payload[MessageOffset] == (byte)TlsHandshakeType.ServerHello;
    }

    public override void Finish(Flow flow)
    {
        _streams?.Low.Finish(_tap, new PacketContext(flow, fromLow: true, _latestNs, senderMac: default));
        _streams?.High.Finish(_tap, new PacketContext(flow, fromLow: false, _latestNs, senderMac: default));
        Release();
    }

    public void GiveUp()
    {
        StopReading();
        if (TapMemory is null)
        {
            // Whatever comes next begins anew: nothing is left that knows what stands before it.
            _streams?.Low.Release();
            _streams?.High.Release();
            return;
        }
        _streams?.Low.DropWaiting(Share);
        _streams?.High.DropWaiting(Share);
    }

    private bool IsReaderSettled()
    {
        (StreamReader? low, StreamReader? high) = (_streams!.Low.Reader, _streams.High.Reader);
        int held = (low?.HeldBytes ?? 0) + (high?.HeldBytes ?? 0) + (_connection?.HeldBytes ?? 0);
        if (_share is not null && held != _share.ReaderBytes && !_share.TryHold(held))
        {
            _buffers.Losses.Count(Losses.StreamsSkipped);
            return true;
        }
        if (low is { IsFollowed: true } || high is { IsFollowed: true })
            return false;
        if (low is { IsDone: true } && high is { IsDone: true })
            return true;
        bool maySayHello = low is { MaySendSecondHello: true } || high is { MaySendSecondHello: true };
        if (maySayHello && _payloadPackets < Limits.EarlyDataPackets)
            return false;
        bool isLong = low is { Bytes: > Limits.SettleTcpBytes } || high is { Bytes: > Limits.SettleTcpBytes };
        bool isInHello = low is { IsInHello: true } || high is { IsInHello: true };
        return (isLong || _payloadPackets >= Limits.SettleTcpPackets)
            && !isInHello && !_streams.Low.HasWaiting && !_streams.High.HasWaiting;
    }

    private void StopReading()
    {
        _isReaderDone = true;
        _streams?.Low.StopReading();
        _streams?.High.StopReading();
        _connection?.Release();
        _connection = null;
        _share?.TryHold(0);
    }

    private void Release()
    {
        StopReading();
        _streams?.Low.Release();
        _streams?.High.Release();
        _tap?.Close();
    }

    private sealed class Streams(Losses losses)
    {
        public Direction Low = new(losses);
        public Direction High = new(losses);
    }

    /// <summary>
    /// One direction: its segments are put in order for its reader and for the searcher. A part of the inspector, never copied.
    /// </summary>
    private struct Direction(Losses losses)
    {
        private StreamReassembler _stream = new(losses);

        /// <summary>Null until there is something to read.</summary>
        public StreamReader? Reader;

        public readonly bool HasWaiting => _stream.HasWaiting;

        /// <summary>A SYN was seen. True if a stream begins with it; false for one that came again.</summary>
        public bool Begin(uint firstByteSequence)
        {
            if (_stream.BeganAt(firstByteSequence))
                return false;
            Release();
            StopReading();
            _stream.Start(firstByteSequence);
            return true;
        }

        public void Add(SearchTap? tap, in PacketContext packet, uint sequence, ReadOnlySpan<byte> payload, IStreamMemory memory)
        {
            var sink = new Sink(Reader, tap, packet);
            _stream.Add(sequence, payload, memory, ref sink);
        }

        public void AddWithSyn(uint sequence, ReadOnlySpan<byte> payload, IStreamMemory memory) =>
            _stream.AddWithSyn(sequence, payload, memory);

        public bool TakeContradiction() => _stream.TakeContradiction();

        public void Acknowledge(SearchTap? tap, in PacketContext packet, uint acknowledgement)
        {
            var sink = new Sink(Reader, tap, packet);
            _stream.Acknowledge(acknowledgement, ref sink);
        }

        public void Finish(SearchTap? tap, in PacketContext packet)
        {
            var sink = new Sink(Reader, tap, packet);
            _stream.Finish(ref sink);
        }

        public void StopReading()
        {
            Reader?.Release();
            Reader = null;
        }

        public void DropWaiting(IStreamMemory memory) => _stream.DropWaiting(memory);

        public void Release() => _stream.Reset();
    }

    /// <summary>Hands ordered bytes to the reader and to the searcher, with the facts of the packet that brought them.</summary>
    private readonly struct Sink(StreamReader? reader, SearchTap? tap, in PacketContext packet) : IStreamSink
    {
        private readonly PacketContext _packet = packet;

        public void OnBytes(ReadOnlySpan<byte> bytes, bool isSegmentStart)
        {
            reader?.OnBytes(_packet, bytes, isSegmentStart);
            tap?.OnBytes(_packet, bytes);
        }

        public void OnGap(long bytes)
        {
            reader?.OnGap(bytes);
            tap?.OnGap(_packet, bytes);
        }
    }
}
