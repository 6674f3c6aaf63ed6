using PiTap.Model;
using PiTap.Panel.State;
using PiTap.Panel.Tests.Pages;

namespace PiTap.Panel.Tests.State;

public sealed class PanelStateTests
{
    [Fact]
    public void The_newest_party_stands_first_then_the_busiest()
    {
        PanelState state = Scenes.State(Scenes.Call(), new PanelView());
        Assert.Equal(["Agora", "Amazon", "Alpha Exploration", "EnjoyVC"], state.Live.Take(4).Select(static party => party.Name));
    }

    [Fact]
    public void A_party_that_is_not_new_any_more_stands_where_its_bytes_put_it()
    {
        LiveState capture = Scenes.Call();
        PanelState later = PanelState.From(capture, new PanelView(), new PanelFacts(), capture.AsOfNs + PanelState.NewForNs);
        Assert.Equal("Amazon", later.Live[0].Name);
    }

    [Fact]
    public void Two_devices_that_talk_to_one_party_make_one_party()
    {
        PanelParty party = Assert.Single(Scenes.State(Scenes.Parties(
            Scenes.Party("Agora", PartyRole.ThirdParty, "US", 10, 1, 100, 5, ["a.example"]),
            Scenes.Party("Agora", PartyRole.ThirdParty, "US", 20, 2, 50, 9, ["b.example"], 1, "02:00:00:00:00:02")),
            new PanelView()).Parties);
        Assert.Equal((30, 3, 150, true), (party.UpPerSecond, party.DownPerSecond, party.Bytes, party.IsReadable));
        Assert.Equal(Scenes.NowNs - Scenes.Seconds(9), party.FirstNs);
    }

    [Fact]
    public void A_party_of_several_roles_is_of_the_kind_that_most_of_its_bytes_are()
    {
        LiveParty Google(PartyRole role, long bytes, string device) =>
            Scenes.Party("Google", role, "US", 1, 1, bytes, 5, ["a.example"], 0, device);
        PanelParty party = Assert.Single(Scenes.State(Scenes.Parties(
            Google(PartyRole.Platform, 60, "02:00:00:00:00:01"),
            Google(PartyRole.ThirdParty, 50, "02:00:00:00:00:01"),
            Google(PartyRole.ThirdParty, 100, "02:00:00:00:00:02")), new PanelView()).Parties);
        Assert.Equal((PartyKind.ThirdParty, 210), (party.Kind, party.Bytes));
    }

    [Fact]
    public void Where_no_company_is_known_the_host_is_named() =>
        Assert.Contains(Scenes.State(Scenes.Call(), new PanelView()).Parties,
            static party => party is { Name: "api.statsig-proxy.example.net", IsHost: true, Kind: PartyKind.Unknown });

    [Fact]
    public void Where_nobody_says_who_is_who_hosts_are_shown()
    {
        LiveState capture = new()
        {
            AsOfNs = Scenes.NowNs,
            Contacts = [Scenes.Contact("a.example", 1, 1, 10, 2)],
            Totals = new LiveTotals { Contacts = 4 },
        };
        PanelState state = Scenes.State(capture, new PanelView());
        Assert.Equal(("a.example", 4), (Assert.Single(state.Live).Name, state.PartyCount));
    }

    [Fact]
    public void What_holds_the_local_network_together_is_not_shown()
    {
        LiveParty party = Scenes.Party(null, PartyRole.Local, "", 1, 1, 10, 2, ["ff02::fb"]);
        party = party with
        {
            Record = party.Record with
            {
                Attribution = party.Record.Attribution with { Party = PartyAttribution.LocalSignalling },
            },
        };
        Assert.Empty(Scenes.State(Scenes.Parties(party), new PanelView()).Parties);
    }

