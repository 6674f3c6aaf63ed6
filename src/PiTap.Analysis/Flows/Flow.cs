using PiTap.Analysis.Devices;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>
/// One flow as its readers and its record see it: who talks to whom, how much, and what is known of it (<see cref="Facts"/>).
/// </summary>
internal class Flow(in FlowKey key, FlowFacts facts)
{
    /// <summary><see cref="DirtyPlace"/> of a flow without anything new.</summary>
    public const int NotDirty = -1;

    private string? _peerText;

    public readonly FlowKey Key = key;
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

    /// <summary>Bytes of it that a searcher has seen.</summary>
    public int SearchedBytes;

    public long Sequence;
    public Device Device { get; private set; } = null!;

    /// <summary>The device's side on the link; none without a link layer.</summary>
    public MacAddress DeviceMac;

    public FlowFacts Facts = facts;

    /// <summary>What the contact ledger has of this flow.</summary>
    public ContactShare Share;

    /// <summary>Where it stands among the flows of which a state newer than the last flush is due.</summary>
    public int DirtyPlace = NotDirty;

    public bool ClientIsLow;
    public bool DeviceIsLow;

    /// <summary>True if the side that opened the flow was seen doing so.</summary>
    public bool AreRolesSure;

    /// <summary>True if a state of it was handed to the sink.</summary>
    public bool WasStored;

    /// <summary>True if only totals are kept of it.</summary>
    public bool IsReduced;

    /// <summary>Sequence numbers of the latest hellos, 0 before: one that comes again is no other.</summary>
    public uint HelloFromLow;
    public uint HelloFromHigh;

    /// <summary>The flow that this one is tunnelled in; null outside tunnels.</summary>
    public Flow? Tunnel { get; protected set; }

    public bool IsDirty => DirtyPlace != NotDirty;

    /// <summary>The device that sends and gets it; for one in a tunnel, the tunnel's.</summary>
    public Device Sender => (Tunnel ?? this).Device;

    public IpAddress Client => ClientIsLow ? Key.Low : Key.High;

    public IpAddress Server => ClientIsLow ? Key.High : Key.Low;

    public ushort ClientPort => ClientIsLow ? Key.LowPort : Key.HighPort;

    public ushort ServerPort => ClientIsLow ? Key.HighPort : Key.LowPort;

    /// <summary>The other end as the device sees it: the server, or who contacted a server on the device.</summary>
    public IpAddress Peer => DeviceIsLow ? Key.High : Key.Low;

    /// <summary>The other end's address, made into text once.</summary>
    public string PeerText() => _peerText ??= Peer.ToString();

    /// <summary>True if a hello that begins there was looked at.</summary>
    public bool HadHelloAt(uint sequence) => sequence == HelloFromLow || sequence == HelloFromHigh;

    /// <summary>True if packets went both ways.</summary>
    public bool IsAnswered => PacketsFromLow > 0 && PacketsFromHigh > 0;

    /// <summary>Says whose flow it is.</summary>
    public void SetDevice(Device device, MacAddress mac, bool isLow)
    {
        LeaveDevice();
        Device = device;
        device.OpenFlows++;
        DeviceMac = mac;
        DeviceIsLow = isLow;
        _peerText = null;
    }

    /// <summary>The flow ended: its device has one less.</summary>
    public void LeaveDevice()
    {
        if (Device is not null)
            Device.OpenFlows--;
    }

    /// <summary>Corrects the roles if a hello or a request came from the side that was taken for the server.</summary>
    public void SetClient(bool isLow)
    {
        if (!AreRolesSure)
            ClientIsLow = isLow;
        AreRolesSure = true;
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
