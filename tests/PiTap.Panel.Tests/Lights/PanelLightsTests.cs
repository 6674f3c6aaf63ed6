using PiTap.Model;
using PiTap.Panel.Lights;
using PiTap.Panel.State;
using PiTap.Panel.Tests.Pages;

namespace PiTap.Panel.Tests.Lights;

public sealed class PanelLightsTests
{
    private static readonly LightRole[] s_roles = Enum.GetValues<LightRole>();

    [Fact]
    public void A_call_lights_what_it_is()
    {
        IReadOnlyList<Light> lights = Of(Scenes.Call(), new PanelView());
        Assert.Equal("alive", Light(lights, LightRole.Heartbeat).Meaning);
        Assert.Equal("first party: Alpha Exploration", Light(lights, LightRole.FirstParty).Meaning);
        Assert.Equal("third party: Agora", Light(lights, LightRole.ThirdParty).Meaning);
        Assert.Equal("unknown party: api.statsig-proxy.example.net", Light(lights, LightRole.UnknownParty).Meaning);
        Assert.Equal("readable content: Agora", Light(lights, LightRole.Readable).Meaning);
        Assert.Equal(LightPattern.Off, Light(lights, LightRole.Finding).Pattern);
    }

    [Fact]
    public void Without_traffic_only_the_heart_beats() =>
        Assert.Equal([LightRole.Heartbeat], Lit(Of(new LiveState(), new PanelView())));

    [Fact]
    public void The_heart_beats_fast_while_packets_are_lost() =>
        Assert.Equal(LightPattern.Fast, Light(Of(
            Scenes.Call() with { Sources = [new SourceCounters { Source = "wlan0", DroppedByRing = 1 }] }, new PanelView()),
            LightRole.Heartbeat).Pattern);

    [Fact]
    public void A_finding_stays_lit_when_its_alert_is_over_until_somebody_acknowledges_it()
    {
        PanelView view = new PanelView().Show(new PanelAlert("F", "A sentence.", Scenes.NowNs - Scenes.Seconds(600)));
        Assert.Equal(LightPattern.Wink, Light(Of(Scenes.Call(), view), LightRole.Finding).Pattern);
        Assert.Equal(LightPattern.Off, Light(Of(Scenes.Call(), view.Acknowledge()), LightRole.Finding).Pattern);
    }

    [Fact]
    public void At_night_only_what_matters_is_lit_and_darker()
    {
        IReadOnlyList<Light> lights = Of(Scenes.Call(), new PanelView { IsNight = true });
        Assert.Equal([LightRole.Heartbeat, LightRole.Readable], Lit(lights));
        LightOptions options = new();
        Assert.True(options.BrightnessAt(isNight: true) < options.BrightnessAt(isNight: false));
        Assert.Equal((7, 7, 7), lights[0].At(0, options.BrightnessAt(isNight: true)));
    }

    [Fact]
    public void Off_is_off() => Assert.All(
        PanelLights.Of(Scenes.State(Scenes.Call(), new PanelView()), new LightOptions { IsOff = true }, 8),
        static light => Assert.Equal(default, light.At(0, 1)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_strip_of_any_length_gets_a_state_for_each_light(int count) =>
        Assert.Equal(count, PanelLights.Of(Scenes.State(Scenes.Call(), new PanelView()), new LightOptions(), count).Count);

    [Fact]
    public void The_only_light_shows_the_most_important_of_all() =>
        Assert.Equal("readable content: Agora",
            Assert.Single(PanelLights.Of(Scenes.State(Scenes.Call(), new PanelView()), new LightOptions(), 1)).Meaning);

    [Fact]
    public void A_watch_list_lights_a_company_a_category_and_a_country()
    {
        LiveParty ads = Scenes.Party("Meta", PartyRole.ThirdParty, "US", 1, 1, 10, 60, ["a.example"]);
        LiveState capture = Scenes.Parties(
            ads with { Record = ads.Record with { Categories = ["advertising"] } },
            Scenes.Party("Agora", PartyRole.ThirdParty, "US", 1, 1, 10, 3, ["b.example"]),
            Scenes.Party("Zenlayer", PartyRole.ThirdParty, "CN", 1, 1, 10, 60, ["c.example"], readable: 1));
        IReadOnlyList<Light> lights = PanelLights.Of(Scenes.State(capture, new PanelView()),
            new LightOptions { Watch = ["agora", "advertising", "CN", "Google"] }, 5);
        Assert.Equal(["agora: Agora", "advertising: Meta", "CN: Zenlayer", "not seen: Google", "not used"],
            lights.Select(static light => light.Meaning));
        Assert.Equal([LightPattern.Twice, LightPattern.Steady, LightPattern.Fast, LightPattern.Off, LightPattern.Off],
            lights.Select(static light => light.Pattern));
    }

    [Fact]
    public void Every_pattern_and_every_role_is_told_from_the_others_without_colours()
    {
        string[] courses = [.. Enum.GetValues<LightPattern>().Select(static pattern =>
            string.Concat(Enumerable.Range(0, 240).Select(step => pattern.IsOn(step * 25_000_000L) ? '#' : '.')))];
        Assert.Equal(courses.Length, courses.Distinct().Count());
        PanelView view = new PanelView().Show(new PanelAlert("F", "A sentence.", 0));
        LightPattern[] patterns = [.. Of(Scenes.Call(), view).Take(s_roles.Length).Select(static light => light.Pattern)];
        Assert.Equal(patterns.Length, patterns.Distinct().Count());
    }

    [Fact]
    public void A_party_that_fell_silent_is_not_lit()
    {
        LiveState capture = Scenes.Call();
        PanelState later = PanelState.From(capture, new PanelView(), new PanelFacts(), capture.AsOfNs + PanelLights.ActiveForNs);
        Assert.Equal([LightRole.Heartbeat], Lit(PanelLights.Of(later, new LightOptions(), s_roles.Length)));
    }

    private static IReadOnlyList<Light> Of(LiveState capture, PanelView view) =>
        PanelLights.Of(Scenes.State(capture, view), new LightOptions(), 8);

    private static Light Light(IReadOnlyList<Light> lights, LightRole role) => lights[(int)role];

    private static IEnumerable<LightRole> Lit(IReadOnlyList<Light> lights) =>
        s_roles.Where(role => Light(lights, role).Pattern != LightPattern.Off);
}
