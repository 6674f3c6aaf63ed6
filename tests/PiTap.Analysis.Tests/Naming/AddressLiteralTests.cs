using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Naming;

/// <summary>An address that stands where a name belongs is no name: what DNS said stays.</summary>
public sealed class AddressLiteralTests
{
    [Theory]
    [InlineData("192.0.2.80")]
    [InlineData("192.0.2.80:8080")]
    [InlineData("192.0.2.80.")]
    [InlineData("3221226064")]
    [InlineData("0xC0000250")]
    [InlineData("192.512")]
    [InlineData("[2001:db8::80]")]
    [InlineData("[2001:DB8::80]:8080")]
    [InlineData("[fe80::1%25wlan0]:80")]
    [InlineData("2001:db8::80")]
    [InlineData("::ffff:192.0.2.80")]
    [InlineData("fe80::1%wlan0")]
    [InlineData("[v1.fe80::a+en1]")]
    public void An_address_in_a_Host_field_is_no_name(string host)
    {
        FlowRecord flow = Known(Conversation.Tcp(80).Open().Send(true, Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")));
        Assert.Equal(("known.example.com", HostSource.Dns), (flow.Host, flow.HostSource));
        Assert.Equal(host, Assert.Single(flow.Http).Host);
    }

    [Theory]
    [InlineData("1.example.com")]
    [InlineData("192.0.2.80.example.com")]
    [InlineData("192-0-2-80.example")]
    [InlineData("0xdeadbeef.example")]
    [InlineData("cafe")]
    [InlineData("3com")]
    public void A_name_with_numbers_in_it_is_a_name(string host)
    {
        byte[] request = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}:8080\r\n\r\n");
        FlowRecord flow = Known(Conversation.Tcp(80).Open().Send(true, request));
        Assert.Equal((host, HostSource.HttpHost), (flow.Host, flow.HostSource));
    }

    [Theory]
    [InlineData("192.0.2.80")]
    [InlineData("2001:db8::80")]
    public void An_address_as_server_name_of_TLS_is_no_name(string name)
    {
        FlowRecord flow = Known(Conversation.Tcp(443).Open().Send(true, HelloBytes.Client(name)));
        Assert.Equal(("known.example.com", HostSource.Dns), (flow.Host, flow.HostSource));
        Assert.Equal(name, Assert.Single(flow.Tls).Sni);
    }

    [Fact]
    public void An_address_as_the_target_of_a_proxied_request_is_no_name()
    {
        FlowRecord flow = Known(Conversation.Tcp(80).Open().Send(true, "GET http://192.0.2.80:81/x HTTP/1.0\r\n\r\n"u8));
        Assert.Equal("known.example.com", flow.Host);
    }

    /// <summary>The flow of a connection whose server's address was asked for before.</summary>
    private static FlowRecord Known(Conversation talk)
    {
        var lookup = new Conversation(Phone, 1, Ip("10.42.0.1"), 53, Conversation.DefaultStartNs - PacketTime.NanosecondsPerSecond);
        lookup.Datagram(true, new DnsBytes(DnsBytes.Query).Question("known.example.com", 1).ToArray());
        byte[] answer = new DnsBytes(DnsBytes.Response).Question("known.example.com", 1).Answer([0xc0, 12], 1, [192, 0, 2, 80]).ToArray();
        lookup.Datagram(false, answer);
        return Assert.Single(Analysis.Of(lookup, talk).Flows, static flow => flow.ServerPort != 53);
    }
}
