using System.Text;
using CsCheck;
using PiTap.Wire.Application.Other;

namespace PiTap.Wire.Tests.Application.Other;

public sealed class SocksViewTests
{
    private static readonly byte[] s_named = [5, 2, 0, 2, 1, 2, (byte)'m', (byte)'e', 2, 1, 2, 5, 1, 0, 3, 9, .. "a.example"u8, 1, 0xbb];
    private static readonly byte[] s_granted = [5, 2, 1, 0, 5, 0, 0, 1, 192, 0, 2, 1, 0x10, 0];
    private static readonly byte[] s_version4A = [4, 1, 1, 0xbb, 0, 0, 0, 1, (byte)'u', 0, .. "a.example"u8, 0];

    [Fact]
    public void A_request_by_name_behind_a_password_is_read()
    {
        Assert.Equal(ParseStatus.Ok, SocksView.ParseClient([.. s_named, 22, 3, 1], out SocksView view));
        Assert.Equal(5, view.Version);
        Assert.False(view.IsServer);
        Assert.Equal(1, view.Code);
        Assert.Equal("a.example", Encoding.ASCII.GetString(view.Host));
        Assert.Equal("me", Encoding.ASCII.GetString(view.UserName));
        Assert.Equal(443, view.Port);
        Assert.True(view.Address.IsUnspecified);
        Assert.Equal(s_named.Length, view.TotalLength);
    }

    [Fact]
    public void A_reply_is_read()
    {
        Assert.Equal(ParseStatus.Ok, SocksView.ParseServer([.. s_granted, 22], out SocksView view));
        Assert.True(view.IsServer && view.IsGranted);
        Assert.Equal("192.0.2.1", view.Address.ToString());
        Assert.Equal(0x1000, view.Port);
        Assert.Equal(s_granted.Length, view.TotalLength);
    }

    [Theory]
    [InlineData("050100" + "05010001c0000207" + "0050", "192.0.2.7", 80, 13)]
    [InlineData("050100" + "0501000420010db8000000000000000000000001" + "01bb", "2001:db8::1", 443, 25)]
    [InlineData("04010050c000020700", "192.0.2.7", 80, 9)]
    public void A_request_by_address_is_read(string hex, string address, int port, int length)
    {
        Assert.Equal(ParseStatus.Ok, SocksView.ParseClient(Convert.FromHexString(hex), out SocksView view));
        Assert.Equal(address, view.Address.ToString());
        Assert.Equal(port, view.Port);
        Assert.Equal(length, view.TotalLength);
        Assert.True(view.Host.IsEmpty);
    }

    [Fact]
    public void Version_4A_asks_by_name()
    {
        Assert.Equal(ParseStatus.Ok, SocksView.ParseClient(s_version4A, out SocksView view));
        Assert.Equal("a.example", Encoding.ASCII.GetString(view.Host));
        Assert.Equal("u", Encoding.ASCII.GetString(view.UserName));
        Assert.Equal(s_version4A.Length, view.TotalLength);
    }

    [Fact]
    public void Version_4_grants_and_refuses()
    {
        Assert.Equal(ParseStatus.Ok, SocksView.ParseServer([0, 90, 0, 0, 0, 0, 0, 0], out SocksView granted));
        Assert.True(granted.IsGranted);
        Assert.Equal(8, granted.TotalLength);
        Assert.Equal(ParseStatus.Ok, SocksView.ParseServer([0, 91, 0, 0, 0, 0, 0, 0], out SocksView refused));
        Assert.False(refused.IsGranted);
    }

    [Theory]
    [InlineData("0500", ParseStatus.Malformed)]
    [InlineData("0511", ParseStatus.Malformed)]
    [InlineData("05010101010004aabbccdd", ParseStatus.Unsupported)]
    [InlineData("0501000509000100", ParseStatus.Malformed)]
    [InlineData("0501000501000200", ParseStatus.Malformed)]
    [InlineData("160301", ParseStatus.Malformed)]
    [InlineData("040900", ParseStatus.Truncated)]
    [InlineData("04090050c000020700", ParseStatus.Malformed)]
    [Trait("cap", "Wire.SocksView.MaxMethods")]
    public void What_is_not_consistent_is_none(string hex, ParseStatus expected) =>
        Assert.Equal(expected, SocksView.ParseClient(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_side_that_is_cut_is_truncated()
    {
        ByteSweep.EachPrefix(s_named, prefix => Assert.Equal(ParseStatus.Truncated, SocksView.ParseClient(prefix, out _)));
        ByteSweep.EachPrefix(s_version4A, prefix => Assert.Equal(ParseStatus.Truncated, SocksView.ParseClient(prefix, out _)));
        ByteSweep.EachPrefix(s_granted, prefix => Assert.Equal(ParseStatus.Truncated, SocksView.ParseServer(prefix, out _)));
    }

    [Fact]
    public void No_change_of_a_byte_makes_it_throw()
    {
        ByteSweep.EachChange(s_named, Touch);
        ByteSweep.EachChange(s_granted, Touch);
        ByteSweep.EachChange(s_version4A, Touch);
    }

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            Touch(bytes);
            Touch([4, 1, .. bytes]);
            Touch([5, 1, 2, .. bytes]);
        });

    [Fact]
    public void Reading_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(() => Touch(s_named)));

    private static void Touch(byte[] bytes)
    {
        if (SocksView.ParseClient(bytes, out SocksView view) == ParseStatus.Ok
            && (view.TotalLength > bytes.Length || view.Host.Length + view.UserName.Length > bytes.Length))
            Assert.Fail("A view reaches beyond its bytes.");
        if (SocksView.ParseServer(bytes, out view) == ParseStatus.Ok && view.TotalLength > bytes.Length)
            Assert.Fail("A view reaches beyond its bytes.");
    }
}
