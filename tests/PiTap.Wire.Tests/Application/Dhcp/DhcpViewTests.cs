using System.Text;
using PiTap.TestKit;
using PiTap.Wire.Application.Dhcp;

namespace PiTap.Wire.Tests.Application.Dhcp;

public sealed class DhcpViewTests
{
    private static readonly byte[] s_type = DhcpBytes.Option(53, 3);

    private static byte[] Request(params byte[][] options) => DhcpBytes.Message(true, Packets.PhoneMac, default, [s_type, .. options]);

    private static DhcpView Parse(byte[] message)
    {
        Assert.Equal(ParseStatus.Ok, DhcpView.Parse(message, out DhcpView dhcp));
        return dhcp;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static void TouchAll(byte[] message)
    {
        if (DhcpView.Parse(message, out DhcpView dhcp) != ParseStatus.Ok)
            return;
        int length = dhcp.HostName.Length + dhcp.VendorClass.Length + dhcp.ParameterRequestList.Length + dhcp.ClientId.Length
            + dhcp.FullName.Length;
        HostileBytes.Require(length <= 5 * 255, "longer than options can be");
        HostileBytes.Require(dhcp.YourAddress.IsV4 && dhcp.ClientAddress.IsV4, "the fixed addresses are of IPv4");
        HostileBytes.Require(dhcp.RequestedAddress.IsV4 || dhcp.RequestedAddress == default, "the address asked for is of IPv4");
        HostileBytes.Require(dhcp.ClientMac.Value >> 48 == 0 && dhcp.TransactionId + dhcp.MessageType >= 0, "a MAC has six bytes");
    }

    [Fact]
    public void Every_field_of_a_request_is_read()
    {
        DhcpView dhcp = Parse(Request(
            DhcpBytes.Option(12, "Annas-phone"u8),
            DhcpBytes.Option(50, 10, 42, 0, 2),
            DhcpBytes.Option(55, 1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114),
            DhcpBytes.Option(60, "android-dhcp-14"u8),
            DhcpBytes.Option(61, 1, 2, 0, 0, 0, 0, 1)));
        Assert.True(dhcp.IsRequest);
        Assert.Equal(3, dhcp.MessageType);
        Assert.Equal(0x3903_f326u, dhcp.TransactionId);
        Assert.Equal(Packets.PhoneMac, dhcp.ClientMac);
        Assert.Equal("Annas-phone", Text(dhcp.HostName));
        Assert.Equal(Packets.Ip("10.42.0.2"), dhcp.RequestedAddress);
        Assert.Equal([1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114], dhcp.ParameterRequestList.ToArray());
        Assert.Equal("android-dhcp-14", Text(dhcp.VendorClass));
        Assert.Equal([1, 2, 0, 0, 0, 0, 1], dhcp.ClientId.ToArray());
    }

    [Fact]
    public void An_answer_gives_an_address()
    {
        DhcpView dhcp = Parse(DhcpBytes.Message(false, Packets.PhoneMac, Packets.Ip("10.42.0.7"), DhcpBytes.Option(53, 5)));
        Assert.False(dhcp.IsRequest);
        Assert.Equal(5, dhcp.MessageType);
        Assert.Equal(Packets.Ip("10.42.0.7"), dhcp.YourAddress);
    }

    [Fact]
    public void What_is_not_there_is_empty()
    {
        DhcpView dhcp = Parse(DhcpBytes.Message(true, Packets.PhoneMac, default));
        Assert.Equal(0, dhcp.MessageType);
        Assert.True(dhcp.HostName.IsEmpty && dhcp.VendorClass.IsEmpty && dhcp.ParameterRequestList.IsEmpty && dhcp.ClientId.IsEmpty
            && dhcp.FullName.IsEmpty);
        Assert.Equal(default, dhcp.RequestedAddress);
    }

    [Fact]
    public void The_full_name_is_read_in_both_encodings()
    {
        DhcpView ascii = Parse(Request(DhcpBytes.Option(81, [0, 0, 0, .. "Phone.example.com."u8])));
        Assert.Equal("Phone", Text(ascii.FullName));
        DhcpView canonical = Parse(Request(DhcpBytes.Option(81, [4, 0, 0, .. DnsBytes.Name("Phone.example.com")])));
        Assert.Equal("Phone", Text(canonical.FullName));
        DhcpView partial = Parse(Request(DhcpBytes.Option(81, [4, 0, 0, .. DnsBytes.Label("Phone"u8)])));
        Assert.Equal("Phone", Text(partial.FullName));
    }

    [Theory]
    [InlineData(new byte[] { 4, 0, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 0 })]
    [InlineData(new byte[] { 4, 0, 0, 9, 65 })]
    [InlineData(new byte[] { 4, 0, 0, 0xc0, 12 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    public void A_full_name_that_does_not_hold_together_is_none(byte[] data)
    {
        DhcpView dhcp = Parse(Request(DhcpBytes.Option(81, data)));
        Assert.True(dhcp.FullName.IsEmpty);
    }

    [Fact]
    public void Strings_lose_the_zeros_at_their_end() =>
        Assert.Equal("tv", Text(Parse(Request(DhcpBytes.Option(12, "tv\0"u8))).HostName));

    [Fact]
    public void Options_go_on_in_the_fields_that_the_overload_names()
    {
        byte[] message = Request(DhcpBytes.Option(52, 3));
        DhcpBytes.Option(12, "in-file"u8).CopyTo(message, DhcpBytes.FileOffset);
        DhcpBytes.Option(60, "in-name"u8).CopyTo(message, DhcpBytes.ServerNameOffset);
        Assert.Equal("in-file", Text(Parse(message).HostName));
        Assert.Equal("in-name", Text(Parse(message).VendorClass));
        byte[] without = Request();
        DhcpBytes.Option(12, "boot-file"u8).CopyTo(without, DhcpBytes.FileOffset);
        Assert.True(Parse(without).HostName.IsEmpty);
    }

    [Fact]
    public void Other_hardware_has_no_MAC()
    {
        byte[] message = Request();
        message[1] = 32;
        Assert.True(Parse(message).ClientMac.IsNone);
    }

    [Fact]
    [Trait("cap", "Wire.DhcpView.MaxHardwareAddressLength")]
    public void What_is_not_DHCP_is_refused()
    {
        byte[] message = Request();
        Assert.Equal(ParseStatus.Truncated, DhcpView.Parse(message.AsSpan(0, 239), out _));
        foreach ((int offset, byte value) in ((int, byte)[])[(0, 3), (2, 17), (236, 0), (239, 0)])
        {
            byte[] changed = [.. message];
            changed[offset] = value;
            Assert.Equal(ParseStatus.Malformed, DhcpView.Parse(changed, out _));
        }
    }

    [Fact]
    public void Nothing_that_is_cut_damaged_or_random_throws()
    {
        byte[] message =
            Request(DhcpBytes.Option(52, 3), DhcpBytes.Option(12, "phone"u8), DhcpBytes.Option(81, [4, 0, 0, .. DnsBytes.Name("a.b")]));
        HostileBytes.EveryPrefix(message, TouchAll);
        HostileBytes.EveryByteChange(message, TouchAll);
        HostileBytes.Random(message, TouchAll);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] message = Request(DhcpBytes.Option(12, "phone"u8), DhcpBytes.Option(81, [0, 0, 0, .. "Phone.example.com"u8]));
        Assert.Equal(0, HostileBytes.Allocated(() => TouchAll(message)));
    }
}
