using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;
using PiTap.Wire.Application.Http;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Legacy;

namespace PiTap.Analysis.Inspection;

/// <summary>Reads one direction of a TCP connection, in order: finds out what is spoken and notes what it says.</summary>
internal sealed partial class StreamReader : IStreamSink
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

    private const ushort DnsPort = 53;

    /// <summary>Bytes by which every known protocol shows itself.</summary>
    private const int ClassifyBytes = 24;

    private readonly InspectionContext _context;
    private readonly TcpInspector _owner;
    private readonly bool _isLow;
    private Mode _mode;
    private readonly PrefixBuffer _prefix;
    private int _needed;
    private int _probes;
    private int _turns;
    private TlsReadPosition _position;
    private HttpStreamReader? _http;
    private Http2Follower? _http2;

    public StreamReader(InspectionContext context, TcpInspector owner, bool isLow)
    {
        _context = context;
        _owner = owner;
        _isLow = isLow;
        _prefix = new PrefixBuffer(context.Budget);
        Stream = new StreamReassembler(context.Budget, context.Losses);
    }

    public StreamReassembler Stream { get; }

    /// <summary>Bytes seen of this direction.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes of memory that the readers of HTTP hold.</summary>
    public int HeldBytes => (_http?.HeldBytes ?? 0) + (_http2?.HeldBytes ?? 0);

    /// <summary>True where nothing more is to be found out here.</summary>
    public bool IsDone => _mode == Mode.Done;

    /// <summary>True while a hello is incomplete.</summary>
    public bool IsInHello => _mode == Mode.Tls && _prefix.Length > 0;

    /// <summary>True for readable protocols that are followed to their end.</summary>
    public bool IsFollowed => _mode is Mode.Http or Mode.Http2 or Mode.Dns;

    private Flow Flow => _owner.Flow;

    /// <summary>A SYN was seen: a stream begins.</summary>
    public void Begin(uint firstByteSequence)
    {
        if (Stream.BeganAt(firstByteSequence))
            return;
        Reset();
        Stream.Start(firstByteSequence);
    }

    public void Reset()
    {
        Stream.Reset();
        DropBuffer();
        _mode = Mode.Undecided;
        (Bytes, _probes, _turns) = (0, 0, 0);
        DropHttp();
        _http2 = null;
    }

    public void OnBytes(ReadOnlySpan<byte> bytes, bool isSegmentStart)
    {
        Bytes += bytes.Length;
        switch (_mode)
        {
            case Mode.Undecided:
                if (TryAppend(bytes))
                    Classify();
                break;
            case Mode.Tls:
                TakeTls(bytes, isSegmentStart);
                break;
            case Mode.Http:
                ReadHttp(bytes);
                break;
            case Mode.Http2:
                _http2!.Feed(Flow, _isLow, bytes);
                break;
            case Mode.OpenVpn or Mode.Dns:
                if (TryAppend(bytes))
                    ReadFramed();
                break;
            case Mode.Socks:
                if (TryAppend(bytes) && !ReadSocks())
                    LookAtSegment(bytes, isSegmentStart);
                break;
            default:
                LookAtSegment(bytes, isSegmentStart);
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

    private void LookAtSegment(ReadOnlySpan<byte> bytes, bool isSegmentStart)
    {
        if (!isSegmentStart)
            return;
        if (TlsRecordView.LooksLikeHello(bytes) || (_mode == Mode.Opaque && HttpHeadView.LooksLikeStart(bytes)))
        {
            _mode = Mode.Undecided;
            if (TryAppend(bytes))
                Classify();
        }
        else if (_mode == Mode.Opaque)
        {
            Probe(bytes);
        }
    }

    private void Classify()
    {
        ReadOnlySpan<byte> bytes = _prefix.Bytes;
        bool isOnDnsPort = Flow.Key.LowPort == DnsPort || Flow.Key.HighPort == DnsPort;
        // What is not let through elsewhere goes through this port.
        if (isOnDnsPort && !TlsRecordView.LooksLikeHello(bytes) && !HttpHeadView.LooksLikeStart(bytes))
        {
            _mode = Mode.Dns;
            ReadFramed();
        }
        else if (TlsRecordView.LooksLikeRecord(bytes))
        {
            ClassifyTls((TlsContentType)bytes[0]);
        }
        else if (Http2StreamReader.LooksLikePreface(bytes))
        {
            _mode = Mode.Http2;
            _http2 = new Http2Follower(_context);
            _http2.Feed(Flow, _isLow, bytes);
            DropBuffer();
        }
        else if (HttpHeadView.LooksLikeStart(bytes))
        {
            BeginHttp();
        }
        else if (StreamStarts.IsOpenVpn(bytes))
        {
            _mode = Mode.OpenVpn;
            ReadFramed();
        }
        else if (StreamStarts.IsProxyHeader(bytes, out int headerLength))
        {
            // The true stream begins behind it; until then there is nothing to classify.
            _prefix.DropFront(headerLength);
            if (headerLength > 0)
                ClassifyRest();
        }
        else if (bytes.Length >= ClassifyBytes || !StreamStarts.MayBecomeKnown(bytes))
        {
            ClassifyOther(bytes);
        }
    }

    private void ClassifyOther(ReadOnlySpan<byte> bytes)
    {
        FlowFacts facts = Flow.Facts;
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
            facts.HasHandshake = true;
            Flow.SetClient(_isLow);
            _context.Note(Flow, new TlsHello { Version = TlsVersions.Text(old.Version) }, _context.Strings.MadeCharacters);
            Finish(Mode.Done);
            return;
        }
        if (StreamStarts.IsSocks(bytes, Flow.ServerPort) || IsSocksAnswer)
        {
            _mode = Mode.Socks;
            ReadSocks();
            return;
        }
        if (SipMessage.IsMessage(bytes))
            facts.AddAppProto(AppProtocol.Sip);
        else if (StreamStarts.IsStun(bytes))
            facts.AddAppProto(AppProtocol.Stun);
        else
            Probe(bytes);
        Finish(Mode.Opaque);
    }

    private void Probe(ReadOnlySpan<byte> bytes)
    {
        if (_probes++ < Limits.TextProbes)
            PayloadProbe.Look(Flow.Facts, bytes);
    }

    /// <summary>DNS and OpenVPN over TCP: each message behind two bytes of its length.</summary>
    private void ReadFramed()
    {
        int offset = 0;
        while (DnsTcpFraming.TryRead(_prefix.Bytes[offset..], out ReadOnlySpan<byte> message, out int consumed))
        {
            if (_mode == Mode.Dns)
                _context.Lookups.Observe(Flow, message, _isLow, _owner.TimeNs, AppProtocol.Dns);
            else
                _owner.OpenVpn.Observe(Flow, message, _isLow);
            offset += consumed;
        }
        _prefix.DropFront(offset);
    }

    private void BeginHttp()
    {
        _mode = Mode.Http;
        _http = _context.RentHttp();
        _http.Peer = _owner.Other(this)._http;
        _http.Peer?.Peer = _http;
        ReadOnlySpan<byte> first = _prefix.Bytes;
        int taken = FeedHttp(first);
        bool isTunnel = _http.IsTunnel;
        _prefix.DropFront(taken);
        if (!isTunnel)
            DropBuffer();
        else if (taken > 0)
            LeaveHttp();
        else
        {
            // It only begins like HTTP/1: another look would come to the same.
            DropHttp();
            ClassifyOther(first);
        }
    }

    private void ReadHttp(ReadOnlySpan<byte> bytes)
    {
        int taken = FeedHttp(bytes);
        if (!_http!.IsTunnel)
            return;
        if (taken == bytes.Length || TryAppend(bytes[taken..]))
            LeaveHttp();
    }

    private int FeedHttp(ReadOnlySpan<byte> bytes)
    {
        var handler = new HttpSink(_context, Flow, _isLow);
        return _http!.Feed(bytes, ref handler);
    }

    /// <summary>Behind CONNECT or an upgrade the stream is something else: what is left is looked at anew.</summary>
    private void LeaveHttp()
    {
        DropHttp();
        _mode = Mode.Undecided;
        ClassifyRest();
    }

    /// <summary>Looks anew at what is left. Hostile bytes could turn into something else with every line.</summary>
    private void ClassifyRest()
    {
        if (_turns++ >= Limits.StreamTurns)
            Finish(Mode.Opaque);
        else if (_prefix.Length > 0)
            Classify();
    }

    private void DropHttp()
    {
        if (_http is null)
            return;
        _http.Peer?.Peer = null;
        _context.Recycle(_http);
        _http = null;
    }

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (_prefix.TryAppend(bytes))
            return true;
        _context.Losses.Count(Losses.StreamsSkipped);
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
        _mayPass = _isEarlyData = false;
    }
}
