using System.Text;
using PiTap.TestKit;
using PiTap.Wire.Application.Dhcp;

namespace PiTap.Wire.Tests.Application.Dhcp;

public sealed class Dhcp6ViewTests
{
    private static readonly byte[] s_duid = [0, 1, 0, 1, 0x2c, 0, 0, 1, 2, 0, 0, 0, 0, 1];

    private static readonly byte[] s_solicit = DhcpBytes.Message6(
        1,
        DhcpBytes.Option6(1, s_duid),
        DhcpBytes.Option6(6, 0, 23, 0, 24, 0, 39),
        DhcpBytes.Option6(16, [0, 0, 1, 0x37, .. DnsBytes.Vector16([.. "MSFT 5.0"u8])]),
        DhcpBytes.Option6(39, [0, .. DnsBytes.Name("Annas-PC.home.arpa")]));

    private static Dhcp6View Parse(byte[] message)
    {
        Assert.Equal(ParseStatus.Ok, Dhcp6View.Parse(message, out Dhcp6View dhcp));
        return dhcp;
    }

    private static void TouchAll(byte[] message)
    {
        if (Dhcp6View.Parse(message, out Dhcp6View dhcp) != ParseStatus.Ok)
            return;
        int length = dhcp.ClientId.Length + dhcp.VendorClass.Length + dhcp.OptionRequest.Length + dhcp.FullName.Length;
        HostileBytes.Require(length <= 4 * message.Length, "longer than the message");
        HostileBytes.Require(dhcp.TransactionId <= 0xff_ffff && dhcp.MessageType > 0 && dhcp.ClientMac.Value >> 48 == 0,
            "a field beyond its size");
    }

    [Fact]
    public void Every_field_of_a_solicit_is_read()
    {
        Dhcp6View dhcp = Parse(s_solicit);
        Assert.Equal((1, 0x10_0874u, true), ((int)dhcp.MessageType, dhcp.TransactionId, dhcp.IsClientMessage));
        Assert.Equal(s_duid, dhcp.ClientId.ToArray());
        Assert.Equal(Packets.PhoneMac, dhcp.ClientMac);
        Assert.Equal([0, 23, 0, 24, 0, 39], dhcp.OptionRequest.ToArray());
        Assert.Equal("MSFT 5.0", Encoding.ASCII.GetString(dhcp.VendorClass));
        Assert.Equal("Annas-PC", Encoding.ASCII.GetString(dhcp.FullName));
    }

    [Theory]
    [InlineData("0003000102000000 0001", true)]
    [InlineData("0003000602000000 0001", false)]
    [InlineData("0003000102000000 000102", false)]
    [InlineData("000200000009 0cc084d303000912", false)]
    [InlineData("0004 00112233445566778899aabbccddeeff", false)]
    [InlineData("", false)]
    public void Only_a_DUID_of_Ethernet_names_a_MAC(string duid, bool hasMac)
    {
        byte[] bytes = Convert.FromHexString(duid.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(hasMac ? Packets.PhoneMac : default, Parse(DhcpBytes.Message6(3, DhcpBytes.Option6(1, bytes))).ClientMac);
    }

    [Fact]
    [Trait("cap", "Wire.Dhcp6View.MaxRelays")]
    public void What_relays_sent_on_is_unwrapped_up_to_their_limit()
    {
        byte[] message = s_solicit;
        for (byte hops = 0; hops < 8; hops++)
            message = DhcpBytes.Relayed(message, hops);
        Assert.Equal(1, Parse(message).MessageType);
        Assert.Equal(ParseStatus.Malformed, Dhcp6View.Parse(DhcpBytes.Relayed(message), out _));
        Assert.Equal(ParseStatus.Truncated, Dhcp6View.Parse(DhcpBytes.Relayed([]), out _));
        Assert.Equal(ParseStatus.Truncated, Dhcp6View.Parse(DhcpBytes.Relayed(s_solicit).AsSpan(0, 33), out _));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(36, true)]
    [InlineData(37, true)]
    [InlineData(38, false)]
    public void Only_assigned_types_are_read(byte type, bool isKnown) =>
        Assert.Equal(isKnown ? ParseStatus.Ok : ParseStatus.Malformed, Dhcp6View.Parse(DhcpBytes.Message6(type), out _));

    [Fact]
    public void A_client_that_registers_its_address_is_a_client()
    {
        Assert.True(Parse(DhcpBytes.Message6(36)).IsClientMessage);
        Assert.False(Parse(DhcpBytes.Message6(37)).IsClientMessage);
    }

    [Fact]
    public void Nothing_that_is_cut_damaged_or_random_throws()
    {
        byte[] message = DhcpBytes.Relayed(s_solicit);
        HostileBytes.EveryPrefix(message, TouchAll);
        HostileBytes.EveryByteChange(message, TouchAll);
        HostileBytes.Random(message, TouchAll);
    }

    [Fact]
    public void Reading_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(static () => TouchAll(s_solicit)));
}
