using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Streams;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Looks into a TCP connection until it is settled: both directions are put in order and read by <see cref="StreamReader"/>. Readable protocols
/// are followed to their end; for the others a dozen packets decide.
/// </summary>
internal sealed class TcpInspector : Inspector
{
    private readonly InspectionBuffers _buffers;
    private readonly TcpConnection _connection;
    private readonly Direction _low;
    private readonly Direction _high;
    private int _payloadPackets;
    private int _heldBytes;
    private long _latestNs;

    public TcpInspector(InspectionBuffers buffers, Observers observers)
    {
        _buffers = buffers;
        _connection = new TcpConnection(buffers, observers);
        _low = new Direction(buffers, new StreamReader(buffers, observers, _connection, isLow: true));
        _high = new Direction(buffers, new StreamReader(buffers, observers, _connection, isLow: false));
    }

    public override bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        Flow flow = packet.Flow;
        _latestNs = packet.TimeNs;
        Direction from = packet.FromLow ? _low : _high;
        Direction to = packet.FromLow ? _high : _low;
        if ((frame.TcpFlags & TcpFlags.Syn) != 0)
            from.Begin(frame.TcpSequence + 1);
        if ((frame.TcpFlags & TcpFlags.Ack) != 0)
            to.Acknowledge(new PacketContext(flow, !packet.FromLow, packet.TimeNs, packet.SenderMac), frame.TcpAcknowledgement);
        if (!frame.Payload.IsEmpty)
        {
            flow.Facts.HasPayload = true;
            _payloadPackets++;
            // Data on the SYN itself (RFC 7413) begins behind it.
            uint sequence = (frame.TcpFlags & TcpFlags.Syn) != 0 ? frame.TcpSequence + 1 : frame.TcpSequence;
            if (TlsRecordView.LooksLikeHello(frame.Payload))
                (packet.FromLow ? ref flow.HelloFromLow : ref flow.HelloFromHigh) = sequence;
            from.Add(packet, sequence, frame.Payload);
        }
        int held = _low.Reader.HeldBytes + _high.Reader.HeldBytes + _connection.HeldBytes;
        if (_buffers.HasRoom(ref _heldBytes, held) && !IsSettled())
            return true;
        Release();
        return false;
    }

    public override void Finish(Flow flow)
    {
        _low.Finish(new PacketContext(flow, fromLow: true, _latestNs, default));
        _high.Finish(new PacketContext(flow, fromLow: false, _latestNs, default));
        Release();
    }

    private bool IsSettled()
    {
        (StreamReader low, StreamReader high) = (_low.Reader, _high.Reader);
        if (low.IsFollowed || high.IsFollowed)
            return false;
        if (low.IsDone && high.IsDone)
            return true;
        if ((low.MaySendSecondHello || high.MaySendSecondHello) && _payloadPackets < Limits.EarlyDataPackets)
            return false;
        bool isOver = _payloadPackets >= Limits.SettleTcpPackets || low.Bytes > Limits.SettleTcpBytes || high.Bytes > Limits.SettleTcpBytes;
        return isOver && !low.IsInHello && !high.IsInHello && !_low.HasWaiting && !_high.HasWaiting;
    }

    private void Release()
    {
        _low.Release();
        _high.Release();
        _connection.Release();
        _buffers.Budget.TryAdjust(ref _heldBytes, 0);
    }

    /// <summary>One direction: its segments are put in order for its reader.</summary>
    private sealed class Direction(InspectionBuffers buffers, StreamReader reader)
    {
        private readonly StreamReassembler _stream = new(buffers.Budget, buffers.Losses);

        public StreamReader Reader { get; } = reader;

        public bool HasWaiting => _stream.HasWaiting;

        /// <summary>A SYN was seen: a stream begins.</summary>
        public void Begin(uint firstByteSequence)
        {
            if (_stream.BeganAt(firstByteSequence))
                return;
            Release();
            _stream.Start(firstByteSequence);
        }

        public void Add(in PacketContext packet, uint sequence, ReadOnlySpan<byte> payload)
        {
            var sink = new Sink(Reader, packet);
            _stream.Add(sequence, payload, ref sink);
        }

        public void Acknowledge(in PacketContext packet, uint acknowledgement)
        {
            if (!_stream.HasWaiting)
                return;
            var sink = new Sink(Reader, packet);
            _stream.Acknowledge(acknowledgement, ref sink);
        }

        public void Finish(in PacketContext packet)
        {
            var sink = new Sink(Reader, packet);
            _stream.Finish(ref sink);
        }

        public void Release()
        {
            _stream.Reset();
            Reader.Reset();
        }
    }

    /// <summary>Hands ordered bytes on with the facts of the packet that brought them.</summary>
    private readonly struct Sink(StreamReader reader, in PacketContext packet) : IStreamSink
    {
        private readonly PacketContext _packet = packet;

        public void OnBytes(ReadOnlySpan<byte> bytes, bool isSegmentStart) => reader.OnBytes(_packet, bytes, isSegmentStart);

        public void OnGap(long bytes) => reader.OnGap(bytes);
    }
}
