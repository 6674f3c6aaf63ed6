using PiTap.Model;

namespace PiTap.Export.Tests;

internal static class Samples
{
    public const long TimeNs = 1_613_149_200_123_456_789;

    /// <summary>The cells of <see cref="Agora"/>.</summary>
    public const string AgoraCells = "Agora,domain agora.io,certain,Agora,Agora SD-RTN edge,rtc,third-party,category rtc,false,"
        + "no recipient of https://example.org/privacy,CN,table of companies,HK US,two sources agree,likely,"
        + "131950,EnjoyVC,HK,address in AS131950,certain";

    public static PartyAttribution Agora { get; } = new()
    {
        Party = "Agora",
        PartyReason = "domain agora.io",
        PartyConfidence = Confidence.Certain,
        Company = "Agora",
        Service = "Agora SD-RTN edge",
        Category = "rtc",
        Role = PartyRole.ThirdParty,
        RoleReason = "category rtc",
        IsDeclared = false,
        DeclaredReason = "no recipient of https://example.org/privacy",
        HomeCountry = "CN",
        HomeCountryReason = "table of companies",
        HostedIn = ["HK", "US"],
        HostedInReason = "two sources agree",
        HostedInConfidence = Confidence.Likely,
        RegisteredTo = new RegisteredNetwork(131950, "EnjoyVC", "HK", "address in AS131950", Confidence.Certain),
    };

    public static PartyRecord Party { get; } = new()
    {
        Device = "02:00:00:00:00:01",
        Attribution = Agora,
        Services = ["Agora SD-RTN edge", "Agora real-time engagement"],
        Categories = ["rtc"],
        Hosts = ["edge.agora.io"],
        Contacts = 2,
        Flows = 6,
        FlowsEncrypted = 1,
        FlowsReadable = 2,
        FlowsOpaque = 3,
        AppProtos = 1 << (int)AppProtocol.Tls,
        PacketsUp = 4,
        PacketsDown = 5,
        BytesUp = 6,
        BytesDown = 7,
        FirstSeenNs = TimeNs,
        LastSeenNs = TimeNs,
    };

    public static FlowRecord Bare { get; } = new()
    {
        Sequence = 1,
        StartNs = TimeNs,
        EndNs = TimeNs + 1,
        Device = "02:00:00:00:00:01",
        Protocol = 47,
        Client = Address("10.0.0.2"),
        ClientPort = 0,
        Server = Address("2001:db8::1"),
        ServerPort = 0,
        PacketsUp = 1,
        PacketsDown = 0,
        BytesUp = 60,
        BytesDown = 0,
    };

    public static FlowRecord Full { get; } = Bare with
    {
        Run = 3,
        Source = "trip.pcapng",
        App = "Example",
        Protocol = 6,
        ClientPort = 50000,
        ServerPort = 443,
        DeviceSide = DeviceSide.Client,
        PacketsDown = 3,
        BytesDown = 5_000_000_000,
        End = FlowEnd.Closed,
        AppProto = AppProtocol.Tls,
        AppProtos = [AppProtocol.Http, AppProtocol.Tls],
        Host = "api.example.org",
        HostSource = HostSource.TlsSni,
        HostAliases = ["edge.example.net"],
        Attribution = Agora,
        Verdict = Verdict.Encrypted,
        VerdictReason = "TLS 1.3 handshake",
        QuicVersion = "v1",
        Tls =
        [
            new TlsHello
            {
                Version = "TLS 1.3",
                Sni = "API.example.org",
                Alpn = ["h2", "http/1.1"],
                Ja3 = "0123456789abcdef0123456789abcdef",
                Ja4 = "t13d1516h2_8daaf6152771_02713d6af862",
                Ech = EchState.Grease,
            },
            new TlsHello { IsServer = true, Version = "TLS 1.3", Ja3s = "fedcba9876543210fedcba9876543210" },
        ],
        Http = [new HttpRequest("example.org", "GET", "/a?b=1&c=<d>+'e'", "Agent/1.0", "com.example.app")],
    };

    public static NameLookup Lookup { get; } = new()
    {
        Run = 3,
        Source = "wlan0",
        Sequence = 1,
        TimeNs = TimeNs,
        Device = "02:00:00:00:00:01",
        AppProto = AppProtocol.Dns,
        Protocol = 17,
        Client = Address("10.0.0.2"),
        ClientPort = 5353,
        Server = Address("10.0.0.1"),
        ServerPort = 53,
        Name = "API.example.org",
        Type = 28,
        ResponseCode = 0,
        Answers =
        [
            new NameAnswer("API.example.org", 5, "edge.example.net", 300),
            new NameAnswer("edge.example.net", 5, "edge2.example.net", 300),
            new NameAnswer("edge2.example.net", 28, "2001:db8::1", uint.MaxValue),
        ],
    };

    public static ContactRecord Contact { get; } = new()
    {
        Device = "02:00:00:00:00:01",
        Host = "192.0.2.1",
        HostSource = HostSource.None,
        Flows = 6,
        FlowsEncrypted = 1,
        FlowsReadable = 2,
        FlowsOpaque = 3,
        AppProtos = 1UL << (int)AppProtocol.Quic | 1UL << (int)AppProtocol.Tls,
        PacketsUp = 4,
        PacketsDown = 5,
        BytesUp = 6,
        BytesDown = 7,
        FirstSeenNs = TimeNs,
        LastSeenNs = TimeNs,
        Aliases = ["edge.example.net"],
        Addresses = [new ContactAddress(IpAddress.FromV4(0xc0000201), 4), new ContactAddress(new IpAddress(0x2001_0db8_0000_0000, 1), 9)],
    };

    public static DeviceRecord Device { get; } = new()
    {
        Id = "02:00:00:00:00:01",
        Vendor = "Example Corp.",
        VendorReason = "IEEE assignment 02:00:00/24",
        IsMacRandomised = true,
        DhcpName = "phone",
        DhcpVendorClass = "android-dhcp-14",
        DhcpParameters = [1, 3, 1],
        MdnsName = null,
        NetBiosName = "PHONE",
        Addresses = [Address("10.0.0.2"), Address("fe80::1")],
        FirstSeenNs = TimeNs,
        LastSeenNs = TimeNs,
    };

    public static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new ArgumentException(text);

    public static string Text<T>(Func<Stream, IRecordWriter<T>> open, params T[] records)
    {
        using MemoryStream stream = new();
        using (IRecordWriter<T> writer = open(stream))
        {
            foreach (T record in records)
                writer.Write(record);
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
