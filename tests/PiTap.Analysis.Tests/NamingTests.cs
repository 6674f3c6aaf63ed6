using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class NamingTests
{
    private static readonly IpAddress s_resolver = Ip("10.42.0.1");

    /// <summary>A question for an A record and its answer, with an alias between where one is given.</summary>
    private static Conversation Lookup(IpAddress client, string name, IpAddress address, string? alias = null, ushort id = 1)
    {
        byte[] question = [.. Name(name), 0, 1, 0, 1];
        byte[] query = [(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. question];
        byte[] owner = alias is null ? [0xc0, 12] : Name(alias);
        byte[] cname = alias is null ? [] : [0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, (byte)Name(alias).Length, .. Name(alias)];
        byte[] bytes = new byte[4];
        address.WriteTo(bytes);
        byte[] response = [(byte)(id >> 8), (byte)id, 0x81, 0x80, 0, 1, 0, (byte)(alias is null ? 1 : 2), 0, 0, 0, 0, .. question, .. cname,
            .. owner, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. bytes];
        return new Conversation(client, 50_000, s_resolver, 53).Datagram(true, query).Datagram(false, response);
    }

    private static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(static label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];

    private static Conversation Later(ushort port = 9) =>
        new(Phone, 40_000, Server, port, Conversation.DefaultStartNs + PacketTime.NanosecondsPerSecond);

    [Fact]
    public void A_server_is_called_what_its_client_asked_for_with_the_aliases_kept()
    {
        Analysis analysis = Analysis.Of(Lookup(Phone, "img.example.com", Server, "edge.cdn.example.net"), Later().Datagram(true, [1]));
        FlowRecord flow = analysis.Flows.Single(static flow => flow.ServerPort == 9);
        Assert.Equal(("img.example.com", HostSource.Dns), (flow.Host, flow.HostSource));
        Assert.Equal(["edge.cdn.example.net"], flow.HostAliases);
        NameLookup lookup = Assert.Single(analysis.Lookups);
        Assert.Equal(("img.example.com", (ushort)1, 0), (lookup.Name, lookup.Type, lookup.ResponseCode));
        Assert.Equal(["edge.cdn.example.net", Server.ToString()], lookup.Answers.Select(static answer => answer.Value));
    }

    [Theory]
    [InlineData("img.example.com", true)]
    [InlineData("other.example.com", false)]
    public void A_name_that_the_device_says_itself_keeps_the_aliases_of_the_lookup_for_it(string told, bool areKept)
    {
        Analysis analysis = Analysis.Of(
            Lookup(Phone, "img.example.com", Server, "tracker.example.net"), Later(443).Open().Send(true, HelloBytes.Client(told)));
        FlowRecord flow = analysis.Flows.Single(static flow => flow.ServerPort == 443);
        Assert.Equal((told, HostSource.TlsSni), (flow.Host, flow.HostSource));
        Assert.Equal(areKept ? ["tracker.example.net"] : [], flow.HostAliases);
    }

    /// <summary>An app that sends from a fixed port of another protocol hides nobody by that.</summary>
    [Theory]
    [InlineData(53, 9)]
    [InlineData(53, 443)]
    [InlineData(67, 68)]
    [InlineData(547, 546)]
    public void Whatever_port_a_device_sends_from_its_server_keeps_its_name(ushort from, ushort to)
    {
        Conversation talk = new(Phone, from, Server, to, Conversation.DefaultStartNs + PacketTime.NanosecondsPerSecond);
        Analysis analysis = Analysis.Of(
            Lookup(Phone, "img.example.com", Server), talk.Datagram(true, [1, 2, 3]).Datagram(false, [4, 5, 6]));
        FlowRecord flow = analysis.Flows.Single(flow => flow.Server == Server || flow.Client == Server);
        Assert.Equal(("img.example.com", DeviceSide.Client), (flow.Host, flow.DeviceSide));
        Assert.Contains(analysis.Contacts, static contact => contact.Host == "img.example.com" && contact.PacketsUp == 1);
    }

    [Fact]
    public void Another_devices_answer_names_nothing()
    {
        // The same addresses from another MAC: another device.
        byte[] mac = [2, 0, 0, 0, 0, 9];
        IEnumerable<TimedPacket> other = Lookup(Ip("10.42.0.9"), "img.example.com", Server).Packets.Select((packet, i) =>
        {
            byte[] data = (byte[])packet.Data.Clone();
            mac.CopyTo(data, i == 0 ? 6 : 0);
            return packet with { Data = data };
        });
        Analysis analysis = new Analysis().Add(other).Add(Later().Datagram(true, [1]).Packets).Finish();
        Assert.Null(analysis.Flows.Single(static flow => flow.ServerPort == 9).Host);
    }

    [Fact]
    public void A_request_is_trusted_more_than_a_DNS_answer()
    {
        Conversation request = Later(80).Open()
            .Send(true, "GET /a HTTP/1.1\r\nHost: API.Example.com:80\r\nUser-Agent: Talk/1\r\n\r\n"u8, segmentBytes: 5);
        FlowRecord flow = Analysis.Of(Lookup(Phone, "front.example.net", Server), request)
            .Flows.Single(static flow => flow.ServerPort == 80);
        Assert.Equal(("api.example.com", HostSource.HttpHost), (flow.Host, flow.HostSource));
        Assert.Equal([new HttpRequest("API.Example.com:80", "GET", "/a", "Talk/1", null)], flow.Http);
        Assert.Equal((Verdict.Readable, "HTTP request in the clear"), (flow.Verdict, flow.VerdictReason));
    }

    [Fact]
    public void A_question_without_an_answer_is_recorded_after_five_seconds()
    {
        Conversation lookup = Lookup(Phone, "slow.example.com", Server);
        Analysis analysis = new Analysis().Add(lookup.Packets[..1]).Add(Later().Datagram(true, [1]).Packets).Flush();
        Assert.Empty(analysis.Lookups);
        // Any packet tells the time.
        analysis.Add(Later().Wait(5 * PacketTime.NanosecondsPerSecond).Datagram(true, [1]).Packets).Flush();
        Assert.Equal(("slow.example.com", (int?)null), analysis.Lookups.Select(static found => (found.Name, found.ResponseCode)).Single());
    }

    [Fact]
    public void An_ignored_host_leaves_only_totals()
    {
        var analysis = new Analysis(new AnalysisOptions { IgnoreSuffixes = ["example.com"] });
        Conversation talk = Later(80).Open().Send(true, "GET /a HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8).Send(false, new byte[2_000]);
        analysis.Add(Lookup(Phone, "api.example.com", Server).Packets).Flush().Add(talk.Packets).Flush().Finish();
        Assert.DoesNotContain(analysis.Flows, static flow => flow.ServerPort == 80);
        Assert.Empty(analysis.Lookups);
        Assert.Equal((2L, 6L, 8L), (analysis.Source.Kept, analysis.Source.Reduced, analysis.Source.Received));
    }

    [Fact]
    public void A_contact_has_the_address_behind_its_name_with_the_bytes_and_the_unnamed_one_gives_them_back()
    {
        var analysis = new Analysis(new AnalysisOptions());
        Conversation talk = Later(80).Open();
        analysis.Add(talk.Packets).Flush();
        analysis.Add(talk.Send(true, "GET /a HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8).Packets[3..]).Flush().Finish();
        ILookup<string, ContactRecord> contacts = analysis.Contacts.ToLookup(static contact => contact.Host);
        FlowRecord flow = analysis.Flows[^1];
        Assert.Equal([(flow.Server, flow.BytesUp + flow.BytesDown)], Sum(contacts["api.example.com"]));
        Assert.Equal([(flow.Server, 0L)], Sum(contacts[flow.Server.ToString()]));

        static IEnumerable<(IpAddress, long)> Sum(IEnumerable<ContactRecord> parts) => parts
            .Aggregate((IReadOnlyList<ContactAddress>)[], static (sum, part) => ContactAddresses.Add(sum, part.Addresses))
            .Select(static entry => (entry.Address, entry.Bytes));
    }

    [Fact]
    public void A_flow_that_is_named_late_is_taken_back_when_its_name_is_ignored()
    {
        var analysis = new Analysis(new AnalysisOptions { IgnoreSuffixes = ["example.com"] });
        Conversation talk = Later(80).Open();
        analysis.Add(talk.Packets).Flush();
        Assert.False(analysis.Flows.Single().IsReduced);
        analysis.Add(talk.Send(true, "GET /a HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8).Packets[3..]).Flush().Finish();
        Assert.True(analysis.Flows[^1].IsReduced);
        Assert.Equal((0L, 4L), (analysis.Source.Kept, analysis.Source.Reduced));
        Assert.Equal(0, analysis.Contacts.Sum(static contact => contact.Flows));
    }

    [Fact]
    public void Only_the_clients_named_are_kept()
    {
        Assert.True(ClientFilter.TryParse(["10.42.0.0/30", "02:00:00:00:00:09"], out ClientFilter? clients, out _));
        var analysis = new Analysis(new AnalysisOptions { Clients = clients });
        TimedPacket foreign = new(1, Ethernet(Mac("02:00:00:00:00:08"), RouterMac, Ipv4(Ip("10.42.0.4"), Server, 17, Udp(1, 9, [1]))));
        analysis.Add(Later().Datagram(true, [1]).Packets).Add(foreign).Finish();
        Assert.Single(analysis.Flows);
        Assert.Equal((1L, 1L, 2L), (analysis.Source.Kept, analysis.Source.Filtered, analysis.Source.Received));
    }

    [Fact]
    public void Behind_a_proxy_the_hello_is_trusted_more_than_what_the_proxy_was_told()
    {
        Conversation talk = Later(8_080).Open()
            .Send(true, "CONNECT front.example.net:443 HTTP/1.1\r\nHost: front.example.net:443\r\n\r\n"u8)
            .Send(false, "HTTP/1.1 200 OK\r\n\r\n"u8).Send(true, HelloBytes.Client("a.example.com"));
        FlowRecord flow = Assert.Single(Analysis.Of(talk).Flows);
        Assert.Equal(("a.example.com", HostSource.TlsSni, "TLS handshake begun, no answer seen behind readable HTTP"),
            (flow.Host, flow.HostSource, flow.VerdictReason));
    }

    [Fact]
    public void All_of_IPv6_is_nothing_of_IPv4()
    {
        Assert.True(ClientFilter.TryParse(["::/0"], out ClientFilter? clients, out _));
        Assert.Empty(new Analysis(new AnalysisOptions { Clients = clients }).Add(Later().Datagram(true, [1]).Packets).Finish().Flows);
    }

    [Theory]
    [InlineData("10.42.0.0/33")]
    [InlineData("phone")]
    [InlineData("10.42.0")]
    [InlineData("")]
    public void A_bad_client_is_refused_by_name(string entry)
    {
        Assert.False(ClientFilter.TryParse([entry], out _, out string error));
        Assert.Contains($"'{entry}'", error, StringComparison.Ordinal);
    }
}
