using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Flows;

public sealed class RolesTests
{
    private const long Second = PacketTime.NanosecondsPerSecond;
    private static readonly IpAddress s_global = Ip("2001:db8:1::2");

    [Fact]
    public void A_hello_that_corrects_the_client_corrects_the_device_too()
    {
        // Both addresses are global and both ports high: the first sender seen is taken for the client, and is not.
        Conversation talk = new Conversation(s_global, 40_000, Server6, 8_443).Segment(false, TcpFlags.Ack, [1, 2, 3])
            .Send(true, HelloBytes.Client("a.example.com"));
        Analysis analysis = new Analysis().Add(talk.Packets[0]).Flush().Add(talk.Packets[1]).Finish();
        FlowRecord flow = analysis.Flows[^1];
        Assert.Equal((s_global, PhoneMac.ToString()), (flow.Client, flow.Device));
        var flows = analysis.Contacts.GroupBy(static contact => (contact.Device, contact.Host))
            .ToDictionary(static group => group.Key, static group => group.Sum(static contact => contact.Flows));
        Assert.Equal(1, flows[(PhoneMac.ToString(), "a.example.com")]);
        Assert.Equal(0, flows[(RouterMac.ToString(), s_global.ToString())]);
    }

    [Theory]
    [InlineData(TcpFlags.Syn)]
    [InlineData(TcpFlags.Ack)]
    public void The_router_is_not_the_device_where_both_addresses_are_public(TcpFlags flags)
    {
        Conversation outward = new Conversation(Phone, 50_000, Server, 443).Open();
        Conversation inward = new Conversation(s_global, 50_001, Server6, 50_002, Conversation.DefaultStartNs + Second)
            .Segment(false, flags, [1]);
        Analysis analysis = Analysis.Of(outward, inward);
        FlowRecord flow = analysis.Flows.Single(static flow => flow.Device == PhoneMac.ToString() && flow.Client != Phone);
        Assert.Equal(flags == TcpFlags.Syn ? Server6 : s_global, flow.Client);
        Assert.Equal([PhoneMac.ToString()], analysis.Devices.Keys);
    }

    [Fact]
    public void A_client_that_was_taken_for_the_server_does_not_lend_its_name_to_the_flow()
    {
        IpAddress peer = Ip("10.42.0.9");
        byte[] announcement = new DnsBytes(DnsBytes.MulticastResponse).Answer(DnsBytes.Name("phone.local"), 1, [10, 42, 0, 2]).ToArray();
        Conversation announced = new Conversation(Phone, 5_353, Ip("224.0.0.251"), 5_353).Datagram(true, announcement);
        Conversation talk = new Conversation(Phone, 40_000, peer, 40_001, Conversation.DefaultStartNs + Second)
            .Segment(false, TcpFlags.Ack, [1, 2, 3]).Send(true, "GET / HTTP/1.1\r\n\r\n"u8);
        FlowRecord flow = Analysis.Of(announced, talk).Flows.Single(static flow => flow.ClientPort == 40_000);
        Assert.Equal((Phone, peer, null), (flow.Client, flow.Server, flow.Host));
    }

    [Fact]
    public void A_flow_that_goes_on_in_a_further_record_keeps_its_device_and_lists_each_request_once()
    {
        Conversation talk = new Conversation(Phone, 50_000, Ip("10.42.0.9"), 50_001).Open()
            .Send(true, "GET /1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8);
        for (int minute = 0; minute < 70; minute++)
            talk.Wait(60 * Second).Segment(false, TcpFlags.Ack, []);
        List<FlowRecord> flows = Analysis.Of(talk.Send(true, "GET /2 HTTP/1.1\r\nHost: a.example.com\r\n\r\n"u8)).Flows;
        Assert.Equal(2, flows.Count);
        Assert.All(
            flows, static flow => Assert.Equal((Phone, PhoneMac.ToString(), "a.example.com"), (flow.Client, flow.Device, flow.Host)));
        Assert.Equal([["/1"], ["/2"]], flows.Select(static flow => flow.Http.Select(static request => request.Path)));
    }
}
