using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests;

public sealed class DeviceNameTests
{
    private static readonly IpAddress s_broadcast = Ip("10.42.0.255");

    private static DeviceRecord DeviceOf(params byte[][] messages)
    {
        var talk = new Conversation(Phone, 137, s_broadcast, 137);
        foreach (byte[] message in messages)
            talk.Datagram(true, message);
        Analysis analysis = Analysis.Of(talk);
        FlowRecord flow = Assert.Single(analysis.Flows);
        Assert.Equal((AppProtocol.Nbns, Verdict.Readable, "NetBIOS names in the clear"), (flow.AppProto, flow.Verdict, flow.VerdictReason));
        return analysis.Devices[PhoneMac.ToString()];
    }

    [Fact]
    public void A_device_has_the_name_that_it_registers_with_NetBIOS()
    {
        DeviceRecord device = DeviceOf(TunnelBytes.NbnsRegistration("WORKGROUP", 0, isGroup: true),
            TunnelBytes.NbnsRegistration("ANNAS-PC", 0), TunnelBytes.NbnsRegistration("WORKGROUP", 0x1e, isGroup: true));
        Assert.Equal(("ANNAS-PC", "ANNAS-PC"), (device.NetBiosName, device.DisplayName));
    }

    [Fact]
    public void A_question_for_another_name_names_nobody() => Assert.Null(DeviceOf(TunnelBytes.Nbns("PRINTER", 0x20)).NetBiosName);

    [Fact]
    public void The_name_given_by_DHCP_comes_first()
    {
        Conversation dhcp = new Conversation(Phone, 68, Ip("10.42.0.1"), 67)
            .Datagram(true, DhcpBytes.Message(true, PhoneMac, default, DhcpBytes.Option(53, 3), DhcpBytes.Option(12, "annas-phone"u8)));
        Conversation names = new Conversation(Phone, 137, s_broadcast, 137)
            .Datagram(true, TunnelBytes.NbnsRegistration("ANNAS-PC", 0x20, isRepeated: true));
        DeviceRecord device = Analysis.Of(dhcp, names).Devices[PhoneMac.ToString()];
        Assert.Equal(("ANNAS-PC", "annas-phone"), (device.NetBiosName, device.DisplayName));
    }

    public static TheoryData<byte[], string> Names() => new()
    {
        { [.. "Anna’s Phone"u8], "Anna’s Phone" },
        { [.. "Телефон"u8], "Телефон" },
        { [0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72], "Müller" },
        { [.. "Küche"u8, 0xff], "K\u00c3\u00bcche\u00ff" },
        { [.. "Annas-iPhone"u8], "Annas-iPhone" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_beyond_ASCII_is_UTF8_if_it_can_be_and_keeps_its_case(byte[] sent, string expected)
    {
        Conversation dhcp = new Conversation(Phone, 68, Ip("10.42.0.1"), 67)
            .Datagram(true, DhcpBytes.Message(true, PhoneMac, default, DhcpBytes.Option(53, 3), DhcpBytes.Option(12, sent)));
        byte[] announced = [.. DnsBytes.Label(sent), .. DnsBytes.Name("local")];
        Conversation mdns = new Conversation(Phone, 5_353, Ip("224.0.0.251"), 5_353)
            .Datagram(true, new DnsBytes(DnsBytes.MulticastResponse).Answer(announced, 1, [10, 42, 0, 2]).ToArray());
        byte[] fullName = DhcpBytes.Option6(39, [0, .. DnsBytes.Label(sent), 0]);
        Conversation dhcp6 = new Conversation(Phone6, 546, Ip("ff02::1:2"), 547)
            .Datagram(true, DhcpBytes.Message6(1, DhcpBytes.Option6(1, [0, 1, 0, 1, 2, 3]), fullName));
        DeviceRecord device = Analysis.Of(dhcp, mdns).Devices[PhoneMac.ToString()];
        Assert.Equal((expected, expected), (device.DhcpName, device.MdnsName));
        Assert.Equal(expected, Analysis.Of(dhcp6).Devices[PhoneMac.ToString()].DhcpName);
    }

    [Fact]
    public void A_long_name_ends_with_a_whole_character()
    {
        byte[] sent = System.Text.Encoding.UTF8.GetBytes("a" + new string('ü', 200));
        byte[] message = DhcpBytes.Message(true, PhoneMac, default, DhcpBytes.Option(53, 3), [12, 255, .. sent[..255]]);
        Conversation dhcp = new Conversation(Phone, 68, Ip("10.42.0.1"), 67).Datagram(true, message);
        Assert.Equal("a" + new string('ü', 63), Analysis.Of(dhcp).Devices[PhoneMac.ToString()].DhcpName);
    }

    [Fact]
    public void A_question_for_a_service_stands_among_the_lookups()
    {
        string[] services = ["_apple-mobdev._tcp.local", "_x._sub._apple-mobdev2._tcp.local"];
        byte[] question = new DnsBytes(0, 0).Question(services[0], 12).Question(services[1], 12, 0x8001).ToArray();
        Conversation talk = new Conversation(Phone, 5_353, Ip("224.0.0.251"), 5_353).Datagram(true, question);
        Assert.Equal(services, Analysis.Of(talk).Lookups.Select(static lookup => lookup.Name));
    }
}
