using PiTap.Model;
using PiTap.Panel.State;

namespace PiTap.Panel.Tests.Pages;

/// <summary>What the golden frames show. All of it is made up, but for the names of companies.</summary>
internal static class Scenes
{
    /// <summary>12 February 2021, 17:00 UTC.</summary>
    public const long NowNs = 1_613_149_200 * PacketTime.NanosecondsPerSecond;

    public static readonly PanelFacts Facts = new()
    {
        Wifi = new WifiAccess("PiTap-7F3A", "maple-river-42"),
        PageAddress = "http://10.42.0.1/",
        Clients = 3,
        Seats = 10,
        FreeBytes = 12_400_000_000,
        IsClockSet = true,
        Celsius = 48.3,
        IsThrottled = false,
    };

    private static readonly PanelView s_session = new PanelView().StartSession("Clubhouse", NowNs - Seconds(332))
        .Mark(new PanelMarker(NowNs - Seconds(75), "")).Mark(new PanelMarker(NowNs - Seconds(21), "joined the room"));

    /// <summary>Each with the name that its picture has.</summary>
    public static IReadOnlyDictionary<string, PanelState> All { get; } = new Dictionary<string, PanelState>
    {
        ["join-wifi"] = State(new(), PanelPage.Join),
        ["join-open-long"] = State(new(), PanelPage.Join, Facts with
        {
            Wifi = new WifiAccess("Workshop; in the Old Town Library", null),
            PageAddress = "http://pitap.local:8080/",
        }),
        ["join-none"] = State(new(), PanelPage.Join, new PanelFacts()),
        ["live-empty"] = State(new(), PanelPage.Live),
        ["live-call"] = State(Call(), PanelPage.Live),
        ["live-quiet"] = State(Quiet(), PanelPage.Live),
        ["live-strange"] = State(Strange(), PanelPage.Live),
        ["live-hosts"] = State(Hosts(), PanelPage.Live),
        ["live-losing"] = State(Losing(1203), PanelPage.Live),
        ["parties-empty"] = State(new(), PanelPage.Parties),
        ["parties-call"] = State(Call(), PanelPage.Parties),
        ["parties-strange"] = State(Strange(), PanelPage.Parties),
        ["session-none"] = State(Call(), PanelPage.Session),
        ["session-call"] = State(Call(), s_session),
        ["session-new"] = State(new(), new PanelView().StartSession("Messenger in the background overnight", NowNs - Seconds(4000))),
        ["health-well"] = State(Call(), PanelPage.Health),
        ["health-trouble"] = State(Trouble(), PanelPage.Health, Facts with
        {
            Clients = 10,
            Celsius = 83.7,
            IsThrottled = true,
            IsClockSet = false,
            FreeBytes = 120_000_000,
            Missing = ["no LEDs", "no GPIO"],
        }),
        ["health-bare"] = State(new(), PanelPage.Health, new PanelFacts()),
        ["alert-finding"] = State(Call(), s_session.Show(
            new PanelAlert("F-ID", "Agora gets the user's number, readable by anybody on the way.", NowNs - Seconds(6)))),
        ["alert-long"] = State(Call(), s_session.Show(new PanelAlert("F-UNDECLARED",
            "The app talks to EnjoyVC Cloud Group Limited, which no privacy policy of the app's names, and which is run from another "
            + "country than the app's publisher says that its data stays in.", NowNs))),
        ["alert-failure"] = State(Call(), new PanelView().Show(
            new PanelAlert("E1", "wlan0 ended: the adapter was pulled out.", NowNs - Seconds(20), IsFinding: false))),
    };

    public static PanelState State(LiveState capture, PanelView view, PanelFacts? facts = null) =>
        PanelState.From(capture, view, facts ?? Facts, NowNs);

    /// <summary>A phone in an audio room, as the researchers of 2021 found it.</summary>
    public static LiveState Call() => Parties(
        Party("Agora", PartyRole.ThirdParty, "US", 9_800, 11_200, 4_200_000, 3, ["qos-america.agoralab.co"], readable: 1),
        Party("Alpha Exploration", PartyRole.FirstParty, "US", 310, 5_400, 1_310_000, 330, ["www.clubhouseapi.com"]),
        Party("EnjoyVC", PartyRole.ThirdParty, "HK", 4_400, 90, 260_000, 14, ["148.153.25.11"]),
        Party("Amazon", PartyRole.ThirdParty, "US", 20, 128_000, 24_600_000, 300, ["d1l2jz5kxfvfqe.cloudfront.net"]),
        Party("Google", PartyRole.Platform, "US", 0, 0, 88_000, 331, ["mtalk.google.com"]),
        Party(null, PartyRole.Unknown, "", 0, 700, 12_000, 120, ["api.statsig-proxy.example.net"]));

