using PiTap.Model;

namespace PiTap.Analysis.Devices;

/// <summary>A device in memory: what it is called, and what it moved in the current minute.</summary>
internal sealed class Device
{
    private List<IpAddress>? _addresses;
    private string? _id;
    private int[] _parameters = [];
    private IpAddress _latestAddress;
    private long _sentMinuteNs = long.MinValue;
    private long _receivedMinuteNs = long.MinValue;
    private bool _isReported;
    private Device? _joined;
    private Device? _crowd;
    private int _sentPackets;
    private int _receivedPackets;
    private WorkAccount _sentWork;
    private WorkAccount _receivedWork;

    /// <summary>
    /// Packets each way that make a device known for good: a lookup and a connection have them, and for each device that somebody makes up
    /// they have to be sent.
    /// </summary>
    private const int EstablishedPackets = 8;

    /// <summary>How long a device without a MAC may take to show it.</summary>
    private const long MacWaitNs = 2 * PacketTime.NanosecondsPerSecond;

    /// <summary>Met by its MAC, or by its address.</summary>
    /// <param name="mac">Its MAC; none without a link layer.</param>
    /// <param name="address">Its address, where that is what it is known by.</param>
    /// <param name="nowNs">When.</param>
    /// <param name="crowd">What it is one of at first; null for one that is known by itself from the first packet on.</param>
    public Device(MacAddress mac, IpAddress address, long nowNs, Device? crowd)
    {
        (Mac, Address, _crowd) = (mac, address, crowd);
        FirstSeenNs = LastSeenNs = nowNs;
        IsChanged = HasNews = true;
    }

    private Device(string id, long nowNs)
        : this(default, default, nowNs, null)
    {
        _id = id;
        IsAnswered = true;
        _sentPackets = _receivedPackets = EstablishedPackets;
    }

    /// <summary>
    /// What its records call it: also what was booked on an address before the MAC was known. Text is made where somebody asks, as it is
    /// not for most of those that are forged.
    /// </summary>
    public string Id => _joined?.Id ?? _crowd?.Id ?? (_id ??= Mac.IsNone ? Address.ToString() : Mac.ToString());

    /// <summary>By what it is known; none without a link layer, then by <see cref="Address"/>.</summary>
    public MacAddress Mac { get; }

    public IpAddress Address { get; }

    /// <summary>Stands for packets that belong to no device.</summary>
    public static Device MakeNone() => new("", 0);

    /// <summary>Stands for devices with next to no answer, of which there are too many for each to be known by itself.</summary>
    public static Device MakeCrowd(long nowNs) => new(DeviceRecord.OtherDevices, nowNs);

    /// <summary>True while it is one of many that were hardly answered.</summary>
    public bool IsInCrowd => _crowd is not null;

    /// <summary>The device that its packets, flows and lookups are booked on.</summary>
    public Device Booked => _joined?.Booked ?? _crowd ?? this;

    public bool IsMacRandomised => Mac.IsRandomised;

    public long FirstSeenNs { get; private set; }

    public long LastSeenNs { get; private set; }

    public string? DhcpName { get; private set; }

    public string? DhcpVendorClass { get; private set; }

    public IReadOnlyList<int> DhcpParameters => _parameters;

    public string? MdnsName { get; private set; }

    public string? NetBiosName { get; private set; }

    /// <summary>True once it was told the address of a name.</summary>
    public bool HasAnswers { get; set; }

    /// <summary>True if a record of it is due.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>True if that record says more than until when it was seen.</summary>
    public bool HasNews { get; private set; }

    /// <summary>True once packets went both ways within a minute: whoever forges senders gets no answers.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>
    /// True once <see cref="EstablishedPackets"/> went each way, too: whoever forges the answers as well has to pay for each device.
    /// </summary>
    public bool IsEstablished => IsAnswered && Math.Min(_sentPackets, _receivedPackets) >= EstablishedPackets;

    /// <summary>True if it said what it is called.</summary>
    public bool IsNamed => (DhcpName ?? MdnsName ?? NetBiosName) is not null;

    /// <summary>Flows of it that are open.</summary>
    public int OpenFlows { get; set; }

    /// <summary>Where it stands in the table.</summary>
    public int Place { get; set; }

    /// <summary>Where it waits to give way to others; null for one that is established.</summary>
    public LinkedListNode<Device>? PlaceInQueue { get; set; }

    /// <summary>The time of its last packet when it was last looked at there.</summary>
    public long LookedAtNs { get; set; }

    /// <summary>True for one known by its address in a capture that shows who sends: its MAC comes with its first packet.</summary>
    public bool IsMacExpected { get; set; }

    /// <summary>True while nothing should be handed on under an address that a MAC may yet take the place of.</summary>
    public bool IsAwaited => IsMacExpected && !_isReported && _joined is null && LastSeenNs - FirstSeenNs < MacWaitNs;

    /// <summary>True for one that the table has forgotten: the next packet of it makes another.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>What may still be looked into of what it sends.</summary>
    public ref WorkAccount SentWork => ref _sentWork;

