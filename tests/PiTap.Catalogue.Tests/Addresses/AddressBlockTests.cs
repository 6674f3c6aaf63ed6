using CsCheck;
using PiTap.Catalogue.Addresses;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Addresses;

public sealed class AddressBlockTests
{
    [Theory]
    [InlineData("203.0.113.0/24", "203.0.113.0", "203.0.113.255")]
    [InlineData("203.0.113.7", "203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.8/31", "203.0.113.8", "203.0.113.9")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8:0:0:8000::/65", "2001:db8:0:0:8000::", "2001:db8::ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::1", "2001:db8::1", "2001:db8::1")]
    public void A_prefix_covers_from_its_first_to_its_last_address(string text, string first, string last)
    {
        Assert.True(AddressBlock.TryParse(text, out AddressBlock block));
        Assert.Equal((first, last), (block.First.ToString(), block.Last.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("203.0.113.1/24")]
    [InlineData("203.0.113.0/33")]
    [InlineData("203.0.113.0/")]
    [InlineData("203.0.113.0/+8")]
    [InlineData("203.0.113.0/24/24")]
    [InlineData("2001:db8::1/64")]
    [InlineData("2001:db8::/129")]
    [InlineData("203.0.113/24")]
    [InlineData("example.com")]
    public void Bits_behind_the_prefix_and_what_is_no_address_are_refused(string? text) => Assert.False(AddressBlock.TryParse(text, out _));

    [Fact]
    public void A_block_holds_just_the_addresses_that_share_its_prefix()
    {
        Gen.Select(Gen.UInt, Gen.Int[0, 32], Gen.UInt).Sample(static (network, bits, other) =>
        {
            uint mask = bits == 0 ? 0 : uint.MaxValue << (32 - bits);
            Assert.True(AddressBlock.TryParse($"{IpAddress.FromV4(network & mask)}/{bits}", out AddressBlock block));
            Assert.Equal((other & mask) == (network & mask), block.Contains(IpAddress.FromV4(other)));
        });
    }
}
