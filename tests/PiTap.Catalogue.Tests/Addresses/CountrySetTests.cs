using System.Buffers.Binary;
using System.Text;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Tests.Packed;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Addresses;

public sealed class CountrySetTests
{
    private static readonly CountrySet s_set = CountrySet.Parse(PackedBytes.Countries("SG", "JP"), out _)!;

    [Theory]
    [InlineData("0.255.255.255", null)]
    [InlineData("1.0.0.0", "SG")]
    [InlineData("1.255.255.255", "SG")]
    [InlineData("2.0.0.0", null)]
    [InlineData("2001:db8::", "JP")]
    [InlineData("2001:db8:ffff:ffff:ffff::", "JP")]
    [InlineData("2001:db9::", null)]
    [InlineData("64:ff9b::1.2.3.4", "SG")]
    [InlineData("64:ff9b::1:0:1.2.3.4", null)]
    [InlineData("::ffff:1.2.3.4", "SG")]
    public void An_address_finds_its_country(string address, string? country) => Assert.Equal(country, s_set.Find(Parse(address)));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.1.1")]
    [InlineData("224.0.0.251")]
    [InlineData("255.255.255.255")]
    [InlineData("0.0.0.0")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::fb")]
    [InlineData("::1")]
    [InlineData("::")]
    public void A_local_address_has_none_whatever_a_set_says(string address)
    {
        (byte[] index4, byte[] rows4) = PackedBytes.Steps([(0, 1)], 4, 8, 0);
        (byte[] index6, byte[] rows6) = PackedBytes.Steps([(0, 1)], 8, 32, 16, 8, 0);
        byte[] file = PackedBytes.File(PackedKind.Countries, "SG"u8.ToArray(), index4, rows4, index6, rows6);
        CountrySet everywhere = CountrySet.Parse(file, out _)!;
        Assert.Equal("SG", everywhere.Find(Parse("8.8.8.8")));
        Assert.Null(everywhere.Find(Parse(address)));
    }

    [Fact]
    public void A_value_that_stands_for_no_code_is_none()
    {
        (byte[] index4, byte[] rows4) = PackedBytes.Steps([(0x0100_0000, 9)], 4, 8, 0);
        CountrySet set = CountrySet.Parse(PackedBytes.File(PackedKind.Countries, "s!"u8.ToArray(), index4, rows4, [], []), out _)!;
        Assert.Null(set.Find(Parse("1.2.3.4")));
        Assert.Empty(set.Codes);
    }

    [Fact]
    public void A_network_finds_its_number_name_and_country()
    {
        (byte[] index4, byte[] rows4) = PackedBytes.Steps([(1 << 24, 1), (2 << 24, 2), (3 << 24, 3), (4 << 24, 0)], 4, 8, 0);
        byte[] names = PackedBytes.Texts("", "Example Cloud", "Sch\u00f6n");
        byte[] rows = [.. U32(64500), .. U32(1), .. U32(64501), .. U32((uint)(2 + "Example Cloud".Length))];
        NetworkSet set = NetworkSet.Parse(PackedBytes.File(PackedKind.Networks, rows, names, index4, rows4, [], []), out string? error)!;
        Assert.Null(error);
        Assert.Equal((64500u, "Example Cloud"), Find(set, "1.2.3.4"));
        Assert.Equal((64501u, "Sch\u00f6n"), Find(set, "2.3.4.5"));
        Assert.False(set.TryFind(Parse("3.4.5.6"), out _, out _));
        Assert.False(set.TryFind(Parse("4.5.6.7"), out _, out _));
        Assert.Equal("Sch\u00f6n", Encoding.UTF8.GetString(set.FindOrganisation(64501).Span));
        Assert.True(set.FindOrganisation(64502).IsEmpty);

        byte[] registered = [.. U32(64500), .. "SG"u8, .. U32(64501), 0, 0];
        NetworkCountrySet countries = NetworkCountrySet.Parse(PackedBytes.File(PackedKind.NetworkCountries, registered), out _)!;
        Assert.Equal("SG", countries.Find(64500));
        Assert.Null(countries.Find(64501));
        Assert.Null(countries.Find(64502));
    }

    [Fact]
    public void A_name_outside_the_names_is_empty()
    {
        (byte[] index4, byte[] rows4) = PackedBytes.Steps([(0x0100_0000, 1), (0x0200_0000, 2)], 4, 8, 0);
        byte[] rows = [.. U32(64500), .. U32(99), .. U32(64501), .. U32(1)];
        NetworkSet set = NetworkSet.Parse(PackedBytes.File(PackedKind.Networks, rows, [0, 9, (byte)'x'], index4, rows4, [], []), out _)!;
        Assert.Equal((64500u, ""), Find(set, "1.2.3.4"));
        Assert.Equal((64501u, ""), Find(set, "2.2.3.4"));
    }

    [Fact]
    public void Tables_that_are_cut_are_refused()
    {
        Assert.Null(NetworkSet.Parse(PackedBytes.File(PackedKind.Networks, new byte[7], [], [], [], [], []), out string? error));
        Assert.Equal("its table of systems is damaged", error);
        Assert.Null(NetworkCountrySet.Parse(PackedBytes.File(PackedKind.NetworkCountries, new byte[7]), out error));
        Assert.Equal("its table of systems is damaged", error);
    }

    private static (uint, string) Find(NetworkSet set, string address)
    {
        Assert.True(set.TryFind(Parse(address), out uint number, out ReadOnlyMemory<byte> organisation));
        return (number, Encoding.UTF8.GetString(organisation.Span));
    }

    private static byte[] U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static IpAddress Parse(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        return address;
    }
}
