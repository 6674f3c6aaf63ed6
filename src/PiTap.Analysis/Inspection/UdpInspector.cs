using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Analysis.Streams;
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
internal sealed class UdpInspector : Inspector, IStreamHolder
{
    private const string NamedRtcp = "RTCP in the clear, with its sender's name (CNAME)";

    /// <summary>What a datagram of QUIC costs, and each key that is derived for it, as <see cref="Devices.WorkGate"/> counts.</summary>
    private const int StepsPerDatagram = 2;
    private const int StepsPerQuicKey = 15;

    private readonly InspectionBuffers _buffers;
    private readonly Observers _observers;
    private QuicConnection? _quic;
    private DtlsReader? _dtls;
    private OpenVpnReader? _openVpn;
    private RtpTrackers? _rtp;
    private int _sinceNews;
    private int _probes;
    private int _relays;
    private StreamShare? _share;
    private bool _isFollowed;

    public UdpInspector(InspectionBuffers buffers, Observers observers)
    {
        _buffers = buffers;
        _observers = observers;
    }

    /// <summary>What the flow holds of the common account; most datagrams need none.</summary>
    private StreamShare Share => _share ??= new StreamShare(_buffers.Budget, this);

    public override bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        if (frame.Payload.IsEmpty)
            return true;
        packet.Facts.HasPayload = true;
        if (!TryByPort(packet, frame.Payload, out bool isNews, ref inner))
            isNews = TryByContent(packet, frame.Payload);
        _sinceNews = isNews ? 0 : _sinceNews + 1;
        int held = (_quic?.HeldBytes ?? 0) + (_dtls?.HeldBytes ?? 0) + (_openVpn?.HeldBytes ?? 0);
        bool hasRoom = held == 0 ? _share?.TryHold(0) ?? true : Share.TryHold(held);
        if (!hasRoom)
            _buffers.Losses.Count(Losses.StreamsSkipped);
        if (hasRoom && (_isFollowed || _sinceNews < Limits.SettleUdpPackets))
            return true;
        Finish(packet.Flow);
        return false;
    }

    public override void Finish(Flow flow) => GiveUp();

    public void GiveUp()
    {
        _quic?.Reset();
        _dtls?.Release();
        _openVpn?.Release();
        _share?.TryHold(0);
    }

    /// <summary>Protocols that are bound to their port. Each reader checks that it is what it says; true if it was.</summary>
    private bool TryByPort(in PacketContext packet, ReadOnlySpan<byte> payload, out bool isNews, ref InnerPacket inner)
    {
        isNews = true;
        ushort port = Math.Min(packet.Flow.Key.LowPort, packet.Flow.Key.HighPort);
        ushort other = Math.Max(packet.Flow.Key.LowPort, packet.Flow.Key.HighPort);
        switch (port)
        {
            case Ports.Dns:
                return ObserveDns(packet, payload, AppProtocol.Dns);
            case Ports.DhcpServer or Ports.DhcpClient:
                return _isFollowed = _observers.Dhcp.Observe(packet.Flow, payload, packet.TimeNs);
            case Ports.Dhcp6Client or Ports.Dhcp6Server:
                return _isFollowed = _observers.Dhcp.Observe6(packet.Flow, payload);
            case Ports.Ntp when NtpView.Parse(payload, out _) == ParseStatus.Ok || NtpView.IsControl(payload):
                isNews = packet.Facts.AddAppProto(AppProtocol.Ntp);
                return true;
            case Ports.Nbns when ObserveNbns(packet, payload, out isNews):
                return true;
        }
        if (port == Ports.MulticastDns || other == Ports.MulticastDns)
            return ObserveDns(packet, payload, AppProtocol.Mdns);
        if (port == Ports.Llmnr || other == Ports.Llmnr)
            return ObserveDns(packet, payload, AppProtocol.Llmnr);
        if ((port == Ports.Ssdp || other == Ports.Ssdp) && SsdpMessage.IsMessage(payload))
        {
            isNews = packet.Facts.AddAppProto(AppProtocol.Ssdp);
            return true;
        }
        return TryTunnel(packet, payload, port, ref inner) || TryTunnel(packet, payload, other, ref inner);
    }

    private bool ObserveNbns(in PacketContext packet, ReadOnlySpan<byte> payload, out bool isNews)
    {
        ParseStatus status = NbnsView.Parse(payload, out NbnsView message);
        bool isNbns = status is ParseStatus.Ok or ParseStatus.Unsupported;
        isNews = isNbns && packet.Facts.AddAppProto(AppProtocol.Nbns);
        if (status != ParseStatus.Ok || !message.NamesHost || packet.FromLow != packet.Flow.DeviceIsLow)
            return isNbns;
        Span<byte> name = stackalloc byte[NbnsView.MaxNameTextBytes];
        if (message.TryWriteName(name, out int length) && length > 0)
            packet.Flow.Device.SetNetBiosName(DeviceNames.Unescaped(name[..length]));
        return true;
    }

    private bool TryTunnel(in PacketContext packet, ReadOnlySpan<byte> payload, ushort port, ref InnerPacket inner)
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
        packet.Facts.AddAppProto(AppProtocol.Tunnel);
        _isFollowed = true;
        inner = new InnerPacket(tunnel.InnerLink, tunnel.Inner);
        return true;
    }

    private bool ObserveDns(in PacketContext packet, ReadOnlySpan<byte> payload, AppProtocol app)
    {
        _observers.Lookups.Observe(packet, payload, app);
        return _isFollowed = packet.Facts.Has(app);
    }

    /// <summary>What the bytes themselves say, by RFC 7983's first byte where that decides; strictest first.</summary>
    private bool TryByContent(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        MediaKind kind = MediaDemultiplexer.Classify(payload[0]);
        if (kind == MediaKind.Stun && StunView.Parse(payload, out StunView stun) == ParseStatus.Ok)
            return ObserveStun(packet, stun);
        if (kind == MediaKind.TurnChannel && packet.Facts.Has(AppProtocol.Stun)
            && TurnChannelDataView.Parse(payload, out TurnChannelDataView channel) == ParseStatus.Ok)
            return TryRelayed(packet, channel.Data);
        if (kind == MediaKind.Dtls && DtlsRecordView.LooksLikeDtls(payload))
            return (_dtls ??= new DtlsReader(_observers.Hellos)).Observe(packet, payload);
        if (QuicClassifier.LooksLike(payload))
            return ObserveQuic(packet, payload);
        if (packet.Facts.AppProto == AppProtocol.Unknown && _observers.Migrations.TryFollow(packet, payload))
            return true;
        if (ObserveGquic(packet, payload) || ObserveSdRtn(packet, payload))
            return true;
        if (WireGuardMessage.IsHandshake(payload))
            return ObserveWireGuard(packet, payload);
        if (ObserveOpenVpn(packet, payload))
            return true;
        if (kind == MediaKind.Rtp && ObserveMedia(packet, payload))
            return true;
        if (DnsView.LooksLikeDns(payload))
            return ObserveDns(packet, payload, AppProtocol.Dns);
        if (SipMessage.IsMessage(payload))
            return packet.Facts.AddAppProto(AppProtocol.Sip);
        if (_probes++ < Limits.TextProbes && packet.Facts.AppProto == AppProtocol.Unknown)
            PayloadProbe.Look(packet.Facts, payload);
        return false;
    }

    private bool ObserveStun(in PacketContext packet, in StunView stun)
    {
        bool isNews = packet.Facts.AddAppProto(AppProtocol.Stun);
        if (stun.Class == StunClass.Request && !packet.Facts.HasHandshake)
            packet.Flow.SetClient(packet.FromLow);
        if (StunReasons.Describe(stun, packet.Facts.ReasonFor(AppProtocol.Stun)) is string reason)
            packet.Facts.Explain(AppProtocol.Stun, reason);
        return TryRelayed(packet, stun.RelayedData) || isNews;
    }

    /// <summary>What TURN relays. Four bytes make a relay: a datagram could hold thousands inside one another.</summary>
    private bool TryRelayed(in PacketContext packet, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || _relays >= Limits.RelayDepth)
            return false;
        _relays++;
        bool isNews = TryByContent(packet, data);
        _relays--;
        return isNews;
    }

    private bool ObserveQuic(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        _quic ??= new QuicConnection();
        bool isNews = packet.Facts.AddAppProto(AppProtocol.Quic);
        bool isSent = packet.FromLow == packet.Flow.DeviceIsLow;
        if (!_observers.Work.MayLook(packet.Flow.Sender, isSent))
            return isNews;
        bool fromClient = packet.FromLow == packet.Flow.ClientIsLow;
        long derived = _buffers.QuicDecryptor.DerivedCount;
        QuicEvents events = _quic.Observe(payload, fromClient, _buffers.QuicDecryptor);
        int keys = (int)(_buffers.QuicDecryptor.DerivedCount - derived);
        _observers.Work.Charge(packet.Flow.Sender, isSent, StepsPerDatagram + StepsPerQuicKey * keys);
        // In the middle of a capture the roles are a guess; the keys of an Initial prove who the client is.
        if ((events & QuicEvents.ConnectionStarted) != 0)
        {
            packet.Flow.SetClient(packet.FromLow);
            packet.Facts.QuicVersion = QuicVersions.Text(_quic.Version);
        }
        if (_quic.Version != 0)
            packet.Facts.QuicVersion ??= QuicVersions.Text(_quic.Version);
        if ((events & QuicEvents.ClientHelloReady) != 0)
            _observers.Hellos.ClientHello(packet.Flow, _quic.ClientHello, Ja4Transport.Quic);
        if ((events & QuicEvents.ServerHelloReady) != 0)
        {
            _observers.Hellos.ServerHello(packet.Flow, _quic.ServerHello);
            _observers.Migrations.Note(packet.Flow, _quic.ServerConnectionId);
        }
        if ((events & QuicEvents.GoogleHelloReady) != 0)
            ReadGoogleHello(packet.Flow);
        if ((events & (QuicEvents.ClientHelloReady | QuicEvents.ServerHelloReady | QuicEvents.GoogleHelloReady)) != 0)
            _quic.ReleaseBuffers();
        return isNews || (events & ~(QuicEvents.LooksLikeQuic | QuicEvents.HandshakeSeen)) != 0;
    }

    private void ReadGoogleHello(Flow flow)
    {
        flow.Facts.AddAppProto(AppProtocol.Gquic);
        if (GquicMessageView.Parse(_quic!.GoogleHello, out GquicMessageView hello) == ParseStatus.Ok)
            _observers.Hellos.GquicHello(flow, hello.Kind != GquicMessageView.ClientHello, QuicVersions.Text(_quic.Version), hello.Sni);
    }

    private bool ObserveGquic(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        if (GquicView.Parse(payload, out GquicView message) != ParseStatus.Ok)
            return false;
        bool isNews = packet.Facts.AddAppProto(AppProtocol.Gquic);
        packet.Facts.QuicVersion ??= QuicVersions.Text(message.Version);
        if (!message.HasMessage)
            return isNews;
        bool isHello = message.Message.Kind == GquicMessageView.ClientHello;
        packet.Flow.SetClient(isHello == packet.FromLow);
        _observers.Hellos.GquicHello(packet.Flow, !isHello, QuicVersions.Text(message.Version), message.Sni);
        return true;
    }

    private bool ObserveSdRtn(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        if (SdRtnView.Parse(payload, out SdRtnView message) != ParseStatus.Ok)
            return false;
        FlowFacts facts = packet.Facts;
        bool isNews = facts.AddAppProto(AppProtocol.SdRtn);
        packet.Flow.SetClient(packet.FromLow ^ message.IsReply);
        facts.HasHandshake |= message.NegotiatesKey;
        facts.HasHandshakeAnswer |= message.NegotiatesKey && message.IsReply;
        ReadOnlySpan<byte> name = message.ServerName;
        if (!name.IsEmpty)
            facts.Name(_observers.Strings.GetHost(name.TrimEnd((byte)0)), HostSource.SdRtn);
        return isNews;
    }

    private static bool ObserveWireGuard(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        const byte Response = 2;
        packet.Facts.HasHandshake = true;
        packet.Facts.HasHandshakeAnswer |= payload[0] == Response;
        return packet.Facts.AddAppProto(AppProtocol.WireGuard);
    }

    private bool ObserveOpenVpn(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        if (_openVpn is null && !OpenVpnReader.MayBegin(payload, packet.Flow.Key))
            return false;
        return (_openVpn ??= new OpenVpnReader(_buffers, Share, _observers.Hellos)).Observe(packet, payload);
    }

    private bool ObserveMedia(in PacketContext packet, ReadOnlySpan<byte> payload)
    {
        bool isExpected = packet.Facts.Has(AppProtocol.Stun) || packet.Facts.Has(AppProtocol.Dtls);
        if (RtpView.Parse(payload, out RtpView rtp) == ParseStatus.Ok)
            return (_rtp ??= new RtpTrackers()).Of(packet.FromLow).Observe(rtp, isExpected) && packet.Facts.AddAppProto(AppProtocol.Rtp);
        // A lone RTCP packet looks like chance: media or its preparation must be there, or the usual odd port (RFC 3550 section 11).
        bool isLikely = isExpected || packet.Facts.Has(AppProtocol.Rtp) || (packet.Flow.Key.LowPort & packet.Flow.Key.HighPort & 1) == 1;
        return isLikely && RtcpView.Parse(payload, out RtcpView rtcp) == ParseStatus.Ok && ObserveRtcp(packet.Facts, rtcp);
    }

    /// <summary>
    /// Only a datagram that its packets fill shows that it is in the clear: the first eight bytes are readable in SRTCP too (RFC 3711
    /// section 3.4).
    /// </summary>
    private static bool ObserveRtcp(FlowFacts facts, in RtcpView rtcp)
    {
        bool isNews = facts.AddAppProto(AppProtocol.Rtcp);
        if (facts.ReasonFor(AppProtocol.Rtcp) != NamedRtcp && rtcp.IsWhole)
            facts.Explain(AppProtocol.Rtcp, rtcp.CanonicalName.IsEmpty ? "RTCP in the clear" : NamedRtcp);
        return isNews;
    }

    /// <summary>The sources of RTP in either direction; few flows have any.</summary>
    private sealed class RtpTrackers
    {
        private RtpTracker _fromLow;
        private RtpTracker _fromHigh;

        public ref RtpTracker Of(bool fromLow) => ref fromLow ? ref _fromLow : ref _fromHigh;
    }
}
