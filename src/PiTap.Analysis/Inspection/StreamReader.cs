using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Streams;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;
using PiTap.Wire.Application.Http;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Legacy;

namespace PiTap.Analysis.Inspection;

/// <summary>Reads one direction of a TCP connection, in order: finds out what is spoken and notes what it says.</summary>
internal sealed partial class StreamReader
{
    private enum Mode : byte
    {
        /// <summary>The first bytes are gathered until they tell the protocol.</summary>
        Undecided,
        Tls,
        Http,
        Http2,
        OpenVpn,
        Dns,
        Socks,
        /// <summary>No known protocol, or one that may turn into TLS: the starts of segments are looked at.</summary>
        Opaque,
        /// <summary>Nothing more is to be found out.</summary>
        Done,
    }

    /// <summary>Bytes by which every known protocol shows itself.</summary>
    private const int ClassifyBytes = 24;

    private readonly TcpConnection _connection;
    private readonly bool _isLow;
    private Mode _mode;
    private PrefixBuffer _prefix;
    private int _needed;
    private int _probes;
    private int _turns;
    private TlsReadPosition _position;
    private HttpStreamReader? _http;
    private Http2Follower? _http2;

    public StreamReader(TcpConnection connection, bool isLow)
    {
        _connection = connection;
        _isLow = isLow;
        _prefix = new PrefixBuffer(connection.Share);
    }

    /// <summary>Bytes seen of this direction.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of memory that the reader of HTTP/2 holds; those of HTTP/1 are the connection's.</summary>
    public int HeldBytes => _http2?.HeldBytes ?? 0;

    /// <summary>True if nothing more is to be found out here.</summary>
    public bool IsDone => _mode == Mode.Done;

    /// <summary>True while a hello is incomplete.</summary>
    public bool IsInHello => _mode == Mode.Tls && _prefix.Length > 0;

    /// <summary>True for readable protocols that are followed to their end.</summary>
    public bool IsFollowed => _mode is Mode.Http or Mode.Http2 or Mode.Dns;

    /// <summary>Gives back what is held; the reader is not used again.</summary>
    public void Release()
    {
        DropBuffer();
        DropHttp();
    }

    public void OnBytes(in PacketContext packet, ReadOnlySpan<byte> bytes, bool isSegmentStart)
    {
        Bytes += bytes.Length;
        switch (_mode)
        {
            case Mode.Undecided:
                if (TryAppend(bytes))
                    Classify(packet);
                break;
            case Mode.Tls:
                TakeTls(packet, bytes, isSegmentStart);
                break;
            case Mode.Http:
                ReadHttp(packet, bytes);
                break;
            case Mode.Http2:
                _http2!.Feed(packet, bytes);
                break;
            case Mode.OpenVpn or Mode.Dns:
                if (TryAppend(bytes))
                    ReadFramed(packet);
                break;
            case Mode.Socks:
                if (TryAppend(bytes) && !ReadSocks(packet))
                    LookAtSegment(packet, bytes, isSegmentStart);
                break;
            default:
                LookAtSegment(packet, bytes, isSegmentStart);
                break;
        }
    }

    public void OnGap(long bytes)
    {
        switch (_mode)
        {
            case Mode.Http:
                _http!.Skip(bytes);
                break;
            case Mode.Dns:
                // Messages mostly begin where segments do.
                DropBuffer();
                break;
            case Mode.Http2 or Mode.OpenVpn:
                Finish(Mode.Done);
                break;
            case Mode.Tls when bytes <= _passing:
                _passing -= (int)bytes;
                break;
            case Mode.Undecided or Mode.Tls or Mode.Socks:
                Finish(Mode.Opaque);
                break;
        }
    }

    private void LookAtSegment(in PacketContext packet, ReadOnlySpan<byte> bytes, bool isSegmentStart)
    {
        if (!isSegmentStart)
            return;
        if (TlsRecordView.LooksLikeHello(bytes) || (_mode == Mode.Opaque && HttpHeadView.LooksLikeStream(bytes)))
        {
            _mode = Mode.Undecided;
            if (TryAppend(bytes))
                Classify(packet);
        }
        else if (_mode == Mode.Opaque)
        {
            Probe(packet, bytes);
        }
    }

    private void Classify(in PacketContext packet)
    {
        ReadOnlySpan<byte> bytes = _prefix.Bytes;
        bool isOnDnsPort = packet.Flow.Key.LowPort == Ports.Dns || packet.Flow.Key.HighPort == Ports.Dns;
        // What is not let through elsewhere goes through this port.
        if (isOnDnsPort && !TlsRecordView.LooksLikeHello(bytes) && !HttpHeadView.LooksLikeStream(bytes))
        {
            _mode = Mode.Dns;
            ReadFramed(packet);
        }
        else if (TlsRecordView.LooksLikeRecord(bytes))
        {
            ClassifyTls(packet, (TlsContentType)bytes[0]);
        }
        else if (Http2StreamReader.LooksLikePreface(bytes))
        {
            _mode = Mode.Http2;
            _http2 = new Http2Follower(_connection.Observers.Requests);
            _http2.Feed(packet, bytes);
            DropBuffer();
        }
        else if (HttpHeadView.LooksLikeStream(bytes))
        {
            BeginHttp(packet);
        }
        else if (StreamStarts.IsOpenVpn(bytes))
        {
            _mode = Mode.OpenVpn;
            ReadFramed(packet);
        }
        else if (StreamStarts.IsProxyHeader(bytes, out int headerLength))
        {
            // The true stream begins behind it; until then there is nothing to classify.
            _prefix.DropFront(headerLength);
            if (headerLength > 0)
                ClassifyRest(packet);
        }
        else if (bytes.Length >= ClassifyBytes || !StreamStarts.MayBecomeKnown(bytes))
        {
            ClassifyOther(packet, bytes);
        }
    }

