using PiTap.Model;

namespace PiTap.Host.Tests;

/// <summary>One record of each kind, with every field set.</summary>
internal static class SampleRecords
{
    public static FlowRecord Flow { get; } = new()
    {
        Sequence = 7,
        StartNs = long.MinValue,
        EndNs = long.MaxValue,
        Device = "02:00:00:00:00:01",
        Protocol = 6,
        Client = new IpAddress(0, 1),
        ClientPort = 65535,
        Server = new IpAddress(0x2001_0db8_0000_0000, 1),
        ServerPort = 443,
        PacketsUp = 1,
        PacketsDown = 2,
        BytesUp = 3,
        BytesDown = long.MaxValue,
        End = FlowEnd.Closed,
        AppProto = AppProtocol.Tls,
        AppProtos = [AppProtocol.Http, AppProtocol.Tls],
        Host = "h\u00f6st.example\n\u202e\"\\",
        HostSource = HostSource.Dns,
        HostAliases = ["a.example", ""],
        Verdict = Verdict.Encrypted,
        VerdictReason = "because",
        Tls =
        [
            new TlsHello { Version = "TLS 1.3", Sni = "x", Alpn = ["h2", "\u0001"], Ja3 = "3", Ja4 = "4", Ech = EchState.Real },
            new TlsHello { IsServer = true, Version = "TLS 1.2", Ja3s = "s" },
        ],
        QuicVersion = "v1",
        Http = [new HttpRequest(null, "GET", "/", null, "com.example"), new HttpRequest("h", "PUT", "", "ua", null)],
        IsReduced = true,
    };

    public static NameLookup Lookup { get; } = new()
    {
        Sequence = 9,
        TimeNs = 123_456_789,
        Device = "fe80::1",
        AppProto = AppProtocol.Dns,
        Protocol = 17,
        Client = IpAddress.FromV4(0x0a000001),
        ClientPort = 1,
        Server = IpAddress.FromV4(0),
        ServerPort = 53,
        Name = "Example\\000.org",
        Type = 28,
        ResponseCode = 0,
        Answers = [new NameAnswer("Example.org", 5, "b.example", uint.MaxValue), new NameAnswer("b.example", 28, "2001:db8::1", 0)],
    };

    public static ContactRecord Contact { get; } = new()
    {
        Addresses = [new ContactAddress(IpAddress.FromV4(0xc0000201), 5)],
        Device = "d",
        Host = "h",
        HostSource = HostSource.Mdns,
        Flows = 1,
        FlowsEncrypted = -1,
        FlowsReadable = 2,
        FlowsOpaque = 3,
        PacketsUp = 4,
        PacketsDown = 5,
        BytesUp = 6,
        BytesDown = 7,
        FirstSeenNs = 8,
        LastSeenNs = 9,
    };

    public static DeviceRecord Device { get; } = new()
    {
        Id = "02:00:00:00:00:01",
        IsMacRandomised = true,
        DhcpName = "phone",
        DhcpVendorClass = "v",
        DhcpParameters = [1, 3, 1],
        MdnsName = "m",
        NetBiosName = "N",
        Addresses = [IpAddress.FromV4(1), new IpAddress(ulong.MaxValue, ulong.MaxValue), default],
        FirstSeenNs = 1,
        LastSeenNs = 2,
    };

    public static MinuteRecord Minute { get; } = new(60_000_000_000, "", 1, 2, 3, 4);

    public static RunRecord Run { get; } = new()
    {
        Run = 3,
        Mode = "live",
        StartedNs = 1,
        UpdatedNs = 2,
        IsComplete = true,
        Version = "0.1.0",
        Sources =
        [
            new SourceCounters
            {
                Source = "wlan0", Received = 1, DroppedByKernel = 2, DroppedByInterface = 3, DroppedByRing = 4, Kept = 5, Reduced = 6,
                Filtered = 7,
                BytesKept = 8, BytesReduced = 9, BytesFiltered = 10, Interruptions = 11,
            },
        ],
        Losses = [new LossCounter("flows-evicted", 12)],
        Rejects =
        [
            new RejectRecord
            {
                Layer = "transport", Status = "truncated", Claim = "udp-header", Offset = 34, Required = 8, Available = 5, Bound =
                    "ipv4-total-length",
                Source = "wlan0", Packet = 13, TimeNs = 14, Packets = 15,
            },
        ],
    };

    public static StoreInfo Info { get; } = new("/x/pitap.db", 1, 2, 3, 4, 5, 6);
}
