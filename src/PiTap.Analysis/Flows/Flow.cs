using PiTap.Analysis.Devices;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>
/// One flow as its readers and its record see it: who talks to whom, how much, and what is known of it (<see cref="Facts"/>). Everything
/// that it holds is one value, so that the object can be used for another flow: setting that value resets all of it.
/// </summary>
internal class Flow
{
    /// <summary><see cref="DirtyPlace"/> of a flow without anything new.</summary>
    public const int NotDirty = 0;

    private State _state;

    public ref readonly FlowKey Key => ref _state.Key;

    public ref long StartNs => ref _state.StartNs;

    public ref long EndNs => ref _state.EndNs;

    public ref long PacketsFromLow => ref _state.PacketsFromLow;

    public ref long PacketsFromHigh => ref _state.PacketsFromHigh;

    public ref long BytesFromLow => ref _state.BytesFromLow;

    public ref long BytesFromHigh => ref _state.BytesFromHigh;

    /// <summary>Packets and bytes by the source that saw the flow first: what moves from kept to reduced.</summary>
    public ref int Source => ref _state.Source;

    /// <summary>What people call that source.</summary>
    public string? SourceName
    {
        get => _state.SourceName;
        set => _state.SourceName = value;
    }

    public ref long SourcePackets => ref _state.SourcePackets;

    public ref long SourceBytes => ref _state.SourceBytes;

    /// <summary>Bytes of it that a searcher has seen.</summary>
    public ref int SearchedBytes => ref _state.SearchedBytes;

    public ref long Sequence => ref _state.Sequence;

    public Device Device => _state.Device!;

    /// <summary>The device's side on the link; none without a link layer.</summary>
    public MacAddress DeviceMac => _state.DeviceMac;

    public FlowFacts Facts
    {
        get => _state.Facts!;
        set => _state.Facts = value;
    }

    /// <summary>What the contact ledger has of this flow.</summary>
    public ref ContactShare Share => ref _state.Share;

    /// <summary>Its place, from 1, among the flows of which a state newer than the last flush is due.</summary>
    public ref int DirtyPlace => ref _state.DirtyPlace;

    public ref bool ClientIsLow => ref _state.ClientIsLow;

    public bool DeviceIsLow => _state.DeviceIsLow;

    /// <summary>True if the side that opened the flow was seen doing so.</summary>
    public ref bool AreRolesSure => ref _state.AreRolesSure;

    /// <summary>True if a state of it was handed to the sink.</summary>
    public ref bool WasStored => ref _state.WasStored;

    /// <summary>What the state that was handed to the sink says beyond counters, as a hash.</summary>
    public ref int StoredFacts => ref _state.StoredFacts;

    /// <summary>True if only totals are kept of it.</summary>
    public ref bool IsReduced => ref _state.IsReduced;

    /// <summary>Sequence numbers of the latest hellos, 0 before: one that comes again is no other.</summary>
    public ref uint HelloFromLow => ref _state.HelloFromLow;

    public ref uint HelloFromHigh => ref _state.HelloFromHigh;

    /// <summary>The flow that this one is tunnelled in; null outside tunnels.</summary>
    public Flow? Tunnel
    {
        get => _state.Tunnel;
        protected set => _state.Tunnel = value;
    }

    public bool IsDirty => DirtyPlace != NotDirty;

    /// <summary>The device that sends and gets it; for one in a tunnel, the tunnel's.</summary>
    public Device Sender => (Tunnel ?? this).Device;

    /// <summary>True for what its device sends, which is what the client says if that is the device.</summary>
    public bool IsSent(bool isFromClient) => isFromClient == (ClientIsLow == DeviceIsLow);

    public IpAddress Client => ClientIsLow ? Key.Low : Key.High;

    public IpAddress Server => ClientIsLow ? Key.High : Key.Low;

    public ushort ClientPort => ClientIsLow ? Key.LowPort : Key.HighPort;

    public ushort ServerPort => ClientIsLow ? Key.HighPort : Key.LowPort;

    /// <summary>The other end as the device sees it: the server, or who contacted a server on the device.</summary>
    public IpAddress Peer => DeviceIsLow ? Key.High : Key.Low;

    /// <summary>The address on the device's side.</summary>
    public IpAddress DeviceAddress => DeviceIsLow ? Key.Low : Key.High;

    /// <summary>The other end's address, made into text once.</summary>
    public string PeerText() => _state.PeerText ??= Peer.ToString();

    /// <summary>True if a hello that begins there was looked at.</summary>
    public bool HadHelloAt(uint sequence) => sequence == HelloFromLow || sequence == HelloFromHigh;

    /// <summary>True if packets went both ways.</summary>
    public bool IsAnswered => PacketsFromLow > 0 && PacketsFromHigh > 0;

    /// <summary>Becomes the flow of a key, of which nothing else is known.</summary>
    public void Begin(in FlowKey key)
    {
        _state.Key = key;
        _state.Facts = new FlowFacts();
    }

    /// <summary>Ended: holds nothing any more.</summary>
    public virtual void Reset() => _state = default;

    /// <summary>Says whose flow it is.</summary>
    public void SetDevice(Device device, MacAddress mac, bool isLow)
    {
        LeaveDevice();
        _state.Device = device;
        device.OpenFlows++;
        _state.DeviceMac = mac;
        _state.DeviceIsLow = isLow;
        _state.PeerText = null;
    }

    /// <summary>The flow ended: its device has one less.</summary>
    public void LeaveDevice()
    {
        if (_state.Device is not null)
            _state.Device.OpenFlows--;
    }

    /// <summary>Corrects the roles if a hello or a request came from the side that was taken for the server.</summary>
    public void SetClient(bool isLow)
    {
        if (!AreRolesSure)
            ClientIsLow = isLow;
        AreRolesSure = true;
    }

    private struct State
    {
        public FlowKey Key;
        public long StartNs, EndNs, PacketsFromLow, PacketsFromHigh, BytesFromLow, BytesFromHigh, SourcePackets, SourceBytes, Sequence;
        public int Source, SearchedBytes, DirtyPlace, StoredFacts;
        public uint HelloFromLow, HelloFromHigh;
        public bool ClientIsLow, DeviceIsLow, AreRolesSure, WasStored, IsReduced;
        public MacAddress DeviceMac;
        public Device? Device;
        public FlowFacts? Facts;
        public Flow? Tunnel;
        public string? PeerText, SourceName;
        public ContactShare Share;
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
