using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>
/// What a live capture says while it runs: on a terminal a picture of the live state, elsewhere lines for what changes. It reads states
/// on a
/// thread of its own: a terminal that is slow or stopped delays nothing.
/// </summary>
internal sealed class LiveStatus(Surface surface)
{
    private const string EraseBelow = "\r\u001b[J";
    private const string LineUp = "\u001b[1A";

    // A line that is wider than it looks must not become two: the way back up counts lines.
    private const string NoWrap = "\u001b[?7l";
    private const string Wrap = "\u001b[?7h";

    private readonly Lock _screen = new();
    private readonly Dictionary<string, SourceCounters> _sources = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _shown = [];

    /// <summary>Shows each state until there are no more; what was drawn is gone then.</summary>
    public async Task ShowAsync(ILiveStateReader states, CancellationToken stop)
    {
        await foreach (LiveState state in states.WatchAsync(stop).ConfigureAwait(false))
            Show(state);
        lock (_screen)
            Erase();
    }

    /// <summary>Shows a state.</summary>
    public void Show(LiveState state)
    {
        foreach (SourceCounters source in state.Sources)
            Compare(source);
        if (!surface.CanDraw)
            return;
        lock (_screen)
            Draw(LivePicture.Lines(state, surface.Width, surface.Height, surface.IsUnicode));
    }

    /// <summary>A line of its own, above the picture. From any thread: capture and store have news too.</summary>
    public void Line(string message)
    {
        lock (_screen)
        {
            IReadOnlyList<string> shown = _shown;
            Erase();
            surface.Say(message);
            if (shown.Count > 0)
                Draw(shown);
        }
    }

    private void Draw(IReadOnlyList<string> lines)
    {
        surface.Error.Write(Back() + NoWrap + string.Join('\n', lines) + Wrap);
        _shown = lines;
    }

    private void Erase()
    {
        surface.Error.Write(Back());
        _shown = [];
    }

    private string Back() => _shown.Count == 0 ? "" : string.Concat(Enumerable.Repeat(LineUp, _shown.Count - 1)) + EraseBelow;

    private void Compare(SourceCounters now)
    {
        long before = _sources.TryGetValue(now.Source, out SourceCounters? known) ? LossText.Dropped(known) : 0;
        _sources[now.Source] = now;
        if (before == 0 && LossText.Dropped(now) > 0)
            Line($"{now.Source} loses packets: {Numbers.Count(LossText.Dropped(now))} so far; 'pitap stats' keeps count.");
    }
}
