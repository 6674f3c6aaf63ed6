using PiTap.Analysis.Devices;
using PiTap.Analysis.Inspection;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>One open flow. What a packet touches stands first; what is known of it is in <see cref="Facts"/>.</summary>
internal sealed class Flow
{
    public FlowKey Key;
    public Flow? NextInBucket;
    private string? _peerText;
    public FlowQueue? Queue;
    public Flow? Older;
    public Flow? Newer;

    /// <summary>Engine time of the last packet.</summary>
    public long LastSeenNs;

    /// <summary>Engine time at which the flow was last moved to the end of its queue.</summary>
    public long QueuedNs;

    /// <summary>Engine time of the record's first packet.</summary>
    public long OpenedNs;

    public long StartNs;
    public long EndNs;
    public long PacketsFromLow;
    public long PacketsFromHigh;
    public long BytesFromLow;
    public long BytesFromHigh;

    /// <summary>Packets and bytes by the source that saw the flow first: what moves from kept to reduced.</summary>
    public int Source;
    public long SourcePackets;
    public long SourceBytes;

    public long Sequence;
    public Device Device = null!;

    /// <summary>The device's side on the link; none without a link layer.</summary>
    public MacAddress DeviceMac;

    public FlowFacts Facts = null!;

    /// <summary>What looks into the payload; null once the flow is settled.</summary>
    public Inspector? Inspector;

    /// <summary>The flow that this one is tunnelled in; null outside tunnels.</summary>
    public Flow? Tunnel;

    /// <summary>The latest flow that was found in this one; they end with it.</summary>
    public Flow? Inner;

    private Flow? _nextInner;
    private Flow? _previousInner;

    /// <summary>What the contact ledger has of this flow.</summary>
    public ContactShare Share;

    public bool ClientIsLow;
    public bool DeviceIsLow;

    /// <summary>True where the side that opened the flow was seen doing so.</summary>
    public bool AreRolesSure;

    /// <summary>True while a state newer than the last flush is due.</summary>
    public bool IsDirty;

    /// <summary>True where a state of it was handed to the sink.</summary>
    public bool WasStored;

    /// <summary>Sequence numbers of the latest hellos, 0 before: one that comes again is no other.</summary>
    public uint HelloFromLow;
    public uint HelloFromHigh;

    public bool IsReduced;
    public bool FinFromLow;
    public bool FinFromHigh;
    public bool IsClosed;

    public IpAddress Client => ClientIsLow ? Key.Low : Key.High;

    public IpAddress Server => ClientIsLow ? Key.High : Key.Low;

    public ushort ClientPort => ClientIsLow ? Key.LowPort : Key.HighPort;

    public ushort ServerPort => ClientIsLow ? Key.HighPort : Key.LowPort;

    /// <summary>The other end as the device sees it: the server, or who contacted a server on the device.</summary>
    public IpAddress Peer => DeviceIsLow ? Key.High : Key.Low;

    /// <summary>The other end's address, made into text once.</summary>
    public string PeerText() => _peerText ??= Peer.ToString();

    /// <summary>Says whose flow it is.</summary>
    public void SetDevice(Device device, MacAddress mac, bool isLow)
    {
        Device = device;
        DeviceMac = mac;
        DeviceIsLow = isLow;
        _peerText = null;
    }

    /// <summary>Makes this a flow inside a tunnel: what is found in it is noted on the tunnel.</summary>
    public void EnterTunnel(Flow tunnel)
    {
        Tunnel = tunnel;
        Facts = tunnel.Facts;
        _nextInner = tunnel.Inner;
        if (_nextInner is not null)
            _nextInner._previousInner = this;
        tunnel.Inner = this;
    }

    public void LeaveTunnel()
    {
        if (_previousInner is not null)
            _previousInner._nextInner = _nextInner;
        else
            Tunnel!.Inner = _nextInner;
        if (_nextInner is not null)
            _nextInner._previousInner = _previousInner;
        _nextInner = _previousInner = null;
    }

    /// <summary>Corrects the roles where a hello or a request came from the side that was taken for the server.</summary>
    public void SetClient(bool isLow)
    {
        if (!AreRolesSure)
            ClientIsLow = isLow;
        AreRolesSure = true;
    }

    /// <summary>Makes a spent object as good as new.</summary>
    public void Reset()
    {
        LastSeenNs = QueuedNs = OpenedNs = StartNs = EndNs = 0;
        PacketsFromLow = PacketsFromHigh = BytesFromLow = BytesFromHigh = 0;
        Source = 0;
        SourcePackets = SourceBytes = Sequence = 0;
        Device = null!;
        DeviceMac = default;
        Facts = null!;
        Inspector = null;
        Tunnel = Inner = null;
        Share = default;
        _peerText = null;
        HelloFromLow = HelloFromHigh = 0;
        ClientIsLow = DeviceIsLow = AreRolesSure = false;
        IsDirty = WasStored = IsReduced = FinFromLow = FinFromHigh = IsClosed = false;
    }

    public FlowRecord ToRecord(FlowEnd end)
    {
        FlowFacts facts = Facts;
        (Verdict verdict, string reason) = Exposure.VerdictRules.Judge(this);
        return new FlowRecord
        {
            Sequence = Sequence,
            StartNs = StartNs,
            EndNs = EndNs,
            Device = Device.Id,
            Protocol = Key.Protocol,
            Client = Client,
            ClientPort = ClientPort,
            Server = Server,
            ServerPort = ServerPort,
            PacketsUp = ClientIsLow ? PacketsFromLow : PacketsFromHigh,
            PacketsDown = ClientIsLow ? PacketsFromHigh : PacketsFromLow,
            BytesUp = ClientIsLow ? BytesFromLow : BytesFromHigh,
            BytesDown = ClientIsLow ? BytesFromHigh : BytesFromLow,
            End = end,
            AppProto = facts.AppProto,
            AppProtos = facts.AppProtoList(),
            Host = facts.Host,
            HostSource = facts.HostSource,
            HostAliases = facts.HostAliases,
            Verdict = verdict,
            VerdictReason = reason,
            Tls = facts.HelloList(),
            QuicVersion = facts.QuicVersion,
            Http = facts.HttpList(),
            IsReduced = IsReduced,
        };
    }
}

/// <summary>What the contact ledger has counted of a flow so far.</summary>
internal struct ContactShare
{
    public Device? Device;
    public string? Host;
    public HostSource HostSource;
    public IpAddress Address;
    public Verdict Verdict;
    public long PacketsUp;
    public long PacketsDown;
    public long BytesUp;
    public long BytesDown;
}
