namespace PiTap.Panel.State;

/// <summary>A marker that was set: when, and what it is called.</summary>
/// <param name="TimeNs">When, nanoseconds since the Unix epoch.</param>
/// <param name="Text">What it is called, for example <c>joined the room</c>; empty for a press of the button.</param>
public sealed record PanelMarker(long TimeNs, string Text);

/// <summary>A finding or a failure, to be read by whoever stands there.</summary>
/// <param name="Code">What it is called where somebody looks it up, for example <c>F-READABLE</c>.</param>
/// <param name="Sentence">One sentence.</param>
/// <param name="ShownNs">When it was first shown, nanoseconds since the Unix epoch.</param>
/// <param name="IsFinding">True for a finding, false for a failure of the tap's own.</param>
public sealed record PanelAlert(string Code, string Sentence, long ShownNs, bool IsFinding = true)
{
    /// <summary>How long it stays unless somebody acknowledges it, nanoseconds.</summary>
    public const long ShownForNs = 30L * 1_000_000_000;
}

/// <summary>
/// What the panel itself remembers between two frames: the page, the session, its markers, the alert. Immutable; each press of a button
/// makes a new one.
/// </summary>
public sealed record PanelView
{
    /// <summary>The page that was turned to.</summary>
    public PanelPage Page { get; init; } = PanelPage.Live;

    /// <summary>The session's name; null while there is none.</summary>
    public string? Session { get; init; }

    /// <summary>When it began, nanoseconds since the Unix epoch.</summary>
    public long SessionStartedNs { get; init; }

    /// <summary>Markers set in it.</summary>
    public int Markers { get; init; }

    /// <summary>The latest of them; null if there is none.</summary>
    public PanelMarker? LastMarker { get; init; }

    /// <summary>What is to be read before anything else; null if nothing is.</summary>
    public PanelAlert? Alert { get; init; }

    /// <summary>True if a finding was made since the last acknowledgement: the light for it stays on.</summary>
    public bool IsFindingLatched { get; init; }

    /// <summary>True at night: little light, and only what matters.</summary>
    public bool IsNight { get; init; }

    /// <summary>The next page.</summary>
    public PanelView Turn() => this with { Page = Page >= PanelPage.Health ? PanelPage.Join : Page + 1 };

    /// <summary>With a marker more.</summary>
    public PanelView Mark(PanelMarker marker) => this with { Markers = Markers + 1, LastMarker = marker };

    /// <summary>With a session that has just begun, shown at once.</summary>
    public PanelView StartSession(string name, long nowNs) =>
        this with { Session = name, SessionStartedNs = nowNs, Markers = 0, LastMarker = null, Page = PanelPage.Session };

    /// <summary>Without a session.</summary>
    public PanelView StopSession() => this with { Session = null, SessionStartedNs = 0, Markers = 0, LastMarker = null };

    /// <summary>With something to be read first.</summary>
    public PanelView Show(PanelAlert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return this with { Alert = alert, IsFindingLatched = IsFindingLatched || alert.IsFinding };
    }

    /// <summary>Somebody read it.</summary>
    public PanelView Acknowledge() => this with { Alert = null, IsFindingLatched = false };
}
