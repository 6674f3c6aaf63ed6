using System.Text.Json;
using CsCheck;

namespace PiTap.Export.Tests;

public sealed class JsonLinesTests
{
    /// <summary>One line of output, which is written over several here.</summary>
    private static string Line(string parts) => parts.ReplaceLineEndings("") + "\n";

    [Fact]
    public void A_flow_of_which_nothing_is_known_has_nulls_and_empty_lists() => Assert.Equal(Line(
        """
        {"uid":"F0.1","run":0,"source":null,
        "start":"2021-02-12T17:00:00.123456789Z","end":"2021-02-12T17:00:00.123456790Z","device":"02:00:00:00:00:01",
        "proto":"ip47","client":"10.0.0.2","clientPort":0,"server":"2001:db8::1","serverPort":0,"deviceSide":null,"packetsUp":1,
        "packetsDown":0,"bytesUp":60,"bytesDown":0,"appProto":null,"appProtos":[],
        "app":null,"host":null,"hostSource":null,"hostAliases":[],"party":null,"partyReason":null,"partyConfidence":null,"company":null,
        "service":null,"category":null,"role":null,"roleReason":null,"declared":null,"declaredReason":null,"homeCountry":null,
        "homeCountryReason":null,"hostedIn":[],"hostedInReason":null,"hostedInConfidence":null,"registeredTo":null,"verdict":"opaque",
        "verdictReason":"","endReason":"open","tls":[],"quic":null,"http":[]}
        """), Samples.Text(JsonLines.Flows, Samples.Bare));

    [Fact]
    public void A_flow_shows_all_that_is_known() => Assert.Equal(Line(
        """
        {"uid":"F3.1","run":3,"source":"trip.pcapng",
        "start":"2021-02-12T17:00:00.123456789Z","end":"2021-02-12T17:00:00.123456790Z","device":"02:00:00:00:00:01","proto":"tcp",
        "client":"10.0.0.2","clientPort":50000,"server":"2001:db8::1","serverPort":443,"deviceSide":"client","packetsUp":1,"packetsDown":3,
        "bytesUp":60,
        "bytesDown":5000000000,"appProto":"tls","appProtos":["http","tls"],"app":"Example","host":"api.example.org","hostSource":"tls-sni",
        "hostAliases":["edge.example.net"],"party":"Agora","partyReason":"domain agora.io","partyConfidence":"certain","company":"Agora",
        "service":"Agora SD-RTN edge","category":"rtc","role":"third-party","roleReason":"category rtc","declared":false,
        "declaredReason":"no recipient of https://example.org/privacy","homeCountry":"CN","homeCountryReason":"table of companies",
        "hostedIn":["HK","US"],"hostedInReason":"two sources agree","hostedInConfidence":"likely",
        "registeredTo":{"asn":131950,"organisation":"EnjoyVC","country":"HK","reason":"address in AS131950","confidence":"certain"},
        "verdict":"encrypted","verdictReason":"TLS 1.3 handshake","endReason":"closed",
        "tls":[{"side":"client","version":"TLS 1.3","sni":"API.example.org","alpn":["h2","http/1.1"],
        "ja3":"0123456789abcdef0123456789abcdef","ja3s":null,"ja4":"t13d1516h2_8daaf6152771_02713d6af862","ech":"grease"},
        {"side":"server","version":"TLS 1.3","sni":null,"alpn":[],"ja3":null,"ja3s":"fedcba9876543210fedcba9876543210","ja4":null,
        "ech":null}],"quic":{"version":"v1"},"http":[{"host":"example.org","method":"GET","path":"/a?b=1&c=<d>+'e'",
        "userAgent":"Agent/1.0","requestedWith":"com.example.app"}]}
        """), Samples.Text(JsonLines.Flows, Samples.Full));

    [Fact]
    public void A_name_shows_its_answers_aliases_and_records() => Assert.Equal(Line(
        """
        {"uid":"N3.1","run":3,"source":"wlan0",
        "time":"2021-02-12T17:00:00.123456789Z","device":"02:00:00:00:00:01","client":"10.0.0.2","clientPort":5353,
        "server":"10.0.0.1","serverPort":53,"proto":"udp","appProto":"dns","name":"API.example.org","type":"AAAA",
        "responseCode":"NOERROR","answers":["2001:db8::1"],"cnames":["edge.example.net","edge2.example.net"],
        "records":[{"name":"API.example.org","type":"CNAME","value":"edge.example.net","ttl":300,"section":"answer"},
        {"name":"edge.example.net","type":"CNAME","value":"edge2.example.net","ttl":300,"section":"answer"},
        {"name":"edge2.example.net","type":"AAAA","value":"2001:db8::1","ttl":4294967295,"section":"answer"}]}
        """), Samples.Text(JsonLines.Names, Samples.Lookup));

