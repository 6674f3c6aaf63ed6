using PiTap.Analysis.Flows;
using PiTap.Analysis.Streams;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Legacy;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Reads the TLS handshake that OpenVPN carries in its control packets (<see cref="OpenVpnPacketView"/>), piece by piece.
/// </summary>
internal sealed class OpenVpnReader(InspectionBuffers buffers, IStreamMemory memory, HelloRecorder hellos)
{
    private const ushort Port = 1_194;

    /// <summary>Pieces of one direction that are kept; later ones are beyond any hello.</summary>
    private const int MaxPieces = 64;

    /// <summary>Bytes of one direction that wait for what is missing before them.</summary>
    private const int MaxWaitingBytes = 64 << 10;

    private readonly Direction _low = new(memory);
    private readonly Direction _high = new(memory);
    private int _authenticationBytes = -1;

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _low.HeldBytes + _high.HeldBytes;

    /// <summary>True for a reset, the first packet of each side: on OpenVPN's port, or in a form that hardly comes by chance.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> packet, in FlowKey key)
    {
        if (packet.Length < OpenVpnPacketView.ResetBytes || !OpenVpnPacketView.IsResetByte(packet[0]))
            return false;
        return key.LowPort == Port || key.HighPort == Port || OpenVpnPacketView.IsPlainReset(packet);
    }

    /// <summary>Looks at a packet; true if it was one of OpenVPN's control channel.</summary>
    public bool Observe(in PacketContext context, ReadOnlySpan<byte> packet)
    {
        if (OpenVpnPacketView.Parse(packet, out OpenVpnPacketView view) != ParseStatus.Ok)
            return false;
        Direction direction = context.FromLow ? _low : _high;
        if (view.IsReset)
        {
            context.Flow.SetClient(context.FromLow ^ view.IsServerReset);
            // A reset begins a session; its repetitions carry the same number.
            direction.Begin(view.Session);
            return true;
        }
        if (!view.IsControl)
            return false;
        if (!TryReadPiece(view, out uint number, out ReadOnlySpan<byte> piece))
            return true;
        direction.Add(number, piece);
        direction.Read(context, buffers.HelloScratch, hellos);
        return true;
    }

    private bool TryReadPiece(in OpenVpnPacketView packet, out uint number, out ReadOnlySpan<byte> piece)
    {
        if (_authenticationBytes >= 0)
            return packet.TryReadPiece(_authenticationBytes, out number, out piece);
        // The first piece of each side begins with a TLS record: that shows how long the HMAC is.
        foreach (int length in OpenVpnPacketView.AuthenticationLengths)
        {
            if (packet.TryReadPiece(length, out number, out piece) && TlsRecordView.LooksLikeHello(piece))
            {
                _authenticationBytes = length;
                return true;
            }
        }
        number = 0;
        piece = default;
        return false;
    }

    /// <summary>The flow is settled: gives back what is held.</summary>
    public void Release()
    {
        _low.Forget();
        _high.Forget();
    }

    /// <summary>
    /// One side's TLS stream, put together from numbered pieces. The lowest number seen begins it; what stands behind a gap waits.
    /// </summary>
    private sealed class Direction(IStreamMemory memory)
    {
        private readonly record struct Block(byte[] Bytes, uint Next);

        private readonly Dictionary<uint, Block> _waiting = [];
        private PrefixBuffer _stream = new(memory);
        private readonly byte[] _session = new byte[OpenVpnPacketView.SessionBytes];
        private int _waitingBytes;
        private int _pieces;
        private uint _first;
        private uint _next;
        private TlsReadPosition _position;

        /// <summary>Bytes that wait; the stream itself is on the common account already.</summary>
        public int HeldBytes => _waitingBytes;

        public void Begin(ReadOnlySpan<byte> session)
        {
            if (session.SequenceEqual(_session))
                return;
            session.CopyTo(_session);
            Forget();
        }

        public void Forget()
        {
            _stream.Clear();
            _waiting.Clear();
            _waitingBytes = _pieces = 0;
            _position = default;
        }

        public void Add(uint number, ReadOnlySpan<byte> piece)
        {
            bool isFirst = _stream.Length == 0;
            if (piece.IsEmpty || _pieces >= MaxPieces || (!isFirst && number >= _first && number < _next))
                return;
            _pieces++;
            if (!isFirst && number < _first && _position == default)
            {
                // It came late, and nothing was read yet: the stream begins with it, and what there was waits for what is between.
                Wait(_first, _stream.Bytes, _next);
                _stream.Clear();
                isFirst = true;
            }
            if (isFirst)
                _first = _next = number;
            if (number != _next)
                Wait(number, piece, number + 1);
            else if (_stream.TryAppend(piece))
                _next++;
            while (_waiting.Remove(_next, out Block block) && _stream.TryAppend(block.Bytes))
                _next = block.Next;
        }

        public void Read(in PacketContext context, byte[] scratch, HelloRecorder hellos)
        {
            Flow flow = context.Flow;
            var reader = new TlsHandshakeReader(_stream.Bytes, scratch, _position);
            while (reader.Read() == TlsReadStatus.Message)
            {
                flow.Facts.AddAppProto(AppProtocol.Tls);
                if (reader.Type == TlsHandshakeType.ClientHello)
                    hellos.ClientHello(flow, reader.Body, Ja4Transport.Tcp);
                else if (reader.Type == TlsHandshakeType.ServerHello)
                    hellos.ServerHello(flow, reader.Body);
                else if (reader.Type == TlsHandshakeType.Certificate && context.FromLow != flow.ClientIsLow)
                    hellos.Certificate(flow, reader.Body);
            }
            _position = reader.Position;
        }

        private void Wait(uint number, ReadOnlySpan<byte> bytes, uint next)
        {
            if (_waitingBytes + bytes.Length <= MaxWaitingBytes && _waiting.TryAdd(number, new Block(bytes.ToArray(), next)))
                _waitingBytes += bytes.Length;
        }
    }
}