    /// <summary>The same of what others send to it: they must not use up its own.</summary>
    public ref WorkAccount ReceivedWork => ref _receivedWork;

    public long MinuteNs { get; set; }

    public long PacketsUp { get; set; }

    public long PacketsDown { get; set; }

    public long BytesUp { get; set; }

    public long BytesDown { get; set; }

    public bool HasTraffic => (PacketsUp | PacketsDown | BytesUp | BytesDown) != 0;

    /// <summary>A packet of it in this minute, as long as it is not established.</summary>
    public void NoteDirection(bool isUp, long minuteNs)
    {
        (isUp ? ref _sentMinuteNs : ref _receivedMinuteNs) = minuteNs;
        ref int packets = ref isUp ? ref _sentPackets : ref _receivedPackets;
        packets = Math.Min(packets + 1, EstablishedPackets);
        IsAnswered |= _sentMinuteNs == _receivedMinuteNs;
    }

    /// <summary>
    /// It is known by itself from now on; what was booked on the others stays there, but for flows that are handed on anew.
    /// </summary>
    public void LeaveCrowd() => _crowd = null;

    /// <summary>Forgotten, with nothing left to record: flows may hold it for long, but nothing that it said of itself.</summary>
    public void Empty()
    {
        _addresses = null;
        _parameters = [];
        DhcpName = DhcpVendorClass = MdnsName = NetBiosName = null;
    }

    public void See(long timeNs)
    {
        _crowd?.See(timeNs);
        if (timeNs > LastSeenNs)
            LastSeenNs = timeNs;
        else if (timeNs < FirstSeenNs)
            FirstSeenNs = timeNs;
        else
            return;
        IsChanged = true;
    }

    public void AddAddress(IpAddress address)
    {
        if (address == _latestAddress || address.IsUnspecified || address.IsMulticast || address.IsLimitedBroadcast)
            return;
        _latestAddress = address;
        // The one in use is the newest: addresses of the day (RFC 8981) must not push out the one that stays.
        _addresses ??= [];
        bool isKnown = _addresses.Remove(address);
        if (_addresses.Count == DeviceRecord.MaxAddresses)
            _addresses.RemoveAt(0);
        _addresses.Add(address);
        IsChanged = true;
        HasNews |= !isKnown;
    }

    /// <summary>Takes what it says of itself by DHCP: what is empty says nothing.</summary>
    public void SetDhcp(string? name, string? vendorClass, ReadOnlySpan<int> parameters)
    {
        DhcpName = News(DhcpName, name);
        DhcpVendorClass = News(DhcpVendorClass, vendorClass);
        if (parameters.IsEmpty || parameters.SequenceEqual(_parameters))
            return;
        _parameters = [.. parameters];
        IsChanged = HasNews = true;
    }

    public void SetMdnsName(string name) => MdnsName = News(MdnsName, name);

    public void SetNetBiosName(string name) => NetBiosName = News(NetBiosName, name);

    private string? News(string? known, string? said)
    {
        if (said is null || said == known)
            return known;
        IsChanged = HasNews = true;
        return said;
    }

    /// <summary>
    /// Takes over what was seen of it by an address alone. Unless a record said so already, that is called by this one's name from now on.
    /// </summary>
    public void Join(Device nameless)
    {
        See(nameless.FirstSeenNs);
        See(nameless.LastSeenNs);
        HasAnswers |= nameless.HasAnswers;
        foreach (IpAddress address in nameless._addresses ?? [])
            AddAddress(address);
        nameless.TryJoinTo(this);
    }

    /// <summary>What is pending of it goes by the name of another; false if something was handed on already.</summary>
    public bool TryJoinTo(Device other)
    {
        if (_isReported)
            return false;
        _joined = other;
        _crowd = null;
        IsChanged = HasNews = false;
        return true;
    }

    /// <summary>A record was handed on that calls it by its name.</summary>
    public void NoteReported() => Booked._isReported = true;

    /// <summary>The record that is due.</summary>
    public DeviceRecord TakeRecord()
    {
        IsChanged = HasNews = false;
        _isReported = true;
        return ToRecord();
    }

    public DeviceRecord ToRecord() => new()
    {
        Id = Id,
        IsMacRandomised = IsMacRandomised,
        DhcpName = DhcpName,
        DhcpVendorClass = DhcpVendorClass,
        DhcpParameters = DhcpParameters,
        MdnsName = MdnsName,
        NetBiosName = NetBiosName,
        Addresses = [.. _addresses ?? []],
        FirstSeenNs = FirstSeenNs,
        LastSeenNs = LastSeenNs,
    };

    public MinuteRecord TakeMinute()
    {
        _isReported = true;
        var record = new MinuteRecord(MinuteNs, Id, PacketsUp, PacketsDown, BytesUp, BytesDown);
        PacketsUp = PacketsDown = BytesUp = BytesDown = 0;
        return record;
    }
}
