using PiTap.Model;
using PiTap.Panel.State;

namespace PiTap.Panel.Lights;

/// <summary>
/// What each light does in a state. A pure function. A light that stands for a role or for somebody is dark while nothing of that kind is
/// going on; at night only what matters is lit: the heartbeat, readable content and a finding.
/// </summary>
public static class PanelLights
{
    /// <summary>How long after its latest packet a party counts as being talked to, nanoseconds.</summary>
    internal const long ActiveForNs = 2 * PacketTime.NanosecondsPerSecond;

    private static readonly LightRole[] s_roles = Enum.GetValues<LightRole>();

    /// <summary>
    /// Red, green and blue for the lights of a watch list, told apart by people with colour blindness too (Okabe and Ito).
    /// </summary>
    private static readonly (byte, byte, byte)[] s_watchColours =
        [(86, 180, 233), (230, 159, 0), (0, 158, 115), (204, 121, 167), (240, 228, 66), (213, 94, 0), (0, 114, 178), (220, 220, 220)];

    /// <summary>All lights of a strip.</summary>
    /// <param name="state">What is to be shown.</param>
    /// <param name="options">How the lights are used.</param>
    /// <param name="count">How many there are.</param>
    public static IReadOnlyList<Light> Of(PanelState state, LightOptions options, int count)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        if (options.IsOff)
            return [.. Enumerable.Repeat(Dark("off"), count)];
        return options.Watch.Count > 0
            ? [.. Enumerable.Range(0, count).Select(i => i < options.Watch.Count ? Watched(state, options.Watch[i], i) : Dark("not used"))]
            : ByRole(state, count);
    }

    /// <summary>A light for each role; where there are too few, the last one shows the most important of those that are left.</summary>
    private static Light[] ByRole(PanelState state, int count)
    {
        Light[] all = [.. s_roles.Select(role => OfRole(state, role))];
        if (count >= all.Length)
            return [.. all, .. Enumerable.Repeat(Dark("not used"), count - all.Length)];
        if (count <= 0)
            return [];
        Light last = all[(count - 1)..].LastOrDefault(static light => light.Pattern != LightPattern.Off) ?? all[count - 1];
        return [.. all[..(count - 1)], last];
    }

    private static Light OfRole(PanelState state, LightRole role)
    {
        bool isNight = state.View.IsNight;
        return role switch
        {
            LightRole.Heartbeat => new Light(state.IsLosing ? LightPattern.Fast : LightPattern.Beat, 220, 220, 220,
                state.IsLosing ? "losing packets" : "alive"),
            LightRole.FirstParty =>
                OfParty(Active(state, PartyKind.FirstParty), isNight, LightPattern.Steady, (0, 158, 115), "first party"),
            LightRole.ThirdParty => OfParty(Active(state, PartyKind.ThirdParty), isNight, LightPattern.Slow, (230, 159, 0), "third party"),
            LightRole.UnknownParty =>
                OfParty(Active(state, PartyKind.Unknown), isNight, LightPattern.Twice, (86, 180, 233), "unknown party"),
            LightRole.Readable => OfParty(Active(state).FirstOrDefault(static party => party.IsReadable), false, LightPattern.Fast,
                (213, 94, 0), "readable content"),
            _ => state.View.IsFindingLatched ? new Light(LightPattern.Wink, 204, 60, 167, "a finding waits") : Dark("no finding"),
        };
    }

    private static Light OfParty(
        PanelParty? party, bool isHidden, LightPattern pattern, (byte Red, byte Green, byte Blue) colour, string what) =>
        party is null ? Dark("no " + what)
        : isHidden ? Dark("dark at night")
        : new Light(pattern, colour.Red, colour.Green, colour.Blue, $"{what}: {party.Name}");

    /// <summary>Steady while it is being talked to; two flashes while it is new; fast if anybody can read some of it.</summary>
    private static Light Watched(PanelState state, string wanted, int index)
    {
        PanelParty? party = Active(state).Where(each => IsWanted(each, wanted)).OrderByDescending(static each => each.IsReadable)
            .ThenByDescending(static each => each.FirstNs).FirstOrDefault();
        if (party is null || (state.View.IsNight && !party.IsReadable))
            return Dark("not seen: " + wanted);
        (byte red, byte green, byte blue) = s_watchColours[index % s_watchColours.Length];
        LightPattern pattern = party.IsReadable ? LightPattern.Fast : state.IsNew(party) ? LightPattern.Twice : LightPattern.Steady;
        return new Light(pattern, red, green, blue, $"{wanted}: {party.Name}");
    }

    private static bool IsWanted(PanelParty party, string wanted) =>
        party.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || party.Categories.Contains(wanted, StringComparer.OrdinalIgnoreCase)
        || (wanted.Length == 2 && wanted.All(char.IsAsciiLetterUpper) && party.Country == wanted);

    private static PanelParty? Active(PanelState state, PartyKind kind) => Active(state).FirstOrDefault(party => party.Kind == kind);

    /// <summary>Who is being talked to, the newest first.</summary>
    private static IEnumerable<PanelParty> Active(PanelState state) =>
        state.Parties.Where(party => state.NowNs - party.LastNs < ActiveForNs);

    private static Light Dark(string meaning) => new(LightPattern.Off, 0, 0, 0, meaning);
}
