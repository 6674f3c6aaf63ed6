using System.Globalization;
using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>
/// A live state as lines of a terminal: the counters, then which parties are new and which are busiest. Right from 60 cells on; below, what
/// stands beside the party goes, part by part.
/// </summary>
internal static class LivePicture
{
    /// <summary>Parties in each of the two groups.</summary>
    private const int MaxRows = 8;

    /// <summary>Lines that are no parties: the counters, two headings, and one that stays free for what comes after.</summary>
    private const int OtherLines = 4;

    private const int Indent = 2;
    private const int Gap = 2;
    private const int MinPartyCells = 20;
    private const int MaxPartyCells = 40;
    private const int RoleCells = 11;
    private const int RateCells = 12;
    private const int HomeCells = 4;
    private const int HostedCells = 9;
    private const int MinDeviceCells = 10;
    private const int MaxDeviceCells = 20;
    private const int MinHostCells = 24;
    private const int MaxHostCells = 60;

    /// <summary>Cells that the parts of a row take; none for a part that has no room.</summary>
    private readonly record struct Widths(int Device, int Party, int Role, int Home, int Hosted, int Rate, int Host);

    /// <summary>At most as many lines as the terminal has, each cut to its width.</summary>
    public static IReadOnlyList<string> Lines(LiveState state, int width, int height, bool isUnicode = true)
    {
        List<string> lines = [Counters(state, isUnicode)];
        int rows = Math.Min(MaxRows, (height - OtherLines) / 2);
        // Every phone has these, at every moment.
        state = state with { Parties = [.. state.Parties.Where(static party => !party.Record.Attribution.IsSignalling)] };
        if (rows > 0 && state.Parties.Count > 0)
        {
            bool isOneDevice = state.Parties.Select(static party => party.Record.Device).Distinct().Take(2).Count() == 1;
            Widths widths = Fit(width - 1 - Indent, isOneDevice);
            Add(lines, "Newest", state.NewestParties(rows), widths, isUnicode);
            Add(lines, "Busiest", state.BusiestParties(rows), widths, isUnicode);
        }
        return [.. lines.Select(line => DisplayText.CutRight(line, width - 1, isUnicode))];
    }

    /// <summary>The counters alone.</summary>
    public static string Counters(LiveState state, bool isUnicode = true)
    {
        long packets = state.Sources.Sum(static source => source.Received);
        string elapsed = Duration.Format(state.UptimeNs / PacketTime.NanosecondsPerSecond * PacketTime.NanosecondsPerSecond);
        string sources = string.Join('+', state.Sources.Select(static source => source.Source));
        return DisplayText.Clean(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed}  {sources}  {packets:N0} packets  {state.Totals.Devices:N0} devices  "
            + $"{state.Totals.FlowsActive:N0} flows active  {state.Sources.Sum(LossText.Dropped):N0} lost"), isUnicode);
    }

    /// <summary>What is most worth knowing first: party, role, of several devices which, rate, countries, host.</summary>
    private static Widths Fit(int room, bool isOneDevice)
    {
        int Take(int cells)
        {
            if (room - Gap - cells < MinPartyCells)
                return 0;
            room -= Gap + cells;
            return cells;
        }

        int role = Take(RoleCells);
        int device = isOneDevice ? 0 : Take(MinDeviceCells);
        int rate = Take(RateCells);
        int hosted = Take(HostedCells);
        int home = hosted > 0 ? Take(HomeCells) : 0;
        int host = home == 0 ? 0 : Take(MinHostCells);
        int party = Math.Min(MaxPartyCells, room);
        room -= party;
        int more = device == 0 ? 0 : Math.Min(room, MaxDeviceCells - device);
        return new Widths(device + more, party, role, home, hosted, rate, host == 0 ? 0 : Math.Min(MaxHostCells, host + room - more));
    }

    private static void Add(List<string> lines, string heading, IReadOnlyList<LiveParty> parties, Widths widths, bool isUnicode)
    {
        string partyHeading = widths.Device > 0 ? "Party" : heading;
        lines.Add(Row("", widths, isUnicode, widths.Device > 0 ? heading : "", partyHeading, "Role", "Home", "Hosted", "Rate", "Host"));
        foreach (LiveParty party in parties)
        {
            PartyAttribution who = party.Record.Attribution;
            lines.Add(Row(new string(' ', Indent), widths, isUnicode, party.DeviceName, who.Party, Role(who), who.HomeCountry ?? "-",
                who.HostedIn.Count == 0 ? "-" : string.Join(' ', who.HostedIn),
                ByteSize.Format(party.BytesPerSecond) + "/s", party.Record.Hosts is [string host, ..] ? host : ""));
        }
    }

    private static string Row(
        string indent, Widths widths, bool isUnicode, string device, string party, string role, string home, string hosted, string rate,
        string host)
    {
        List<string> cells = [];
        int first = indent.Length == 0 ? Indent : 0;
        if (widths.Device > 0)
            cells.Add(FitLeft(device, widths.Device + first, isUnicode));
        // Of a network the end says whose it is, of all else the beginning.
        int partyCells = widths.Party + (widths.Device > 0 ? 0 : first);
        bool isNetwork = party.StartsWith(PartyAttribution.InNetwork, StringComparison.Ordinal);
        cells.Add(isNetwork ? FitLeft(party, partyCells, isUnicode) : FitRight(party, partyCells, isUnicode));
        if (widths.Role > 0)
            cells.Add(FitRight(role, widths.Role, isUnicode));
        if (widths.Home > 0)
            cells.Add(FitRight(home, widths.Home, isUnicode));
        if (widths.Hosted > 0)
            cells.Add(FitRight(hosted, widths.Hosted, isUnicode));
        if (widths.Rate > 0)
            cells.Add(rate.PadLeft(widths.Rate));
        if (widths.Host > 0)
            cells.Add(FitLeft(host, widths.Host, isUnicode));
        return indent + string.Join(new string(' ', Gap), cells).TrimEnd();
    }

    /// <summary>In so few cells that they fit: what an app's profile says comes before what everybody's does.</summary>
    private static string Role(PartyAttribution who) => (who.IsDeclared, who.Role) switch
    {
        (false, _) => "undeclared",
        (true, _) => "declared",
        (_, PartyRole.Infrastructure) => "infra",
        _ => who.Role.Text().Replace('-', ' '),
    };

    private static string FitLeft(string text, int cells, bool isUnicode) =>
        DisplayText.PadRight(DisplayText.CutLeft(DisplayText.Clean(text, isUnicode), cells, isUnicode), cells);

    private static string FitRight(string text, int cells, bool isUnicode) =>
        DisplayText.PadRight(DisplayText.CutRight(DisplayText.Clean(text, isUnicode), cells, isUnicode), cells);
}
