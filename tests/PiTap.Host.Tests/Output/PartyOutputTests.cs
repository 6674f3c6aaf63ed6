using System.Globalization;
using PiTap.Export;
using PiTap.Host.Output;
using PiTap.Model;
using static PiTap.Catalogue.Parties.PartyCategories;
using PartyCategory = PiTap.Catalogue.Parties.PartyCategory;

namespace PiTap.Host.Tests.Output;

/// <summary>Parties as people read them.</summary>
public sealed class PartyOutputTests
{
    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(140)]
    public void A_table_says_who_what_and_where_at_every_width(int width)
    {
        using TestSurface test = new(isTerminal: true, width: width, environment: "NO_COLOR=1");
        using (PartyTable table = new(test.Surface, Roster.Empty, static code => code == "CN" ? "China" : code))
        {
            table.Write(Party("Agora", PartyRole.ThirdParty, isDeclared: false, "CN", "US"));
            table.Write(Party("in the network of EnjoyVC", PartyRole.ThirdParty, isDeclared: false, "HK", "HK"));
        }
        Assert.All(test.Output.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.Contains("Agora", test.Output, StringComparison.Ordinal);
        Assert.Contains("in the network of EnjoyVC", test.Output, StringComparison.Ordinal);
        Assert.Contains("undeclared", test.Output, StringComparison.Ordinal);
        Assert.Matches(width == 60 ? "home: China" : "CN|China", test.Output);
        Assert.Matches("US", test.Output);
    }

    [Fact]
    [Trait("cap", "Host.PartyTable.MaxHosts")]
    public void A_row_names_three_hosts_and_how_many_more_there_are()
    {
        using TestSurface test = new();
        using (PartyTable table = new(test.Surface, Roster.Empty, static code => code))
        {
            table.Write(Party("Agora", PartyRole.ThirdParty, null, null) with
            {
                Hosts = ["a.example", "b.example", "c.example", "d.example"],
                Contacts = 7,
            });
        }
        Assert.Contains("a.example b.example c.example +4", test.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("d.example", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_party_is_there_for_is_said_in_words_people_know()
    {
        PartyRecord party = Party("Agora", PartyRole.ThirdParty, null, "CN", "US") with { Categories = ["os", "rtc", "mine"] };
        using TestSurface wide = new();
        using (PartyTable table = new(wide.Surface, Roster.Empty, static code => code))
            table.Write(party);
        Assert.Contains("  the phone's system; real-time audio and video; mine  ", wide.Output, StringComparison.Ordinal);
        using TestSurface narrow = new(isTerminal: true, width: 60, environment: "NO_COLOR=1");
        using (PartyTable table = new(narrow.Surface, Roster.Empty, static code => code))
            table.Write(party);
        Assert.Contains("for the phone's system; real-time audio and video; mine", narrow.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_category_has_words_of_its_own()
    {
        string[] words = [.. Enum.GetValues<PartyCategory>().Where(static category => category != PartyCategory.None).Select(Word)];
        Assert.Equal(words.Length, words.Select(CategoryText.Of).Distinct().Count());
        string[] same = ["analytics", "experiments", "games", "maps", "search", "shopping"];
        Assert.Equal(same, words.Where(static word => CategoryText.Of(word) == word).Order(StringComparer.Ordinal));

        static string Word(PartyCategory category) => category.Word();
    }

    [Fact]
    public void A_hostile_name_is_written_out()
    {
        using TestSurface test = new();
        using (PartyTable table = new(test.Surface, Roster.Empty, static code => code))
            table.Write(Party("a\u001b[2Jb", PartyRole.Unknown, null, null));
        Assert.DoesNotContain('\u001b', test.Output);
        Assert.Contains(@"a\u{1B}[2Jb", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_party_is_told_once_in_the_order_in_which_it_was_met()
    {
        using TestSurface test = new();
        PartyLines lines = new(test.Surface);
        LiveState state = State(Live("Agora", 5), Live("EnjoyVC", 9));
        lines.Show(state);
        lines.Show(state);
        string[] told = test.Output.TrimEnd().Split('\n');
        Assert.Equal(2, told.Length);
        Assert.Matches("phone  EnjoyVC  third party, undeclared, home CN, hosted in US, host.example$", told[0]);
        Assert.Contains("phone  Agora  ", told[1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("cap", "Host.PartyLines.MaxKnown")]
    public void Beyond_four_thousand_parties_all_may_be_told_again()
    {
        using TestSurface test = new();
        PartyLines lines = new(test.Surface);
        for (int i = 0; i <= 4_096; i++)
            lines.Show(State(Live(i.ToString(CultureInfo.InvariantCulture), 0)));
        Assert.Equal(4_097, test.Output.Split('\n').Length - 1);
        lines.Show(State(Live("0", 0)));
        Assert.Equal(4_098, test.Output.Split('\n').Length - 1);
    }

    [Fact]
    public void What_holds_the_local_network_together_is_not_told()
    {
        using TestSurface test = new();
        LiveParty party = Live(PartyAttribution.LocalSignalling, 0);
        party = party with { Record = party.Record with { Attribution = party.Record.Attribution with { Role = PartyRole.Local } } };
        new PartyLines(test.Surface).Show(State(party));
        Assert.Equal("", test.Output);
    }

    [Theory]
    [InlineData("xn--bcher-kva.example", "b\u00fccher.example (xn--bcher-kva.example)")]
    [InlineData("xn--pple-43d.com", "\u0430pple.com (xn--pple-43d.com, mixes scripts)")]
    [InlineData("www.example.com", "www.example.com")]
    public void A_name_in_other_letters_is_shown_with_what_was_sent_and_a_mark_where_it_pretends(string host, string shown)
    {
        using TestSurface test = new();
        using (IRecordWriter<ContactRecord> table = RecordTables.Contacts(test.Surface, Roster.Empty))
            table.Write(new ContactRecord { Device = "d", Host = host, HostSource = HostSource.TlsSni, Flows = 1 });
        Assert.Contains($"  {shown}  ", test.Output, StringComparison.Ordinal);
    }

    private static LiveState State(params LiveParty[] parties) => new() { AsOfNs = 1_613_149_200_000_000_000, Parties = parties };

    private static LiveParty Live(string party, long ageNs) =>
        new() { Record = Party(party, PartyRole.ThirdParty, false, "CN", "US"), DeviceName = "phone", AgeNs = ageNs };

    private static PartyRecord Party(string party, PartyRole role, bool? isDeclared, string? home, params string[] hosted) => new()
    {
        Device = "02:00:00:00:00:01",
        Attribution = new PartyAttribution
        {
            Party = party,
            PartyReason = "domain",
            Role = role,
            RoleReason = "category",
            IsDeclared = isDeclared,
            HomeCountry = home,
            HostedIn = hosted,
        },
        Hosts = ["host.example"],
        Contacts = 1,
        Flows = 2,
        FlowsReadable = 1,
    };
}