    [Fact]
    public void A_name_without_an_answer_says_so()
    {
        string line = Samples.Text(JsonLines.Names, Samples.Lookup with { ResponseCode = null, Answers = [], Type = 12345 });
        Assert.EndsWith("\"type\":\"TYPE12345\",\"responseCode\":null,\"answers\":[],\"cnames\":[],\"records\":[]}\n", line,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_contact_shows_its_verdicts_and_totals() => Assert.Equal(Line(
        """
        {"device":"02:00:00:00:00:01","host":"192.0.2.1","hostSource":null,"appProtos":["tls","quic"],"flows":6,"flowsEncrypted":1,
        "flowsReadable":2,"flowsOpaque":3,"packetsUp":4,"packetsDown":5,"bytesUp":6,"bytesDown":7,
        "firstSeen":"2021-02-12T17:00:00.123456789Z","lastSeen":"2021-02-12T17:00:00.123456789Z","addresses":["2001:db8::1",
        "192.0.2.1"],"aliases":["edge.example.net"],"party":null,"partyReason":null,"partyConfidence":null,"company":null,
        "service":null,"category":null,"role":null,"roleReason":null,"declared":null,"declaredReason":null,"homeCountry":null,
        "homeCountryReason":null,"hostedIn":[],"hostedInReason":null,"hostedInConfidence":null,"registeredTo":null}
        """), Samples.Text(JsonLines.Contacts, Samples.Contact));

    [Fact]
    public void A_party_shows_who_it_is_and_each_reason() => Assert.Equal(Line(
        """
        {"device":"02:00:00:00:00:01","party":"Agora","partyReason":"domain agora.io","partyConfidence":"certain","company":"Agora",
        "service":"Agora SD-RTN edge","category":"rtc","role":"third-party","roleReason":"category rtc","declared":false,
        "declaredReason":"no recipient of https://example.org/privacy","homeCountry":"CN","homeCountryReason":"table of companies",
        "hostedIn":["HK","US"],"hostedInReason":"two sources agree","hostedInConfidence":"likely",
        "registeredTo":{"asn":131950,"organisation":"EnjoyVC","country":"HK","reason":"address in AS131950","confidence":"certain"},
        "services":["Agora SD-RTN edge","Agora real-time engagement"],"categories":["rtc"],"hosts":["edge.agora.io"],"contacts":2,
        "appProtos":["tls"],"flows":6,"flowsEncrypted":1,"flowsReadable":2,"flowsOpaque":3,"packetsUp":4,"packetsDown":5,
        "bytesUp":6,"bytesDown":7,
        "firstSeen":"2021-02-12T17:00:00.123456789Z","lastSeen":"2021-02-12T17:00:00.123456789Z"}
        """), Samples.Text(JsonLines.Parties, Samples.Party));

    [Fact]
    public void A_device_shows_what_it_calls_itself() => Assert.Equal(Line(
        """
        {"device":"02:00:00:00:00:01","name":"phone","macRandomised":true,"vendor":"Example Corp.",
        "vendorReason":"IEEE assignment 02:00:00/24","dhcpName":"phone","dhcpVendorClass":"android-dhcp-14",
        "dhcpParameters":[1,3,1],"mdnsName":null,"netBiosName":"PHONE","addresses":["10.0.0.2","fe80::1"],
        "firstSeen":"2021-02-12T17:00:00.123456789Z","lastSeen":"2021-02-12T17:00:00.123456789Z"}
        """), Samples.Text(JsonLines.Devices, Samples.Device));

    [Fact]
    public void Every_record_is_a_line_of_its_own()
    {
        string text = Samples.Text(JsonLines.Flows, [.. Enumerable.Repeat(Samples.Full, 1000)]);
        Assert.Equal(1001, text.Split('\n').Length);
    }

    [Fact]
    public void No_records_make_no_lines() => Assert.Equal("", Samples.Text(JsonLines.Flows));

    [Fact]
    public void Any_string_becomes_one_line_of_printable_ASCII_that_reads_back() => Gen.String[Gen.Char, 0, 40].Sample(host =>
    {
        string line = Samples.Text(JsonLines.Flows, Samples.Bare with { Host = host, HostAliases = [host] });
        Assert.DoesNotContain(line[..^1], static c => c is < ' ' or > '~');
        using JsonDocument document = JsonDocument.Parse(line);
        string expected = new string(host.AsSpan()).Normalized();
        Assert.Equal(expected, document.RootElement.GetProperty("host").GetString());
        Assert.Equal(expected, document.RootElement.GetProperty("hostAliases")[0].GetString());
    });
}

internal static class BrokenPairs
{
    /// <summary>A lone surrogate cannot be written as UTF-8; it reads back as the replacement character.</summary>
    public static string Normalized(this string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
