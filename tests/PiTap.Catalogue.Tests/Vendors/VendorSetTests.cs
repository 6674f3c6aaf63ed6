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
    [InlineData("00:00:5e:00:00:01", "All", "00:00:5e/24")]
    [InlineData("00:00:5e:1f:00:01", "Som", "00:00:5e:10/28")]
    [InlineData("00:00:5e:12:30:01", "Few", "00:00:5e:12:30/36")]
    [InlineData("70:b3:d5:00:1f:ff", "One", "70:b3:d5:00:10/36")]
    [InlineData("70:b3:d5:00:2f:ff", null, null)]
    [InlineData("00:00:5f:00:00:01", null, null)]
    [InlineData("ff:ff:ff:ff:ff:ff", null, null)]
    [InlineData("01:00:5e:00:00:fb", null, null)]
    [InlineData("02:00:5e:00:00:01", null, null)]
    [InlineData("00:00:00:00:00:00", null, null)]
    public void The_longest_assignment_names_the_vendor_unless_the_address_is_made_up(string text, string? vendor, string? block)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        Assert.Equal(vendor, s_set.FindName(address, out string? reason));
        Assert.Equal(block is null ? null : $"IEEE assignment {block}", reason);
    }

    [Fact]
    public void A_randomised_address_has_no_vendor_even_where_the_set_has_its_bits()
    {
        VendorSet set = Make((0x02005e000, 0, 1), (0x03005e000, 0, 1));
        Assert.Null(set.FindName(new MacAddress(0x02005e000001), out _));
        Assert.Null(set.FindName(new MacAddress(0x03005e000001), out _));
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
