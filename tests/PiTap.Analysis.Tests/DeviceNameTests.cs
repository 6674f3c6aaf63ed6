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
}
