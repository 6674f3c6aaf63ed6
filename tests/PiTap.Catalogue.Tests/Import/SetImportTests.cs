using System.Text;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Import;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Import;

public sealed class SetImportTests
{
    private const int Ranges = 1_200;

    private static readonly DateOnly s_day = new(2026, 11, 1);

    [Fact]
    public void Lists_of_countries_take_the_place_of_a_set()
    {
        ImportedSet set = Import("hosted-second", File("v4.csv", Countries4), File("v6.csv", Countries6));
        Assert.Equal(("hosted-second", s_day, "imported: v4.csv and v6.csv"),
            (set.Description.Name, set.Description.Date, set.Description.Source));
        Assert.Null(SetImport.Check("hosted-second", set.File));
        CountrySet countries = CountrySet.Parse(set.File, out _)!;
        Assert.Equal("SG", countries.Find(Parse("1.0.0.255")));
        Assert.Equal("JP", countries.Find(Parse("1.0.1.0")));
        Assert.Null(countries.Find(Parse("2.0.0.0")));
        Assert.Equal("JP", countries.Find(Parse("2001:1::1")));
        Assert.Equal("SG", countries.Find(Parse("2001:2::1")));

        Lookups lookups = Lookups.Load(new Dictionary<string, ReadOnlyMemory<byte>> { ["hosted-second"] = set.File });
        Assert.Equal("SG", lookups.Addresses.Find(Parse("1.0.0.255")).HostedIn.Second);
        Assert.NotEqual("SG", lookups.Addresses.Find(Parse("1.0.0.255")).HostedIn.First);
        Assert.Contains(set.Description, lookups.Sets);
    }

    [Fact]
    public void Numbers_in_the_place_of_texts_are_addresses_too()
    {
        string numbers = Lines(static i => $"{0x0100_0000 + 256 * i},{0x0100_0000 + 256 * i + 255},{(i % 2 == 0 ? "SG" : "JP")}");
        Assert.Equal(Import("hosted", File("a.csv", Countries4), File("b.csv", Countries6)).File.ToArray(),
            Import("hosted", File("a.csv", numbers), File("b.csv", Countries6)).File.ToArray());
    }

    [Fact]
    public void Lists_of_networks_take_the_place_of_theirs()
    {
        string v4 = Lines(static i =>
            $"1.{i / 256}.{i % 256}.0,1.{i / 256}.{i % 256}.255,{64_500 + i % 7},\"Net {i % 7}, \"\"{i % 7}\"\"\"");
        string v6 = Lines(static i => $"2001:{i:x}::,2001:{i:x}:ffff:ffff:ffff:ffff:ffff:ffff,{4_200_000_000 + i % 3},Name");
        ImportedSet set = Import("hosted", File("v4.csv", v4), File("v6.csv", v6));
        Assert.Equal("networks", set.Description.Name);
        NetworkSet networks = NetworkSet.Parse(set.File, out _)!;
        Assert.True(networks.TryFind(Parse("1.0.8.9"), out uint number, out ReadOnlyMemory<byte> name));
        Assert.Equal((64_501u, "Net 1, \"1\""), (number, Encoding.UTF8.GetString(name.Span)));
        Assert.True(networks.TryFind(Parse("2001:5::"), out number, out name));
        Assert.Equal((4_200_000_002u, "Name"), (number, Encoding.UTF8.GetString(name.Span)));
    }

