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

    /// <summary>
    /// Cells that stay free at the right: there the terminal echoes Ctrl-C as <c>^C</c>, and on a line of its own that would move the
    /// picture, of which the first line would then stay.
    /// </summary>
    private const int EchoCells = 3;

    private const int Indent = 2;
    private const int Gap = 2;
    private const int MinPartyCells = 20;
    private const int MaxPartyCells = 40;
    private const int RoleCells = 11;
    private const int RateCells = 10;
    private const int BriefRateCells = 7;

    /// <summary>Below this width rates are short ones: the name of a party is worth more.</summary>
    private const int MinWholeRateWidth = 100;

    private const int HomeCells = 4;
    private const int HostedCells = 8;
    private const int MinDeviceCells = 10;
    private const int MaxDeviceCells = 20;
    private const int MinHostCells = 24;
    private const int MaxHostCells = 60;

    /// <summary>Cells that the parts of a row take; none for a part that has no room.</summary>
    private readonly record struct Widths(int Device, int Party, int Role, int Home, int Hosted, int Rate, int Host);

    /// <summary>At most as many lines as the terminal has, each cut to its width.</summary>
    public static IReadOnlyList<string> Lines(LiveState state, int width, int height, bool isUnicode = true)
    {
        List<string> lines = [Counters(state, width - EchoCells, isUnicode)];
        int rows = Math.Min(MaxRows, (height - OtherLines) / 2);
        // Every phone has these, at every moment.
        state = state with { Parties = [.. state.Parties.Where(static party => !party.Record.Attribution.IsSignalling)] };
        if (rows > 0 && state.Parties.Count > 0)
        {
            bool isOneDevice = state.Parties.Select(static party => party.Record.Device).Distinct().Take(2).Count() == 1;
            Widths widths = Fit(width - EchoCells - Indent, isOneDevice, width < MinWholeRateWidth ? BriefRateCells : RateCells,
                Widest(state, static party => party.DeviceName), Widest(state, static party => party.Record.Attribution.Party));
            Add(lines, "Newest", state.NewestParties(rows), widths, isUnicode);
            Add(lines, "Busiest", state.BusiestParties(rows), widths, isUnicode);
        }
        return [.. lines.Select(line => DisplayText.CutRight(line, width - EchoCells, isUnicode))];
    }

    /// <summary>The counters, of which some go where there is no room: what was lost stays.</summary>
    private static string Counters(LiveState state, int width, bool isUnicode)
    {
        long packets = state.Sources.Sum(static source => source.Received);
        string elapsed = Duration.Format(state.UptimeNs / PacketTime.NanosecondsPerSecond * PacketTime.NanosecondsPerSecond);
        string sources = string.Join('+', state.Sources.Select(static source => source.Source));
        List<string> parts =
        [
            elapsed, Numbers.Of(packets, "packet"), Numbers.Of(state.Totals.Devices, "device"),
            Numbers.Of(state.Totals.FlowsActive, "flow") + " active", Numbers.Count(state.Sources.Sum(LossText.Dropped)) + " lost",
        ];
        if (sources.Length > 0)
            parts.Insert(1, sources);
        string line;
        do
        {
            line = DisplayText.Clean(string.Join("  ", parts), isUnicode);
            parts.RemoveAt(Math.Max(0, parts.Count - 2));
        }
        while (DisplayText.Width(line) > width && parts.Count > 1);
        return line;
    }

    private static int Widest(LiveState state, Func<LiveParty, string> text) =>
        state.Parties.Max(party => DisplayText.Width(DisplayText.Clean(text(party), isUnicode: true)));

    /// <summary>What is most worth knowing first: party, role, of several devices which, rate, countries, host.</summary>
    private static Widths Fit(int room, bool isOneDevice, int rateCells, int deviceWish, int partyWish)
    {
        partyWish = Math.Clamp(partyWish, MinPartyCells, MaxPartyCells);
        int Take(int cells, int least = MinPartyCells)
        {
            if (room - Gap - cells < least)
                return 0;
            room -= Gap + cells;
            return cells;
        }

        int role = Take(RoleCells);
        int device = isOneDevice ? 0 : Take(MinDeviceCells);
        int rate = Take(rateCells);
        int hosted = Take(HostedCells);
        int home = hosted > 0 ? Take(HomeCells) : 0;
        int host = home == 0 ? 0 : Take(MinHostCells, partyWish);
        int party = Math.Min(partyWish, room);
        room -= party;
        int more = device == 0 ? 0 : Math.Min(room, Math.Clamp(deviceWish, device, MaxDeviceCells) - device);
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
                Rate(party.BytesPerSecond, widths.Rate), party.Record.Hosts is [string host, ..] ? host : ""));
        }
    }

    private static string Rate(long bytesPerSecond, int cells)
    {
        Cell size = Numbers.SizeCell(bytesPerSecond);
        return (cells < RateCells ? size.Brief ?? size.Full : size.Full) + "/s";
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
