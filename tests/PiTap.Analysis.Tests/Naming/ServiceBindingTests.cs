using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Naming;

/// <summary>SVCB and HTTPS records (RFC 9460): what they say, and whom their addresses belong to.</summary>
public sealed class ServiceBindingTests
{
    private const ushort Https = 65;
    private static readonly byte[] s_question = [0xc0, 12];

    [Fact]
    public void A_record_is_written_as_zone_files_write_it()
    {
        byte[] data = DnsBytes.ServiceBinding(1, DnsBytes.Name(""),
            (0, [0, 1, 0, 9]), (1, [2, .. "h3"u8, 2, .. "h2"u8]), (2, []), (3, [0x20, 0xfb]),
            (4, [192, 0, 2, 80, 192, 0, 2, 81]), (5, [1, 2, 3]), (6, [0x20, 1, 0xd, 0xb8, .. new byte[11], 1]), (9, [.. "a\"b"u8, 7]));
        Assert.Equal(
            "1 . mandatory=alpn,key9 alpn=\"h3,h2\" no-default-alpn port=8443 ipv4hint=192.0.2.80,192.0.2.81 ech=AQID ipv6hint=2001:db8::1 "
                + "key9=\"a\\034b\\007\"",
            Value(data));
        Assert.Equal("0 cdn.example.net", Value(DnsBytes.ServiceBinding(0, DnsBytes.Name("cdn.example.net"))));
    }

    [Fact]
    public void A_long_record_is_cut_between_its_parameters()
    {
        byte[] data = DnsBytes.ServiceBinding(1, DnsBytes.Name(""), (4, [192, 0, 2, 80]), (5, new byte[2_000]));
        Assert.Equal("1 . ipv4hint=192.0.2.80 ...", Value(data));
    }

    [Fact]
    public void Hinted_addresses_have_the_name_that_was_asked_for()
    {
        byte[] data = DnsBytes.ServiceBinding(1, DnsBytes.Name("edge.example.net"), (4, [192, 0, 2, 80]));
        FlowRecord flow = Flow("a.example.com", message => message.Answer(s_question, Https, data));
        Assert.Equal(("a.example.com", HostSource.Dns), (flow.Host, flow.HostSource));
        Assert.Equal(["edge.example.net"], flow.HostAliases);
    }

    [Fact]
    public void The_name_behind_a_port_and_a_scheme_is_that_of_the_host()
    {
        byte[] data = DnsBytes.ServiceBinding(1, DnsBytes.Name(""), (4, [192, 0, 2, 80]));
        Assert.Equal("a.example.com", Flow("_8443._https.a.example.com", message => message.Answer(s_question, Https, data)).Host);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Addresses_of_the_target_that_come_along_are_named(ushort priority)
    {
        byte[] target = DnsBytes.Name("edge.example.net");
        FlowRecord flow = Flow("a.example.com", message =>
            message.Answer(s_question, Https, DnsBytes.ServiceBinding(priority, target)).Additional(target, 1, [192, 0, 2, 80]));
        Assert.Equal(("a.example.com", "edge.example.net"), (flow.Host, Assert.Single(flow.HostAliases)));
    }

    [Fact]
    public void Addresses_of_others_that_come_along_are_not_named()
    {
        byte[] data = DnsBytes.ServiceBinding(1, DnsBytes.Name("edge.example.net"));
        Assert.Null(Flow("a.example.com", message =>
            message.Answer(s_question, Https, data).Additional(DnsBytes.Name("other.example.net"), 1, [192, 0, 2, 80])).Host);
        byte[] hint = DnsBytes.ServiceBinding(1, DnsBytes.Name(""), (4, [192, 0, 2, 80]));
        Assert.Null(Flow("a.example.com", message => message.Answer(DnsBytes.Name("other.example.net"), Https, hint)).Host);
    }

    private static string Value(byte[] data)
    {
        Analysis analysis = Analysis.Of(Lookup("a.example.com", message => message.Answer(s_question, Https, data)));
        return Assert.Single(Assert.Single(analysis.Lookups).Answers).Value;
    }

    private static FlowRecord Flow(string asked, Func<DnsBytes, DnsBytes> answer) =>
        Analysis.Of(Lookup(asked, answer), Conversation.Tcp(443).Segment(true, TcpFlags.Ack, new byte[10])).Flows[^1];

    private static Conversation Lookup(string asked, Func<DnsBytes, DnsBytes> answer)
    {
        var lookup = new Conversation(Phone, 1, Ip("10.42.0.1"), 53, Conversation.DefaultStartNs - PacketTime.NanosecondsPerSecond);
        lookup.Datagram(true, new DnsBytes(DnsBytes.Query).Question(asked, Https).ToArray());
        return lookup.Datagram(false, answer(new DnsBytes(DnsBytes.Response).Question(asked, Https)).ToArray());
    }
}
