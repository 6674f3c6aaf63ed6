using PiTap.Analysis.Flows;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Looks into a TCP connection until it is settled: both directions are put in order and read by <see cref="StreamReader"/>. Readable protocols are
/// followed to their end; for the others a dozen packets decide.
/// </summary>
internal sealed class TcpInspector : Inspector
{
    private readonly InspectionContext _context;
    private readonly StreamReader _low;
    private readonly StreamReader _high;
    private OpenVpnReader? _openVpn;
    private int _payloadPackets;
    private int _heldBytes;

    public TcpInspector(InspectionContext context)
    {
        _context = context;
        _low = new StreamReader(context, this, isLow: true);
        _high = new StreamReader(context, this, isLow: false);
    }

    /// <summary>The flow being looked at; only inside a call.</summary>
    public Flow Flow { get; private set; } = null!;

    /// <summary>Time of the packet being looked at.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Reads the handshake inside OpenVPN over TCP; made when it is needed.</summary>
    public OpenVpnReader OpenVpn => _openVpn ??= new OpenVpnReader(_context);

    public StreamReader Other(StreamReader reader) => reader == _low ? _high : _low;

    public override void Inspect(Flow flow, in Frame frame, bool fromLow, long timeNs)
    {
        Flow = flow;
        TimeNs = timeNs;
        StreamReader reader = fromLow ? _low : _high;
        StreamReader other = fromLow ? _high : _low;
        if ((frame.TcpFlags & TcpFlags.Syn) != 0)
            reader.Begin(frame.TcpSequence + 1);
        if ((frame.TcpFlags & TcpFlags.Ack) != 0)
            other.Stream.Acknowledge(frame.TcpAcknowledgement, other);
        if (!frame.Payload.IsEmpty)
        {
            flow.Facts.HasPayload = true;
            _payloadPackets++;
            // Data on the SYN itself (RFC 7413) begins behind it.
            uint sequence = (frame.TcpFlags & TcpFlags.Syn) != 0 ? frame.TcpSequence + 1 : frame.TcpSequence;
            if (TlsRecordView.LooksLikeHello(frame.Payload))
                (fromLow ? ref flow.HelloFromLow : ref flow.HelloFromHigh) = sequence;
            reader.Stream.Add(sequence, frame.Payload, reader);
        }
        int held = _low.HeldBytes + _high.HeldBytes + (_openVpn?.HeldBytes ?? 0);
        if ((held != _heldBytes && !_context.HasRoom(ref _heldBytes, held)) || IsSettled())
        {
            flow.Inspector = null;
            Release();
        }
    }

    public override void Finish(Flow flow)
    {
        Flow = flow;
        _low.Stream.Finish(_low);
        _high.Stream.Finish(_high);
        Release();
    }

    private bool IsSettled()
    {
        if (_low.IsFollowed || _high.IsFollowed)
            return false;
        if (_low.IsDone && _high.IsDone)
            return true;
        if ((_low.MaySendSecondHello || _high.MaySendSecondHello) && _payloadPackets < Limits.EarlyDataPackets)
            return false;
        bool isOver = _payloadPackets >= Limits.SettleTcpPackets || _low.Bytes > Limits.SettleTcpBytes || _high.Bytes > Limits.SettleTcpBytes;
        return isOver && !_low.IsInHello && !_high.IsInHello && !_low.Stream.HasWaiting && !_high.Stream.HasWaiting;
    }

    private void Release()
    {
        _low.Reset();
        _high.Reset();
        _openVpn?.Release();
        _context.Budget.TryAdjust(ref _heldBytes, 0);
        _openVpn = null;
        _payloadPackets = 0;
        Flow = null!;
        _context.Recycle(this);
    }
}
