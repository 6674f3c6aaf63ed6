using CsCheck;
using PiTap.Catalogue.Import;
using static PiTap.Catalogue.Tests.Import.MmdbBytes;

namespace PiTap.Catalogue.Tests.Import;

public sealed class MmdbFileTests
{
    private static readonly UInt128 s_doc = (UInt128)0x2001_0db8 << 96;

    [Theory]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void Networks_have_the_country_of_their_leaf(int recordBits)
    {
        MmdbBytes file = new(recordBits, 32);
        int sg = file.AddData(Map(("country_code", Text("SG"))));
        byte[] country = Map(("geoname_id", U32(1)), ("iso_code", Text("JP")));
        int jp = file.AddData(Map(("city", Map(("names", Text("Tokyo")))), ("country", country)));
        int none = file.AddData(Map(("country_code", Text("ZZ"))));
        file.Add(0x0100_0000, 8, sg).Add(0x0200_0000, 24, jp).Add(0xc000_0200, 32, none);
        ImportedRows rows = Read(file, out DateOnly date);
        Assert.Equal(
            [
                new AddressRange(0x0100_0000, 0x01ff_ffff, 1), new AddressRange(0x0200_0000, 0x0200_00ff, 2),
                new AddressRange(0xc000_0200, 0xc000_0200, 0),
            ], rows.V4);
        Assert.Equal(["SG", "JP"], rows.Values);
        Assert.Empty(rows.V6);
        Assert.Equal(new DateOnly(2026, 5, 28), date);
    }

    [Fact]
    public void A_database_of_both_families_has_IPv4_behind_zeros_and_once()
    {
        MmdbBytes file = new(24, 128);
        int sg = file.AddData(Map(("country_code", Text("SG"))));
        int pointer = file.AddData([0x20, (byte)sg]);
        file.Add(0x0100_0000, 96 + 8, sg).Add(s_doc, 32, pointer);
        // 2002::/16 leads to the same branch: the node at depth 96 has the number 96.
        file.Add((UInt128)0x2002 << 112, 16, sg);
        int above = 0;
        for (int depth = 0; depth < 15; depth++)
            above = file.ChildOf(above, (0x2002 >> 15 - depth & 1) != 0);
        file.Link(above, isRight: false, target: 96);
        ImportedRows rows = Read(file, out _);
        Assert.Equal([new AddressRange(0x0100_0000, 0x01ff_ffff, 1)], rows.V4);
        Assert.Equal([new AddressRange(s_doc, s_doc | UInt128.MaxValue >> 32, 1)], rows.V6);
    }

    [Fact]
    public void A_tree_whose_branches_lead_back_is_refused()
    {
        MmdbBytes file = new(24, 32);
        file.Add(0, 2, file.AddData(Map(("country_code", Text("SG")))));
        Assert.Equal("its tree is deeper than addresses are long", ErrorOf(file.Link(1, isRight: true, target: 0).ToArray()));
    }

    [Fact]
    public void A_tree_that_doubles_at_each_level_is_refused()
    {
        MmdbBytes file = new(24, 128);
        int data = file.AddData(Map(("country_code", Text("SG"))));
        file.Add(0, 60, data);
        for (int node = 0; node < file.NodeCount - 1; node++)
            file.Link(node, isRight: true, target: node + 1);
        Assert.Equal("its tree has more branches than addresses need", ErrorOf(file.ToArray()));
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_said()
    {
        MmdbBytes file = new(24, 32);
        Assert.Equal("it names no countries, neither by 'country_code' nor by 'country' and 'iso_code'",
            ErrorOf(file.Add(0, 8, file.AddData(Map(("asn", U32(64500))))).ToArray()));
        file = new MmdbBytes(24, 32);
        Assert.Equal("a branch of its tree leads outside the file", ErrorOf(file.Add(0, 8, 5000).ToArray()));
        file = new MmdbBytes(24, 32);
        Assert.Equal("what it gives for a country is no code of two capitals",
            ErrorOf(file.Add(0, 8, file.AddData(Map(("country_code", Text("sg"))))).ToArray()));
        file = new MmdbBytes(24, 32) { Metadata = Map(("node_count", U32(9999)), ("record_size", [0xa1, 24]), ("ip_version", [0xa1, 4])) };
        Assert.Equal("the description at its end is damaged", ErrorOf(file.ToArray()));
        file = new MmdbBytes(24, 32) { Metadata = [0xe9] };
        Assert.Equal("the description at its end is damaged", ErrorOf(file.ToArray()));
    }

    [Fact]
    public void Damaged_files_get_a_sentence_or_an_answer()
    {
        MmdbBytes file = new(28, 32);
        int sg = file.AddData(Map(("list", [0x02, 0x04, .. Text("a"), .. U32(5)]), ("country_code", Text("SG"))));
        byte[] whole = file.Add(0x0100_0000, 8, sg).Add(0x0200_0000, 16, sg).ToArray();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).Sample(change =>
        {
            byte[] damaged = [.. whole];
            damaged[change.Item1] = change.Item2;
            damaged[change.Item3] = change.Item4;
            if (MmdbFile.IsOne(damaged))
                _ = MmdbFile.Read(damaged, new ImportedRows(), out _);
        });
        for (int length = 0; length < whole.Length; length++)
            Assert.True(!MmdbFile.IsOne(whole.AsSpan(0, length)) || ErrorOf(whole[..length]) is not null);
    }

    private static ImportedRows Read(MmdbBytes file, out DateOnly date)
    {
        ImportedRows rows = new();
        Assert.Null(MmdbFile.Read(file.ToArray(), rows, out date));
        return rows;
    }

    private static string? ErrorOf(byte[] file) => MmdbFile.Read(file, new ImportedRows(), out _);
}
