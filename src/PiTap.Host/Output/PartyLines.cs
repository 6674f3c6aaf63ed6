using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>
/// A line for each party that a device meets for the first time: for a pipe, a file or a terminal on which nothing can be drawn. Bounded:
/// beyond <see cref="MaxKnown"/> all that was told may be told again.
/// </summary>
internal sealed class PartyLines(Surface surface)
{
    /// <summary>Parties that were told and are remembered.</summary>
    public const int MaxKnown = 4_096;

    private readonly HashSet<(string Device, string Party, PartyRole Role)> _known = [];

    /// <summary>Tells what is new in a state, in the order in which it was met.</summary>
    public void Show(LiveState state)
    {
        foreach (LiveParty party in state.Parties.OrderByDescending(static party => party.AgeNs))
        {
            PartyAttribution who = party.Record.Attribution;
            if (who.IsSignalling || !_known.Add((party.Record.Device, who.Party, who.Role)))
                continue;
            if (_known.Count > MaxKnown)
                _known.Clear();
            string time = surface.Times.Sentence(state.AsOfNs - party.AgeNs);
            string home = who.HomeCountry is null ? "" : $", home {who.HomeCountry}";
            string hosted = who.HostedIn.Count == 0 ? "" : $", hosted in {string.Join(' ', who.HostedIn)}";
            string host = party.Record.Hosts.Count == 0 ? "" : $", {party.Record.Hosts[0]}";
            surface.Out.WriteLine(DisplayText.Clean(
                $"{time}  {party.DeviceName}  {who.Party}  {PartyTable.RoleText(who)}{home}{hosted}{host}", surface.IsUnicode));
        }
        surface.Out.Flush();
    }
}