    private static LiveState Quiet() => Parties(
        Party("Apple", PartyRole.Platform, "US", 0, 0, 410_000, 900, ["gateway.icloud.com"]),
        Party("Cloudflare", PartyRole.Infrastructure, "US", 0, 0, 9_300, 640, ["one.one.one.one"]));

    private static LiveState Strange() => Parties(
        Party("Zhejiang Uniview Technologies Company Limited", PartyRole.ThirdParty, "CN", 1_250_000, 1_000, 987_654_321, 2, ["a.example"]),
        Party(null, PartyRole.Unknown, "", 0, 2_300_000_000, 88_000_000_000, 60,
            ["very-long-label.of-some-service.eu-central-1.example.co.uk"]),
        Party("\u58f0\u7f51 Agora", PartyRole.ThirdParty, "CN", 10, 10, 5_000, 61, ["b.example"]),
        Party("\u042f\u043d\u0434\u0435\u043a\u0441", PartyRole.ThirdParty, "RU", 900, 0, 4_000, 62, ["c.example"], readable: 2),
        Party(null, PartyRole.Unknown, "", 5, 5, 3_000, 63, ["2001:db8:85a3::8a2e:370:7334"]),
        Party("\u0634\u0631\u0643\u0629 Caf\u00e9 \u0141\u00f3d\u017a \ud83d\udcf1", PartyRole.Unknown, "PL", 0, 0, 2_000, 64,
            ["d.example"]));

    private static LiveState Hosts() => new()
    {
        AsOfNs = NowNs,
        Contacts =
        [
            Contact("qos-america.agoralab.co", 9_800, 11_200, 4_200_000, 3),
            Contact("www.clubhouseapi.com", 310, 5_400, 1_310_000, 330),
            Contact("148.153.25.11", 4_400, 90, 260_000, 14),
        ],
        Totals = new LiveTotals { Contacts = 3, Devices = 1, UpPerSecond = 14_510, DownPerSecond = 16_690 },
    };

    private static LiveState Trouble() => Call() with
    {
        Sources = [new SourceCounters { Source = "wlan0", DroppedByKernel = 1200, DroppedByRing = 3 }],
        Health = new LiveHealth { IsStoreWaiting = true, SinceLastPacketNs = Seconds(90) },
    };

    public static LiveState Losing(long packets) =>
        Call() with { Sources = [new SourceCounters { Source = "wlan0", DroppedByKernel = packets }] };

    public static LiveState Parties(params LiveParty[] parties) => new()
    {
        AsOfNs = NowNs,
        Parties = parties,
        Totals = new LiveTotals { Parties = parties.Length, Devices = 2 },
    };

    public static LiveParty Party(string? company, PartyRole role, string country, long up, long down, long bytes, int ageSeconds,
        string[] hosts, long readable = 0, string device = "02:00:00:00:00:01") => new()
        {
            DeviceName = "phone",
            UpPerSecond = up,
            DownPerSecond = down,
            AgeNs = Seconds(ageSeconds),
            IdleNs = up + down > 0 ? 0 : Seconds(Math.Min(ageSeconds, 40)),
            Record = new PartyRecord
            {
                Device = device,
                Hosts = hosts,
                BytesDown = bytes,
                FlowsReadable = readable,
                Attribution = new PartyAttribution
                {
                    Party = company ?? hosts[0],
                    PartyReason = "made up",
                    Company = company,
                    Role = role,
                    RoleReason = "made up",
                    HomeCountry = country.Length == 0 ? null : country,
                },
            },
        };

    public static LiveContact Contact(string host, long up, long down, long bytes, int ageSeconds) => new()
    {
        DeviceName = "phone",
        UpPerSecond = up,
        DownPerSecond = down,
        AgeNs = Seconds(ageSeconds),
        Record = new ContactRecord { Device = "02:00:00:00:00:01", Host = host, HostSource = HostSource.TlsSni, BytesDown = bytes },
    };

    public static long Seconds(long count) => count * PacketTime.NanosecondsPerSecond;

    private static PanelState State(LiveState capture, PanelPage page, PanelFacts? facts = null) =>
        State(capture, new PanelView { Page = page }, facts);
}
