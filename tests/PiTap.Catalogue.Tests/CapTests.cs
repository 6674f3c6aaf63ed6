using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Suffixes;
using PiTap.Catalogue.Tests.Import;
using PiTap.Catalogue.Tests.Packed;
using PiTap.Catalogue.Tests.Parties;
using PiTap.Model;

namespace PiTap.Catalogue.Tests;

/// <summary>How much the data may hold, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class CapTests
{
    private static readonly PublicSuffixes s_one = PublicSuffixes.Parse("com\n", out _)!;

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    [Trait("cap", "Catalogue.DomainName.MaxLength")]
    public void A_name_has_so_many_characters(int characters, bool isRegistrable)
    {
        string name = "example.com".PadLeft(characters, 'a');
        Assert.Equal(isRegistrable ? name : "", s_one.GetRegistrable(name).ToString());
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [Trait("cap", "Catalogue.DomainName.MaxLabelLength")]
    public void A_label_of_a_rule_has_so_many_characters(int characters, bool isRule) =>
        Assert.Equal(isRule, PublicSuffixes.Parse($"com\n{new string('a', characters)}.com\n", out _) is not null);

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    [Trait("cap", "Catalogue.PublicSuffixes.MaxRules")]
    public void A_list_of_suffixes_has_so_many_lines(int lines, bool isRead)
    {
        StringBuilder text = new();
        for (int i = 0; i < lines; i++)
            text.Append(CultureInfo.InvariantCulture, $"a{i}\n");
        Assert.Equal(isRead, PublicSuffixes.Parse(text.ToString(), out string? error) is not null);
        Assert.Equal(isRead ? null : "line 100001: 'a100000' is no rule, a double, or more than 100000 lines", error);
    }

    [Fact]
    [Trait("cap", "Catalogue.PartyTableParser.MaxNameLength")]
    public void A_name_in_the_table_has_at_most_48_characters() => Assert.Equal(
        ["rows.tsv:1: the service's name has 49 characters, more than 48"],
        Errors(PartyTexts.Row("a.example", service: new string('x', 49))));

    [Fact]
    [Trait("cap", "Catalogue.PartyTableParser.MaxRows")]
    public void The_table_has_at_most_fifty_thousand_rows()
    {
        StringBuilder rows = new();
        for (int i = 0; i <= 50_000; i++)
            rows.Append(PartyTexts.Row(string.Create(CultureInfo.InvariantCulture, $"a{i:D5}.example")));
        Assert.Equal(["rows.tsv:50001: more than 50000 rows"], Errors(rows.ToString()));
    }

    [Fact]
    [Trait("cap", "Catalogue.ImportedRows.MaxRanges")]
    public void A_file_has_at_most_five_million_ranges()
    {
        ImportedRows rows = new();
        CollectionsMarshal.SetCount(rows.V4, 4_999_998);
        Assert.Null(CsvFile.Read(new StringReader("1.0.0.0,1.0.0.0,SG\n1.0.0.2,1.0.0.2,SG\n"), rows));
        Assert.Equal("it has more than 5000000 ranges", CsvFile.Read(new StringReader("1.0.0.4,1.0.0.4,SG\n"), rows));
    }

    [Fact]
    [Trait("cap", "Catalogue.MmdbFile.MaxVisits")]
    public void Twenty_million_branches_are_followed_and_not_more()
    {
        const int levels = 24;
        MmdbBytes file = new(24, 128);
        int data = file.AddData(MmdbBytes.Map(("country_code", MmdbBytes.Text("SG"))));
        file.Add(0, levels, data).Add(UInt128.One << 128 - levels, levels, data);
        // Each node is reached by two ways from the one above, and all leaves say the same: 2 to the 25th visits, and one range.
        for (int node = 0; node < levels - 1; node++)
            file.Link(node, isRight: true, target: node + 1);
        Assert.Equal("its tree has more branches than addresses need", MmdbFile.Read(file.ToArray(), new ImportedRows(), out _));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [Trait("cap", "Catalogue.MmdbData.MaxDepth")]
    public void What_a_database_says_lies_in_so_many_arrays(int arrays, bool isRead)
    {
        MmdbBytes file = new(24, 32);
        byte[] nested = [.. Enumerable.Repeat<byte[]>([0x01, 0x04], arrays).SelectMany(static array => array), .. MmdbBytes.U32(1)];
        file.Add(0, 8, file.AddData(MmdbBytes.Map(("first", nested), ("country_code", MmdbBytes.Text("SG")))));
        ImportedRows rows = new();
        Assert.Equal(isRead, MmdbFile.Read(file.ToArray(), rows, out _) is null);
        Assert.Equal(isRead ? ["SG"] : [], rows.Values);
    }

    [Fact]
    [Trait("cap", "Catalogue.SetPacker.MaxNameBytes")]
    public void The_name_of_a_network_is_cut_to_255_bytes_between_two_characters()
    {
        ImportedRows rows = new();
        string name = new string('a', 254) + "\u00e9" + new string('b', 300);
        Assert.Null(CsvFile.Read(new StringReader($"1.0.0.0,1.0.0.255,64500,{name}\n"), rows));
        SetDescription description = new("networks", "a test", "-", "-", new DateOnly(2026, 11, 1), "MIT", "a test", Rows: 0, Bytes: 0);
        NetworkSet networks = NetworkSet.Parse(SetPacker.PackNetworks(rows, description), out _)!;
        Assert.True(networks.TryFind(IpAddress.FromV4(0x0100_0001), out uint number, out ReadOnlyMemory<byte> kept));
        Assert.Equal((64_500u, new string('a', 254)), (number, Encoding.UTF8.GetString(kept.Span)));
    }

    [Theory]
    [InlineData(4_096, "x")]
    [InlineData(4_097, "")]
    [Trait("cap", "Catalogue.PackedSet.MaxDescriptionBytes")]
    public void So_many_bytes_of_a_description_are_read(int bytes, string source)
    {
        const string last = "source: x";
        string lines = PackedBytes.Description[..PackedBytes.Description.IndexOf("source", StringComparison.Ordinal)];
        string padding = new('x', bytes - lines.Length - last.Length - 1);
        byte[] file = PackedBytes.File(PackedKind.NetworkCountries, $"{lines}{padding}\n{last}", new byte[1]);
        Assert.Equal(source, PackedSet.Parse(file, PackedKind.NetworkCountries, 1, out _)!.Description.Source);
    }

    [Theory]
    [InlineData(64 << 20, null)]
    [InlineData((64 << 20) + 1, "it has 67108865 bytes, and a set has at most 67108864")]
    [Trait("cap", "Catalogue.PackedSet.MaxBytes")]
    public void A_set_has_at_most_64_mebibytes(int bytes, string? sentence)
    {
        byte[] head = PackedBytes.File(PackedKind.NetworkCountries, new byte[1]);
        byte[] file = new byte[bytes];
        head.CopyTo(file, 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), file.Length);
        Assert.Equal(sentence is null, PackedSet.Parse(file, PackedKind.NetworkCountries, 1, out string? error) is not null);
        Assert.Equal(sentence, error);
    }

    private static string[] Errors(string rows) => PartyTexts.Errors(("companies.tsv", PartyTexts.Companies), ("rows.tsv", rows));
}
