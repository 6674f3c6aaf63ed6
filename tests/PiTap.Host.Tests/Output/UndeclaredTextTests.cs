using System.Globalization;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class UndeclaredTextTests
{
    [Fact]
    public void A_sentence_says_who_where_and_what_could_be_read() => Assert.Equal(
        ["Undeclared: Agora, at home in [CN], with servers in [HK], [US]. 2 devices, 2 of 3 flows could be read on the way: a.example."],
        Lines(
        [
            Contact("a.example", "Agora", false) with { FlowsReadable = 1 },
            Contact("a.example", "Agora", false) with { FlowsReadable = 1, Device = "other" },
            Contact("b.example", "Agora", false, "HK"),
            Contact("c.example", "Declared", true),
            Contact("d.example", "Unasked", null),
        ]));

    [Fact]
    public void What_could_not_be_read_is_not_called_encrypted() => Assert.EndsWith(
        "1 device, 1 flow, none of which is known to be readable.", Assert.Single(Lines([Contact("a.example", "Agora", false)])),
        StringComparison.Ordinal);

    [Fact]
    [Trait("cap", "Host.UndeclaredText.MaxParties")]
    public void Eight_parties_have_a_sentence_and_the_others_are_counted()
    {
        string[] lines = [.. Lines([.. Enumerable.Range(0, 20).Select(static i => Contact("a.example", Number(i), false))])];
        Assert.Equal(9, lines.Length);
        Assert.Equal("Undeclared, too: 12 further parties.", lines[^1]);
    }

    [Fact]
    [Trait("cap", "Host.UndeclaredText.MaxHosts")]
    public void A_sentence_names_three_hosts() => Assert.EndsWith(
        "5 of 5 flows could be read on the way: h0, h1, h2 and 2 more.",
        Assert.Single(Lines(
        [
            .. Enumerable.Range(0, 5).Select(static i => Contact("h" + Number(i), "Agora", false) with { FlowsReadable = 1 }),
        ])),
        StringComparison.Ordinal);

    private static IEnumerable<string> Lines(ContactRecord[] contacts) => UndeclaredText.Lines(contacts, static code => $"[{code}]");

    private static string Number(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static ContactRecord Contact(string host, string party, bool? isDeclared, string hosted = "US") => new()
    {
        Device = "02:00:00:00:00:01",
        Host = host,
        HostSource = HostSource.TlsSni,
        Flows = 1,
        BytesUp = 1,
        Attribution = new PartyAttribution
        {
            Party = party,
            PartyReason = "domain",
            RoleReason = "category",
            Role = PartyRole.ThirdParty,
            IsDeclared = isDeclared,
            HomeCountry = "CN",
            HostedIn = [hosted],
        },
    };
}
