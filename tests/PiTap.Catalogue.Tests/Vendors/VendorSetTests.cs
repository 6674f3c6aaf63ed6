using System.Buffers.Binary;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Tests.Packed;
using PiTap.Catalogue.Vendors;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Vendors;

public sealed class VendorSetTests
{
    /// <summary>24 bits 00:00:5e, 28 bits 00:00:5e:1, 36 bits 00:00:5e:12:3 and 70:b3:d5:00:1.</summary>
    private static readonly VendorSet s_set = Make(
        (0x00005e000, 0, 1), (0x00005e100, 1, 5), (0x00005e123, 2, 9), (0x70b3d5001, 2, 13));

    [Theory]
    [InlineData("00:00:5e:00:00:01", "All")]
    [InlineData("00:00:5e:1f:00:01", "Som")]
    [InlineData("00:00:5e:12:30:01", "Few")]
    [InlineData("70:b3:d5:00:1f:ff", "One")]
    [InlineData("70:b3:d5:00:2f:ff", null)]
    [InlineData("00:00:5f:00:00:01", null)]
    [InlineData("ff:ff:ff:ff:ff:ff", null)]
    [InlineData("01:00:5e:00:00:fb", null)]
    [InlineData("02:00:5e:00:00:01", null)]
    [InlineData("00:00:00:00:00:00", null)]
    public void The_longest_assignment_names_the_vendor_unless_the_address_is_made_up(string text, string? vendor)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        Assert.Equal(vendor, s_set.FindName(address));
    }

    [Fact]
    public void A_randomised_address_has_no_vendor_even_where_the_set_has_its_bits()
    {
        VendorSet set = Make((0x02005e000, 0, 1), (0x03005e000, 0, 1));
        Assert.Null(set.FindName(new MacAddress(0x02005e000001)));
        Assert.Null(set.FindName(new MacAddress(0x03005e000001)));
    }

    [Fact]
    public void A_table_that_is_cut_is_refused()
    {
        Assert.Null(VendorSet.Parse(PackedBytes.File(PackedKind.Vendors, new byte[9], []), out string? error));
        Assert.Equal("its table of assignments is damaged", error);
    }

    private static VendorSet Make(params (ulong Prefix36, ulong Class, ulong Name)[] rows)
    {
        byte[] table = new byte[8 * rows.Length];
        for (int i = 0; i < rows.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan(8 * i), rows[i].Prefix36 << 28 | rows[i].Class << 24 | rows[i].Name);
        byte[] names = PackedBytes.Texts("", "All", "Som", "Few", "One");
        return VendorSet.Parse(PackedBytes.File(PackedKind.Vendors, table, names), out _)!;
    }
}