    [Fact]
    public void A_loss_shows_for_some_seconds_and_is_counted_for_good()
    {
        LiveState losing = Scenes.Losing(5);
        PanelState first = Scenes.State(losing, new PanelView());
        PanelState same = PanelState.From(losing, first.View, first.Facts, Scenes.NowNs + PanelState.LosingForNs, first);
        Assert.Equal((true, 5, false, 5), (first.IsLosing, first.PacketsLost, same.IsLosing, same.PacketsLost));
    }

    [Fact]
    public void An_alert_comes_before_the_page_until_half_a_minute_is_over_or_somebody_acknowledges_it()
    {
        PanelView view = new PanelView { Page = PanelPage.Parties }.Show(new PanelAlert("F", "A sentence.", Scenes.NowNs));
        Assert.Equal(PanelPage.Alert, Page(view, 29));
        Assert.Equal(PanelPage.Parties, Page(view, 30));
        Assert.Equal(PanelPage.Parties, Page(view.Acknowledge(), 1));
    }

    [Fact]
    public void A_finding_stays_latched_until_it_is_acknowledged()
    {
        PanelView view = new PanelView().Show(new PanelAlert("F", "A finding.", 0))
            .Show(new PanelAlert("E", "A failure.", 0, IsFinding: false));
        Assert.True(view.IsFindingLatched);
        Assert.False(view.Acknowledge().IsFindingLatched);
    }

    [Fact]
    public void Parties_are_new_since_the_last_marker()
    {
        PanelView session = new PanelView().StartSession("app", Scenes.NowNs - Scenes.Seconds(200));
        Assert.Equal(3, Scenes.State(Scenes.Call(), session).NewSinceMarker);
        Assert.Equal(1, Scenes.State(Scenes.Call(), session.Mark(new PanelMarker(Scenes.NowNs - Scenes.Seconds(4), ""))).NewSinceMarker);
        Assert.Equal(0, Scenes.State(Scenes.Call(), session.StopSession()).NewSinceMarker);
    }

    [Fact]
    public void The_button_turns_all_pages_but_the_alert_and_begins_anew()
    {
        PanelView view = new() { Page = PanelPage.Join };
        List<PanelPage> pages = [];
        for (int press = 0; press < 5; press++)
        {
            view = view.Turn();
            pages.Add(view.Page);
        }
        Assert.Equal([PanelPage.Live, PanelPage.Parties, PanelPage.Session, PanelPage.Health, PanelPage.Join], pages);
    }

    [Fact]
    [Trait("cap", "Panel.PanelState.MaxLive")]
    public void No_more_parties_are_live_than_any_display_shows() => Assert.Equal(8, Many().Live.Count);

    [Fact]
    [Trait("cap", "Panel.PanelState.MaxTop")]
    public void The_five_largest_parties_are_on_top() =>
        Assert.Equal(["p39", "p38", "p37", "p36", "p35"], Many().Top.Select(static party => party.Name));

    [Fact]
    public void Each_failure_has_a_code_of_its_own_and_a_sentence()
    {
        PanelState state = Scenes.All["health-trouble"];
        Assert.Equal(["E2", "E4", "E5", "E6", "E7", "E8", "E9", "E10"], state.Failures.Select(static failure => failure.Code));
        Assert.All(state.Failures, static failure =>
            Assert.EndsWith(failure.Code == "E10" ? "?" : ".", failure.Sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_tap_that_knows_nothing_of_its_machine_reports_no_failure() =>
        Assert.Empty(Scenes.State(Scenes.Call(), new PanelView(), new PanelFacts()).Failures);

    private static PanelState Many() => Scenes.State(Scenes.Parties([.. Enumerable.Range(0, 40)
        .Select(static i => Scenes.Party($"p{i}", PartyRole.ThirdParty, "US", i, 0, i * 100, 100 + i, ["h.example"]))]), new PanelView());

    private static PanelPage Page(PanelView view, int seconds) =>
        PanelState.From(new LiveState(), view, new PanelFacts(), Scenes.NowNs + Scenes.Seconds(seconds)).Page;
}
