using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Naming;

/// <summary>Which answers name a flow, and which do not.</summary>
public sealed class LookupTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;
    private const ushort A = 1;
    private const ushort Cname = 5;
    private static readonly IpAddress s_resolver = Ip("10.42.0.1");
    private static readonly byte[] s_server = [192, 0, 2, 80];

    private static byte[] Question(string name) => new DnsBytes(DnsBytes.Query).Question(name, A).ToArray();

    private static DnsBytes Response(string name) => new DnsBytes(DnsBytes.Response).Question(name, A);

    private static Conversation Asked(string name, DnsBytes response) =>
        new Conversation(Phone, 50_000, s_resolver, 53).Datagram(true, Question(name)).Datagram(false, response.ToArray());

    private static Conversation Later(long seconds = 1, IpAddress? client = null) =>
        new Conversation(client ?? Phone, 40_000, Server, 9, Conversation.DefaultStartNs + seconds * Second).Datagram(true, [1]);

    private static FlowRecord Named(params Conversation[] conversations) => Analysis.Of(conversations)
        .Flows.Single(static flow => flow.ServerPort == 9);

    [Fact]
    public void An_answer_that_nobody_asked_for_names_nothing()
    {
        Conversation answer = new Conversation(Phone, 50_000, s_resolver, 53)
            .Datagram(false, Response("bank.example.com").Answer(DnsBytes.PointerTo(12), A, s_server).ToArray());
        Assert.Null(Named(answer, Later()).Host);
        Assert.Single(Analysis.Of(answer).Lookups);
    }

    [Fact]
    public void The_first_answer_counts_as_it_does_for_the_client()
    {
        Conversation race = Asked("a.example.com", Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, [192, 0, 2, 1]))
            .Datagram(false, Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, s_server).ToArray());
        Assert.Null(Named(race, Later()).Host);
    }

    [Fact]
    public void A_client_does_not_answer_itself()
    {
        byte[] answer = Response("bank.example.com").Answer(DnsBytes.PointerTo(12), A, s_server).ToArray();
        Assert.Null(
            Named(new Conversation(Phone, 50_000, s_resolver, 53).Datagram(true, Question("bank.example.com")).Datagram(true, answer),
                Later()).Host);
    }

    [Fact]
    public void Case_does_not_matter()
    {
        Conversation lookup = Asked("iMg.ExAmPlE.com", Response("img.example.com").Answer(DnsBytes.Name("IMG.example.com"), A, s_server));
        Assert.Equal("img.example.com", Named(lookup, Later()).Host);
        Assert.Equal(("iMg.ExAmPlE.com", (int?)0),
            Analysis.Of(lookup).Lookups.Select(static found => (found.Name, found.ResponseCode)).Single());
    }

    [Fact]
    public void Aliases_are_followed_in_any_order_and_in_a_circle_to_its_end()
    {
        DnsBytes response = Response("a.example.com")
            .Answer(DnsBytes.Name("c.example.net"), A, s_server)
            .Answer(DnsBytes.Name("c.example.net"), Cname, DnsBytes.Name("a.example.com"))
            .Answer(DnsBytes.Name("b.example.net"), Cname, DnsBytes.Name("c.example.net"))
            .Answer(DnsBytes.PointerTo(12), Cname, DnsBytes.Name("b.example.net"));
        FlowRecord flow = Named(Asked("a.example.com", response), Later());
        Assert.Equal("a.example.com", flow.Host);
        Assert.Equal(["b.example.net", "c.example.net"], flow.HostAliases);
    }

    [Fact]
    public void An_address_of_another_name_is_not_the_answer()
    {
        DnsBytes response = Response("a.example.com").Answer(DnsBytes.Name("bank.example.org"), A, s_server)
            .Answer(DnsBytes.PointerTo(12), A, [192, 0, 2, 1]);
        Assert.Null(Named(Asked("a.example.com", response), Later()).Host);
    }

    [Fact]
    public void An_answer_of_days_ago_names_nothing_any_more_and_one_of_hours_ago_does()
    {
        DnsBytes response = Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, s_server, ttl: 60);
        Assert.Equal("a.example.com", Named(Asked("a.example.com", response), Later(20 * 3_600)).Host);
        Assert.Null(Named(Asked("a.example.com", response), Later(30 * 3_600)).Host);
        DnsBytes longer = Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, s_server, ttl: 40 * 3_600);
        Assert.Equal("a.example.com", Named(Asked("a.example.com", longer), Later(30 * 3_600)).Host);
    }

    [Fact]
    public void Clients_behind_one_router_have_their_own_answers()
    {
        Conversation lookup = Asked("a.example.com", Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, s_server));
        Assert.Null(Named(lookup, Later(client: Ip("10.42.0.3"))).Host);
        Assert.Equal("a.example.com", Named(lookup, Later()).Host);
    }

    [Fact]
    public void An_answer_over_IPv6_names_a_server_over_IPv4()
    {
        byte[] answer = Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, s_server).ToArray();
        Assert.Equal(
            "a.example.com",
            Named(new Conversation(Phone6, 50_000, Ip("fd00::1"), 53).Datagram(true, Question("a.example.com")).Datagram(false, answer),
                Later()).Host);
    }

    [Fact]
    public void Questions_that_were_answered_are_not_counted_as_given_up()
    {
        var analysis = new Analysis();
        for (int i = 0; i < 10_000; i++)
        {
            var lookup = new Conversation(Phone, (ushort)(1_024 + i), s_resolver, 53);
            lookup.Datagram(true, Question("a.example.com")).Datagram(false, Response("a.example.com").ToArray());
            analysis.Add(lookup.Packets.Select(packet => packet with { TimeNs = Conversation.DefaultStartNs + i * 10_000L }));
        }
        analysis.Finish();
        Assert.Equal(10_000, analysis.Lookups.Count);
        Assert.DoesNotContain("lookups-evicted", analysis.Losses.Keys);
    }

    [Fact]
    public void A_lookup_is_handed_over_once_with_its_answer_or_when_none_is_waited_for_any_longer()
    {
        Conversation answered = Asked("a.example.com", Response("a.example.com"));
        var late = new Conversation(Phone, 50_001, s_resolver, 53);
        late.Datagram(true, Question("b.example.com")).Datagram(false, Response("b.example.com").ToArray());
        var analysis = new Analysis();
        void Add(TimedPacket packet, long seconds) =>
            analysis.Add(packet with { TimeNs = Conversation.DefaultStartNs + seconds * Second }).Flush();
        Add(answered.Packets[0], 0);
        Add(late.Packets[0], 0);
        Assert.Empty(analysis.Lookups);
        Add(answered.Packets[1], 1);
        // Ten seconds later it is an answer that nobody asked for: a lookup of its own.
        Add(late.Packets[1], 10);
        analysis.Finish();
        Assert.Equal([("a.example.com", (int?)0), ("b.example.com", null), ("b.example.com", 0)],
            analysis.Lookups.Select(static lookup => (lookup.Name, lookup.ResponseCode)));
        Assert.Equal(3, analysis.Lookups.DistinctBy(static lookup => lookup.Sequence).Count());
    }

    [Fact]
    public void A_flow_to_an_ignored_name_is_reduced_by_its_answer_alone()
    {
        var analysis = new Analysis(new AnalysisOptions { IgnoreSuffixes = ["example.com"] });
        analysis.Add(Asked("a.example.com", Response("a.example.com").Answer(DnsBytes.PointerTo(12), A, s_server)).Packets)
            .Add(Later().Packets).Finish();
        Assert.Empty(analysis.Lookups);
        Assert.DoesNotContain(analysis.Flows, static flow => flow.ServerPort == 9);
        Assert.Equal((2L, 1L), (analysis.Source.Kept, analysis.Source.Reduced));
    }

    private static Conversation Announced(
        string name, byte[] address, uint ttl = 120, IpAddress? sender = null, IpAddress? receiver = null) =>
        new Conversation(sender ?? Phone, 5_353, receiver ?? Ip("224.0.0.251"), 5_353)
            .Datagram(true, new DnsBytes(DnsBytes.MulticastResponse).Answer(DnsBytes.Name(name), A, address, ttl: ttl).ToArray());

    [Fact]
    public void An_announcement_names_what_belongs_to_the_link()
    {
        Assert.Equal(("tv.local", HostSource.Mdns),
            (Named(Announced("tv.local", s_server), Later()).Host, Named(Announced("tv.local", s_server), Later()).HostSource));
        Assert.Null(Named(Announced("www.bank.example.com", s_server), Later()).Host);
        Assert.Null(Named(Announced("tv.local", s_server, sender: Ip("198.51.100.7"), receiver: Phone), Later()).Host);
    }

    [Fact]
    public void An_announcement_can_be_taken_back() =>
        Assert.Null(Named(Announced("tv.local", s_server), Announced("tv.local", s_server, ttl: 0).Wait(1), Later()).Host);

    [Fact]
    public void An_ignored_announcement_hides_no_flow_that_names_itself()
    {
        var analysis = new Analysis(new AnalysisOptions { IgnoreSuffixes = ["local"] });
        Conversation talk = Conversation.Tcp(443).Wait(Second).Open().Send(true, HelloBytes.Client("api.example.com"));
        analysis.Add(Announced("tv.local", s_server).Packets).Add(talk.Packets).Finish();
        Assert.Contains(analysis.Flows, static flow => flow.Host == "api.example.com");
    }
}
