using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;
using PiTap.Wire.Application.Ntp;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.Rtp;
using PiTap.Wire.Application.SdRtn;
using PiTap.Wire.Application.Stun;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Frames;
using PiTap.Wire.Legacy;
using PiTap.Wire.Network.Tunnels;

namespace PiTap.Analysis.Inspection;

/// <summary>Looks into the datagrams of a UDP flow until a dozen told nothing new. Name services and DHCP are read to the end.</summary>
internal sealed class UdpInspector : Inspector
{
    private const string NamedRtcp = "RTCP in the clear, with its sender's name (CNAME)";

    private readonly InspectionContext _context;
    private QuicConnection? _quic;
    private DtlsReader? _dtls;
    private OpenVpnReader? _openVpn;
    private RtpTracker _rtpFromLow;
    private RtpTracker _rtpFromHigh;
    private int _sinceNews;
    private int _probes;
    private int _relays;
    private int _heldBytes;
    private bool _isFollowed;

    public UdpInspector(InspectionContext context) => _context = context;

    /// <summary>See <see cref="InspectionContext.Wakes"/>: long headers of QUIC, STUN, DTLS hellos.</summary>
    public static bool Wakes(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 20)
            return false;
        byte first = payload[0];
        if (first >= 0x80)
            return QuicClassifier.LooksLike(payload);
        if (first == 22)
            return payload[1] == 0xfe;
        return first <= 1 && payload[4] == 0x21 && payload[5] == 0x12 && payload[6] == 0xa4 && payload[7] == 0x42;
    }

    public override void Inspect(Flow flow, in Frame frame, bool fromLow, long timeNs)
    {
        if (frame.Payload.IsEmpty)
            return;
        flow.Facts.HasPayload = true;
        if (!TryByPort(flow, frame.Payload, fromLow, timeNs, out bool isNews))
            isNews = TryByContent(flow, frame.Payload, fromLow, timeNs);
        _sinceNews = isNews ? 0 : _sinceNews + 1;
        int held = (_quic?.HeldBytes ?? 0) + (_dtls?.HeldBytes ?? 0) + (_openVpn?.HeldBytes ?? 0);
        bool hasRoom = held == _heldBytes || _context.HasRoom(ref _heldBytes, held);
        if (!hasRoom || (!_isFollowed && _sinceNews >= Limits.SettleUdpPackets))
        {
            flow.Inspector = null;
            Finish(flow);
        }
    }

    public override void Finish(Flow flow)
    {
        if (_quic is not null)
            _context.Recycle(_quic);
        _context.Budget.TryAdjust(ref _heldBytes, 0);
        _quic = null;
        _dtls?.Release();
        _dtls = null;
        _openVpn?.Release();
        _openVpn = null;
        _rtpFromLow = _rtpFromHigh = default;
        _sinceNews = _probes = 0;
        _isFollowed = false;
        _context.Recycle(this);
    }

    /// <summary>Protocols that are bound to their port. Each reader checks that it is what it says; true where it was.</summary>
    private bool TryByPort(Flow flow, ReadOnlySpan<byte> payload, bool fromLow, long timeNs, out bool isNews)
    {
        isNews = true;
        ushort port = Math.Min(flow.Key.LowPort, flow.Key.HighPort);
        ushort other = Math.Max(flow.Key.LowPort, flow.Key.HighPort);
        switch (port)
        {
            case Ports.Dns:
                return ObserveDns(flow, payload, fromLow, timeNs, AppProtocol.Dns);
            case Ports.DhcpServer or Ports.DhcpClient:
                return _isFollowed = _context.Dhcp.Observe(flow, payload, timeNs);
            case Ports.Dhcp6Client or Ports.Dhcp6Server:
                return _isFollowed = _context.Dhcp.Observe6(flow, payload);
            case Ports.Ntp when NtpView.Parse(payload, out _) == ParseStatus.Ok || NtpView.IsControl(payload):
                isNews = flow.Facts.AddAppProto(AppProtocol.Ntp);
                return true;
            case Ports.Nbns when ObserveNbns(flow, payload, fromLow, out isNews):
                return true;
        }
        if (port == Ports.MulticastDns || other == Ports.MulticastDns)
            return ObserveDns(flow, payload, fromLow, timeNs, AppProtocol.Mdns);
        if (port == Ports.Llmnr || other == Ports.Llmnr)
            return ObserveDns(flow, payload, fromLow, timeNs, AppProtocol.Llmnr);
        if ((port == Ports.Ssdp || other == Ports.Ssdp) && SsdpMessage.IsMessage(payload))
        {
            isNews = flow.Facts.AddAppProto(AppProtocol.Ssdp);
            return true;
        }
        return TryTunnel(flow, payload, port) || TryTunnel(flow, payload, other);
    }

    private bool ObserveNbns(Flow flow, ReadOnlySpan<byte> payload, bool fromLow, out bool isNews)
    {
        ParseStatus status = NbnsView.Parse(payload, out NbnsView message);
        bool isNbns = status is ParseStatus.Ok or ParseStatus.Unsupported;
        isNews = isNbns && flow.Facts.AddAppProto(AppProtocol.Nbns);
        if (status != ParseStatus.Ok || !message.NamesHost || fromLow != flow.DeviceIsLow)
            return isNbns;
        Span<byte> name = stackalloc byte[NbnsView.MaxNameTextBytes];
        if (message.TryWriteName(name, out int length) && length > 0)
            flow.Device.SetNetBiosName(_context.Strings.Get(name[..length]));
        return true;
    }

    private bool TryTunnel(Flow flow, ReadOnlySpan<byte> payload, ushort port)
    {
        TunnelView tunnel = default;
        ParseStatus status = port switch
        {
            Ports.GtpU => TunnelView.ParseGtpU(payload, out tunnel),
            Ports.Vxlan or Ports.VxlanGeneric or Ports.LinuxVxlan => TunnelView.ParseVxlan(payload, out tunnel),
            Ports.Geneve => TunnelView.ParseGeneve(payload, out tunnel),
            Ports.Teredo => TunnelView.ParseTeredo(payload, out tunnel),
            _ => ParseStatus.NotParsed,
        };
        if (status != ParseStatus.Ok)
            return false;
        flow.Facts.AddAppProto(AppProtocol.Tunnel);
        _isFollowed = true;
        _context.SetInner(tunnel.InnerLink, tunnel.Inner);
        return true;
    }

    private bool ObserveDns(Flow flow, ReadOnlySpan<byte> payload, bool fromLow, long timeNs, AppProtocol app)
    {
        _context.Lookups.Observe(flow, payload, fromLow, timeNs, app);
        return _isFollowed = flow.Facts.Has(app);
    }

    /// <summary>What the bytes themselves say, by RFC 7983's first byte where that decides; strictest first.</summary>
    private bool TryByContent(Flow flow, ReadOnlySpan<byte> payload, bool fromLow, long timeNs)
    {
        MediaKind kind = MediaDemultiplexer.Classify(payload[0]);
        if (kind == MediaKind.Stun && StunView.Parse(payload, out StunView stun) == ParseStatus.Ok)
            return ObserveStun(flow, stun, fromLow, timeNs);
        if (kind == MediaKind.TurnChannel && flow.Facts.Has(AppProtocol.Stun) && TurnChannelDataView.Parse(payload, out TurnChannelDataView channel) == ParseStatus.Ok)
            return TryRelayed(flow, channel.Data, fromLow, timeNs);
        if (kind == MediaKind.Dtls && DtlsRecordView.LooksLikeDtls(payload))
            return (_dtls ??= new DtlsReader(_context)).Observe(flow, payload, fromLow);
        if (QuicClassifier.LooksLike(payload))
            return ObserveQuic(flow, payload, fromLow);
        if (ObserveGquic(flow, payload, fromLow) || ObserveSdRtn(flow, payload, fromLow))
            return true;
        if (WireGuardMessage.IsHandshake(payload))
            return ObserveWireGuard(flow, payload);
        if (ObserveOpenVpn(flow, payload, fromLow))
            return true;
        if (kind == MediaKind.Rtp && ObserveMedia(flow, payload, fromLow))
            return true;
        if (DnsView.LooksLikeDns(payload))
            return ObserveDns(flow, payload, fromLow, timeNs, AppProtocol.Dns);
        if (SipMessage.IsMessage(payload))
            return flow.Facts.AddAppProto(AppProtocol.Sip);
        if (_probes++ < Limits.TextProbes && flow.Facts.AppProto == AppProtocol.Unknown)
            PayloadProbe.Look(flow.Facts, payload);
        return false;
    }

    private bool ObserveStun(Flow flow, in StunView stun, bool fromLow, long timeNs)
    {
        bool isNews = flow.Facts.AddAppProto(AppProtocol.Stun);
        if (stun.Class == StunClass.Request && !flow.Facts.HasHandshake)
            flow.SetClient(fromLow);
        if (StunReasons.Describe(stun, flow.Facts.ReasonFor(AppProtocol.Stun)) is string reason)
            flow.Facts.Explain(AppProtocol.Stun, reason);
        return TryRelayed(flow, stun.RelayedData, fromLow, timeNs) || isNews;
    }

    /// <summary>What TURN relays. Four bytes make a relay: a datagram could hold thousands inside one another.</summary>
    private bool TryRelayed(Flow flow, ReadOnlySpan<byte> data, bool fromLow, long timeNs)
    {
        if (data.IsEmpty || _relays >= Limits.RelayDepth)
            return false;
        _relays++;
        bool isNews = TryByContent(flow, data, fromLow, timeNs);
        _relays--;
        return isNews;
    }

    private bool ObserveQuic(Flow flow, ReadOnlySpan<byte> payload, bool fromLow)
    {
        _quic ??= _context.RentQuic();
        bool isNews = flow.Facts.AddAppProto(AppProtocol.Quic);
        bool fromClient = fromLow == flow.ClientIsLow;
        QuicEvents events = _quic.Observe(payload, fromClient, _context.QuicDecryptor);
        // In the middle of a capture the roles are a guess; the keys of an Initial prove who the client is.
        if ((events & QuicEvents.ConnectionStarted) != 0)
        {
            flow.SetClient(fromLow);
            flow.Facts.QuicVersion = QuicVersions.Text(_quic.Version);
        }
        if (_quic.Version != 0)
            flow.Facts.QuicVersion ??= QuicVersions.Text(_quic.Version);
        if ((events & QuicEvents.ClientHelloReady) != 0)
            _context.Hellos.ClientHello(flow, _quic.ClientHello, Ja4Transport.Quic);
        if ((events & QuicEvents.ServerHelloReady) != 0)
            _context.Hellos.ServerHello(flow, _quic.ServerHello);
        if ((events & QuicEvents.GoogleHelloReady) != 0)
            ReadGoogleHello(flow);
        if ((events & (QuicEvents.ClientHelloReady | QuicEvents.ServerHelloReady | QuicEvents.GoogleHelloReady)) != 0)
            _quic.ReleaseBuffers();
        return isNews || (events & ~(QuicEvents.LooksLikeQuic | QuicEvents.HandshakeSeen)) != 0;
    }

    private void ReadGoogleHello(Flow flow)
    {
        flow.Facts.AddAppProto(AppProtocol.Gquic);
        if (GquicMessageView.Parse(_quic!.GoogleHello, out GquicMessageView hello) == ParseStatus.Ok)
            _context.Hellos.GquicHello(flow, hello.Kind != GquicMessageView.ClientHello, QuicVersions.Text(_quic.Version), hello.Sni);
    }

    private bool ObserveGquic(Flow flow, ReadOnlySpan<byte> payload, bool fromLow)
    {
        if (GquicView.Parse(payload, out GquicView packet) != ParseStatus.Ok)
            return false;
        bool isNews = flow.Facts.AddAppProto(AppProtocol.Gquic);
        flow.Facts.QuicVersion ??= QuicVersions.Text(packet.Version);
        if (!packet.HasMessage)
            return isNews;
        bool isHello = packet.Message.Kind == GquicMessageView.ClientHello;
        flow.SetClient(isHello == fromLow);
        _context.Hellos.GquicHello(flow, !isHello, QuicVersions.Text(packet.Version), packet.Sni);
        return true;
    }

    private bool ObserveSdRtn(Flow flow, ReadOnlySpan<byte> payload, bool fromLow)
    {
        if (SdRtnView.Parse(payload, out SdRtnView packet) != ParseStatus.Ok)
            return false;
        FlowFacts facts = flow.Facts;
        bool isNews = facts.AddAppProto(AppProtocol.SdRtn);
        flow.SetClient(packet.IsReply ? !fromLow : fromLow);
        facts.HasHandshake |= packet.NegotiatesKey;
        facts.HasHandshakeAnswer |= packet.NegotiatesKey && packet.IsReply;
        ReadOnlySpan<byte> name = packet.ServerName;
        if (!name.IsEmpty)
            facts.Name(_context.Strings.GetHost(name.TrimEnd((byte)0)), HostSource.SdRtn);
        return isNews;
    }

    private static bool ObserveWireGuard(Flow flow, ReadOnlySpan<byte> payload)
    {
        const byte Response = 2;
        flow.Facts.HasHandshake = true;
        flow.Facts.HasHandshakeAnswer |= payload[0] == Response;
        return flow.Facts.AddAppProto(AppProtocol.WireGuard);
    }

    private bool ObserveOpenVpn(Flow flow, ReadOnlySpan<byte> payload, bool fromLow)
    {
        if (_openVpn is null && !OpenVpnReader.MayBegin(payload, flow.Key))
            return false;
        return (_openVpn ??= new OpenVpnReader(_context)).Observe(flow, payload, fromLow);
    }

    private bool ObserveMedia(Flow flow, ReadOnlySpan<byte> payload, bool fromLow)
    {
        bool isExpected = flow.Facts.Has(AppProtocol.Stun) || flow.Facts.Has(AppProtocol.Dtls);
        if (RtpView.Parse(payload, out RtpView rtp) == ParseStatus.Ok)
        {
            ref RtpTracker tracker = ref fromLow ? ref _rtpFromLow : ref _rtpFromHigh;
            return tracker.Observe(rtp, isExpected) && flow.Facts.AddAppProto(AppProtocol.Rtp);
        }
        // A lone RTCP packet looks like chance: media or its preparation must be there, or the usual odd port (RFC 3550 section 11).
        bool isLikely = isExpected || flow.Facts.Has(AppProtocol.Rtp) || (flow.Key.LowPort & flow.Key.HighPort & 1) == 1;
        return isLikely && RtcpView.Parse(payload, out RtcpView rtcp) == ParseStatus.Ok && ObserveRtcp(flow, rtcp);
    }

    /// <summary>Only a datagram that its packets fill shows that it is in the clear: the first eight bytes are readable in SRTCP too (RFC 3711 section 3.4).</summary>
    private static bool ObserveRtcp(Flow flow, in RtcpView rtcp)
    {
        FlowFacts facts = flow.Facts;
        bool isNews = facts.AddAppProto(AppProtocol.Rtcp);
        if (facts.ReasonFor(AppProtocol.Rtcp) != NamedRtcp && rtcp.IsWhole)
            facts.Explain(AppProtocol.Rtcp, rtcp.CanonicalName.IsEmpty ? "RTCP in the clear" : NamedRtcp);
        return isNews;
    }
}
