using PiTap.Model;

namespace PiTap.Panel.State;

/// <summary>
/// Everything that a display and its lights show at one moment, whatever they look like. Immutable, and made by a pure function: the same
/// capture, view, facts and time give the same state.
/// </summary>
public sealed record PanelState
{
    /// <summary>Parties in <see cref="Live"/>.</summary>
    public const int MaxLive = 8;

    /// <summary>Parties in <see cref="Top"/>.</summary>
    public const int MaxTop = 5;

    /// <summary>How long a party counts as new, nanoseconds.</summary>
    public const long NewForNs = 10 * PacketTime.NanosecondsPerSecond;

    /// <summary>How long after the latest loss the tap counts as losing, nanoseconds.</summary>
    public const long LosingForNs = 5 * PacketTime.NanosecondsPerSecond;

    /// <summary>The moment, nanoseconds since the Unix epoch.</summary>
    public required long NowNs { get; init; }

    /// <summary>What the panel remembers.</summary>
    public required PanelView View { get; init; }

    /// <summary>What the machine says of itself.</summary>
    public required PanelFacts Facts { get; init; }

    /// <summary>All parties, the newest first.</summary>
    public IReadOnlyList<PanelParty> Parties { get; init; } = [];

    /// <summary>
    /// The newest party while it is new, then the busiest, then those that were heard of last; at most <see cref="MaxLive"/>.
    /// </summary>
    public IReadOnlyList<PanelParty> Live { get; init; } = [];

    /// <summary>The parties with most bytes, at most <see cref="MaxTop"/>.</summary>
    public IReadOnlyList<PanelParty> Top { get; init; } = [];

    /// <summary>
    /// How many parties there are, hosts where nobody says who is who. One that a live state has no room for counts once for each device.
    /// </summary>
    public int PartyCount { get; init; }

    /// <summary>Phones and other devices seen.</summary>
    public int Devices { get; init; }

    /// <summary>Bytes a second from all devices.</summary>
    public long UpPerSecond { get; init; }

    /// <summary>Bytes a second to all devices.</summary>
    public long DownPerSecond { get; init; }

    /// <summary>Packets that came and were lost, wherever.</summary>
    public long PacketsLost { get; init; }

    /// <summary>When a packet was last found to be lost, nanoseconds since the Unix epoch; null if none was.</summary>
    public long? LastLossNs { get; init; }

    /// <summary>What does not work, worst first.</summary>
    public IReadOnlyList<PanelFailure> Failures { get; init; } = [];

    /// <summary>Parties that came since the last marker, or since the session began.</summary>
    public int NewSinceMarker { get; init; }

    /// <summary>True while packets are being lost.</summary>
    public bool IsLosing => LastLossNs is long last && NowNs - last < LosingForNs;

    /// <summary>True if a first packet has come.</summary>
    public bool HasTraffic => Parties.Count > 0;

    /// <summary>The alert that is to be read now; null if there is none, or it was there long enough.</summary>
    public PanelAlert? Alert => View.Alert is { } alert && NowNs - alert.ShownNs < PanelAlert.ShownForNs ? alert : null;

    /// <summary>The page that is shown: an alert comes before the page that was turned to.</summary>
    public PanelPage Page => Alert is null ? View.Page : PanelPage.Alert;

    /// <summary>True if a party was first seen a moment ago.</summary>
    public bool IsNew(PanelParty party)
    {
        ArgumentNullException.ThrowIfNull(party);
        return NowNs - party.FirstNs < NewForNs;
    }

    /// <summary>What is to be shown of a capture.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="view">What the panel remembers.</param>
    /// <param name="facts">What the machine says.</param>
    /// <param name="nowNs">The moment, nanoseconds since the Unix epoch.</param>
    /// <param name="before">The state before this one, by which a loss is seen to be new; null for the first.</param>
    public static PanelState From(LiveState capture, PanelView view, PanelFacts facts, long nowNs, PanelState? before = null)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(facts);
        IReadOnlyList<PanelParty> parties = PanelParty.Of(capture);
        long lost = LostBy(capture);
        long sinceNs = view.LastMarker?.TimeNs ?? view.SessionStartedNs;
        return new PanelState
        {
            NowNs = nowNs,
            View = view,
            Facts = facts,
            Parties = parties,
            Live = LiveOf(parties, nowNs),
            Top = [.. parties.OrderByDescending(static party => party.Bytes).Take(MaxTop)],
            PartyCount = parties.Count + Math.Max(0, capture.Parties.Count > 0
                ? capture.Totals.Parties - capture.Parties.Count
                : capture.Totals.Contacts - capture.Contacts.Count),
            Devices = Math.Max(capture.Totals.Devices, capture.Devices.Count),
            UpPerSecond = capture.Totals.UpPerSecond,
            DownPerSecond = capture.Totals.DownPerSecond,
            PacketsLost = lost,
            LastLossNs = lost > (before?.PacketsLost ?? 0) ? nowNs : before?.LastLossNs,
            Failures = PanelFailure.Of(capture, facts, lost),
            NewSinceMarker = view.Session is null ? 0 : parties.Count(party => party.FirstNs >= sinceNs),
        };
    }

    private static IReadOnlyList<PanelParty> LiveOf(IReadOnlyList<PanelParty> parties, long nowNs)
    {
        IEnumerable<PanelParty> newest = parties.Take(1).Where(party => nowNs - party.FirstNs < NewForNs);
        IEnumerable<PanelParty> busiest = parties.OrderByDescending(static party => party.BytesPerSecond)
            .ThenByDescending(static party => party.LastNs).ThenBy(static party => party.Name, StringComparer.Ordinal);
        return [.. newest.Concat(busiest).Distinct().Take(MaxLive)];
    }

    private static long LostBy(LiveState capture) =>
        capture.Sources.Sum(static source => source.DroppedByKernel + source.DroppedByInterface + source.DroppedByRing);
}
