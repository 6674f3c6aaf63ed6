using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Http;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Inspection;

/// <summary>A packet found inside a tunnel. Its bytes hold until the next packet is inspected.</summary>
internal readonly record struct InnerPacket(LinkType Link, ReadOnlyMemory<byte> Data);

/// <summary>What all inspectors share: tables of names, buffers, and the spent inspectors kept for reuse.</summary>
internal sealed class InspectionContext
{
    /// <summary>Spent inspectors kept of each kind.</summary>
    private const int MaxSpare = 1_024;

    private readonly DeviceTable _devices;
    private readonly Stack<TcpInspector> _spareTcp = new();
    private readonly Stack<UdpInspector> _spareUdp = new();
    private readonly Stack<HttpStreamReader> _spareHttp = new();
    private readonly Stack<QuicConnection> _spareQuic = new();
    private int _factCharacters;
    private byte[] _inner = [];
    private int _innerLength;
    private LinkType _innerLink;

    public InspectionContext(DeviceTable devices, Recorder recorder, EngineClock clock, Losses losses, IgnoreList ignored)
    {
        _devices = devices;
        Losses = losses;
        Ignored = ignored;
        Budget = new StreamBudget();
        Names = new AddressNames(clock, losses);
        Ech = new EchNames(Strings);
        Lookups = new LookupLedger(this, recorder, clock);
        Hellos = new HelloRecorder(this);
        Dhcp = new DhcpObserver(this, devices);
    }

    /// <summary>Who sent the packet being looked at; none without a link layer.</summary>
    public MacAddress SenderMac { get; set; }

    public Losses Losses { get; }

    public IgnoreList Ignored { get; }

    public StreamBudget Budget { get; }

    public StringTable Strings { get; } = new();

    public AddressNames Names { get; }

    public LookupLedger Lookups { get; }

    public HelloRecorder Hellos { get; }

    public EchNames Ech { get; }

    public DhcpObserver Dhcp { get; }

    public QuicInitialDecryptor QuicDecryptor { get; } = new();

    /// <summary>Where hellos that span records are put together: the message's header comes on top of its greatest length.</summary>
    public byte[] HelloScratch { get; } = new byte[Limits.HelloBytes + 64];

    public Inspector? Create(Flow flow) => flow.Key.Protocol switch
    {
        IpProtocols.Tcp => _spareTcp.TryPop(out TcpInspector? tcp) ? tcp : new TcpInspector(this),
        IpProtocols.Udp => _spareUdp.TryPop(out UdpInspector? udp) ? udp : new UdpInspector(this),
        IpProtocols.Gre or IpProtocols.Ipv4 or IpProtocols.Ipv6 => new IpTunnelInspector(this),
        _ => null,
    };

    public void Recycle(TcpInspector inspector)
    {
        if (_spareTcp.Count < MaxSpare)
            _spareTcp.Push(inspector);
    }

    public void Recycle(UdpInspector inspector)
    {
        if (_spareUdp.Count < MaxSpare)
            _spareUdp.Push(inspector);
    }

    public void Recycle(HttpStreamReader reader)
    {
        reader.Reset();
        if (_spareHttp.Count < MaxSpare)
            _spareHttp.Push(reader);
    }

    public void Recycle(QuicConnection connection)
    {
        connection.Reset();
        if (_spareQuic.Count < MaxSpare)
            _spareQuic.Push(connection);
    }

    public HttpStreamReader RentHttp() => _spareHttp.TryPop(out HttpStreamReader? reader) ? reader : new HttpStreamReader();

    public QuicConnection RentQuic() => _spareQuic.TryPop(out QuicConnection? connection) ? connection : new QuicConnection();

    /// <summary>
    /// True where a packet of a settled flow begins something new: another connection on the same ports, or a hello in the middle of
    /// a stream, as after STARTTLS or a proxy's answer. This is all that most packets cost, so it looks at a few bytes only.
    /// </summary>
    public static bool Wakes(Flow flow, in Frame frame) => flow.Key.Protocol switch
    {
        IpProtocols.Tcp => (frame.TcpFlags & TcpFlags.Syn) != 0
            || (TlsRecordView.LooksLikeHello(frame.Payload) && frame.TcpSequence != flow.HelloFromLow && frame.TcpSequence != flow.HelloFromHigh),
        IpProtocols.Udp => UdpInspector.Wakes(frame.Payload),
        _ => false,
    };

    /// <summary>
    /// Notes a request, or counts it where the flow, or all flows together, have enough. What it costs is the strings that were made for it since
    /// <paramref name="madeBefore"/>; most are those of other requests.
    /// </summary>
    public void Note(Flow flow, HttpRequest request, long madeBefore)
    {
        if (!HasRoom(madeBefore, out int characters) || !flow.Facts.AddRequest(request))
            Losses.Count(Losses.HttpRequestsDropped);
        else
            Charge(flow, characters);
    }

    /// <summary>The same for a hello.</summary>
    public void Note(Flow flow, TlsHello hello, long madeBefore)
    {
        if (!HasRoom(madeBefore, out int characters) || !flow.Facts.AddHello(hello))
            Losses.Count(Losses.HellosDropped);
        else
            Charge(flow, characters);
    }

    /// <summary>The flow ended: what it knew is somebody else's to hold.</summary>
    public void Release(FlowFacts facts)
    {
        _factCharacters -= facts.Characters;
        facts.Characters = 0;
    }

    /// <summary>Puts what readers of a flow hold on the account of streams; false, and counted, where that is used up.</summary>
    public bool HasRoom(ref int accounted, int held)
    {
        if (Budget.TryAdjust(ref accounted, held))
            return true;
        Losses.Count(Losses.StreamsSkipped);
        return false;
    }

    private bool HasRoom(long madeBefore, out int characters)
    {
        // Beside its strings: the object and its place in lists.
        const int ObjectCharacters = 40;
        characters = (int)(Strings.MadeCharacters - madeBefore) + ObjectCharacters;
        return _factCharacters + characters <= Limits.FactCharacters;
    }

    private void Charge(Flow flow, int characters)
    {
        flow.Facts.Characters += characters;
        _factCharacters += characters;
    }

    /// <summary>Gives a flow the name that its server has by the device's DNS answers or by multicast DNS.</summary>
    public void NameFromAnswers(Flow flow)
    {
        if (flow.ClientIsLow != flow.DeviceIsLow)
            return;
        AddressName? name = Names.Find(flow, out HostSource source);
        if (name is not null)
            flow.Facts.Name(name.Host, source, name.Aliases);
    }

    /// <summary>The device that sent the packet being looked at: the flow's, or another one that got its address since.</summary>
    public Device DeviceOfSender(Flow flow, IpAddress address, long timeNs) =>
        SenderMac == flow.DeviceMac || flow.DeviceMac.IsNone ? flow.Device : _devices.Get(SenderMac, address, timeNs);

    /// <summary>Sets a tunnelled packet aside for the pipeline, which looks into it when the inspector is done.</summary>
    public void SetInner(LinkType link, ReadOnlySpan<byte> packet)
    {
        if (_inner.Length < packet.Length)
            _inner = new byte[Math.Max(packet.Length, 65_536)];
        packet.CopyTo(_inner);
        _innerLength = packet.Length;
        _innerLink = link;
    }

    public bool TryTakeInner(out InnerPacket inner)
    {
        inner = new InnerPacket(_innerLink, _inner.AsMemory(0, _innerLength));
        bool isThere = _innerLength > 0;
        _innerLength = 0;
        return isThere;
    }
}