    [Theory]
    [InlineData("1.0.0.0,1.0.0.255\n", "line 1: it is not of the form first address, last address, country or number")]
    [InlineData("1.0.0.0,1.0.0.255,SG\n1.0.0.0,x,SG\n", "line 2: it is not of the form first address, last address, country or number")]
    [InlineData("1.0.0.0,1.0.0.255,sg\n", "line 1: what it gives for a country is no code of two capitals")]
    [InlineData("1.0.0.9,1.0.0.1,SG\n", "line 1: it ends before it begins, or begins before the line above")]
    [InlineData("1.0.1.0,1.0.1.1,SG\n1.0.0.0,1.0.0.1,SG\n", "line 2: it ends before it begins, or begins before the line above")]
    [InlineData("1.0.0.0,2001::,SG\n", "line 1: it ends before it begins, or begins before the line above")]
    [InlineData("1.0.0.0,1.0.0.1,AS5,Name\n", "line 1: it has no number of an autonomous system, or a control character")]
    [InlineData("1.0.0.0,1.0.0.1,5,Na\u0007me\n", "line 1: it has no number of an autonomous system, or a control character")]
    public void A_wrong_line_is_named(string text, string sentence) => AssertRefused($"x.csv: {sentence}", File("x.csv", text));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("PiTapSet", "it is a packed set of PiTap, which 'pitap' carries itself")]
    [InlineData("PK\u0003\u0004", "it is compressed: unpack it first")]
    [InlineData("hello",
        "it is no database in MaxMind's format (mmdb), no list of ranges (csv: first, last address, country or number), and no list of "
            + "trackers (json) by AdGuard, DuckDuckGo, Disconnect or Exodus")]
    public void What_is_not_taken_is_named(string text, string sentence) => AssertRefused($"x: {sentence}", File("x", text));

    [Fact]
    public void A_list_is_known_however_late_it_shows_what_it_is()
    {
        const string tracker = "\"1\":{\"name\":\"A\",\"network_signature\":\"a\\\\.example\"}";
        ImportFile file = File("x", "{\"trackers\":{" + new string(' ', 100_000) + tracker + "}}");
        Assert.Equal("exodus", Import("hosted", file).Description.Name);
    }

    [Fact]
    public void A_piece_a_mixture_and_a_double_are_refused()
    {
        AssertRefused($"there are {Ranges} ranges of IPv4 addresses and 0 of IPv6, and a set has thousands of both; "
            + "where they are two files, name both", File("v4.csv", Countries4));
        AssertRefused("one file names countries and the other one networks: import them one after the other",
            File("v4.csv", Countries4), File("v6.csv", Lines(static i => $"2001:{i:x}::,2001:{i:x}::1,5,Name")));
        AssertRefused("b.csv: it names addresses of a family that another file names already",
            File("a.csv", "1.0.0.0,1.0.0.1,SG\n"), File("b.csv", "2.0.0.0,2.0.0.1,SG\n"));
    }

    [Fact]
    public void An_imported_set_that_is_no_longer_whole_is_told()
    {
        byte[] file = Import("hosted", File("v4.csv", Countries4), File("v6.csv", Countries6)).File.ToArray();
        file[^1] ^= 1;
        Assert.Equal("its checksum is another one", SetImport.Check("hosted", file));
        Assert.Equal("it is a set of kind 1, not 2", SetImport.Check("networks", file));
    }

    private static string Countries4 =>
        Lines(static i => $"1.{i / 256}.{i % 256}.0,1.{i / 256}.{i % 256}.255,{(i % 2 == 0 ? "SG" : "JP")}");

    private static string Countries6 =>
        Lines(static i => $"2001:{i:x}::,2001:{i:x}:ffff:ffff:ffff:ffff:ffff:ffff,{(i % 2 == 0 ? "SG" : "JP")}");

    private static string Lines(Func<int, string> line) => string.Concat(Enumerable.Range(0, Ranges).Select(i => line(i) + "\n"));

    private static ImportFile File(string name, string text) => new(name, Encoding.UTF8.GetBytes(text), s_day);

    private static ImportedSet Import(string set, params ImportFile[] files) =>
        SetImport.Read(files, set, out string? error) ?? throw new InvalidDataException(error);

    private static void AssertRefused(string sentence, params ImportFile[] files)
    {
        Assert.Null(SetImport.Read(files, "hosted", out string? error));
        Assert.Equal(sentence, error);
    }

    private static IpAddress Parse(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        return address;
    }
}