    private void ClassifyOther(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        FlowFacts facts = packet.Facts;
        if (SshBanner.IsBanner(bytes))
        {
            facts.AddAppProto(AppProtocol.Ssh);
            facts.HasHandshakeAnswer |= facts.HasHandshake;
            facts.HasHandshake = true;
            Finish(Mode.Done);
            return;
        }
        if (Sslv2ClientHelloView.Parse(bytes, out Sslv2ClientHelloView old) == ParseStatus.Ok)
        {
            facts.AddAppProto(AppProtocol.Tls);
            packet.Flow.SetClient(_isLow);
            _connection.Observers.Hellos.Sslv2Hello(packet.Flow, TlsVersions.Text(old.Version));
            Finish(Mode.Done);
            return;
        }
        if (StreamStarts.IsSocks(bytes, packet.Flow.ServerPort) || IsSocksAnswer(packet))
        {
            _mode = Mode.Socks;
            ReadSocks(packet);
            return;
        }
        if (SipMessage.IsMessage(bytes))
            facts.AddAppProto(AppProtocol.Sip);
        else if (StreamStarts.IsStun(bytes))
            facts.AddAppProto(AppProtocol.Stun);
        else
            Probe(packet, bytes);
        Finish(Mode.Opaque);
    }

    private void Probe(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        if (_probes++ < Limits.TextProbes)
            PayloadProbe.Look(packet.Facts, bytes);
    }

    /// <summary>DNS and OpenVPN over TCP: each message behind two bytes of its length.</summary>
    private void ReadFramed(in PacketContext packet)
    {
        int offset = 0;
        while (DnsTcpFraming.TryRead(_prefix.Bytes[offset..], out ReadOnlySpan<byte> message, out int consumed))
        {
            if (_mode == Mode.Dns)
                _connection.Observers.Lookups.Observe(packet, message, AppProtocol.Dns);
            else
                _connection.OpenVpn.Observe(packet, message);
            offset += consumed;
        }
        _prefix.DropFront(offset);
    }

    private void BeginHttp(in PacketContext packet)
    {
        _mode = Mode.Http;
        _http = _connection.BeginHttp(_isLow);
        ReadOnlySpan<byte> first = _prefix.Bytes;
        int taken = FeedHttp(packet, first);
        bool isTunnel = _http.IsTunnel;
        _prefix.DropFront(taken);
        if (!isTunnel)
            DropBuffer();
        else if (taken > 0)
            LeaveHttp(packet);
        else
        {
            // It only begins like HTTP/1: another look would come to the same.
            DropHttp();
            ClassifyOther(packet, first);
        }
    }

    private void ReadHttp(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        int taken = FeedHttp(packet, bytes);
        if (!_http!.IsTunnel)
            return;
        if (taken == bytes.Length || TryAppend(bytes[taken..]))
            LeaveHttp(packet);
    }

    private int FeedHttp(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        var handler = new HttpSink(_connection.Observers.Requests, packet.Flow, _isLow);
        return _http!.Feed(bytes, ref handler);
    }

    /// <summary>Behind CONNECT or an upgrade the stream is something else: what is left is looked at anew.</summary>
    private void LeaveHttp(in PacketContext packet)
    {
        DropHttp();
        _mode = Mode.Undecided;
        ClassifyRest(packet);
    }

    /// <summary>Looks anew at what is left. Hostile bytes could turn into something else with every line.</summary>
    private void ClassifyRest(in PacketContext packet)
    {
        if (_turns++ >= Limits.StreamTurns)
            Finish(Mode.Opaque);
        else if (_prefix.Length > 0)
            Classify(packet);
    }

    private void DropHttp()
    {
        if (_http is not null)
            _connection.EndHttp(_isLow);
        _http = null;
    }

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (_prefix.TryAppend(bytes))
            return true;
        _connection.Buffers.Losses.Count(Losses.StreamsSkipped);
        Finish(Mode.Done);
        return false;
    }

    private void Finish(Mode mode)
    {
        DropBuffer();
        _mode = mode;
    }

    private void DropBuffer()
    {
        _prefix.Clear();
        _needed = 0;
        _position = default;
        _passing = 0;
        _mayPass = false;
        _connection.SetEarlyData(_isLow, false);
    }
}
