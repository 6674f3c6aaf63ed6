using System.Globalization;
using PiTap.Model;
using Spectre.Console;

namespace PiTap.Host.Output;

/// <summary>
/// What a live capture says while it runs: on a terminal a picture of the live state, elsewhere lines for what changes. A thread of its own
/// prints: whoever has something to say hands it over and goes on, however slow the terminal is, stopped or gone. Bounded: of states the
/// newest is shown, and lines beyond <see cref="MaxLines"/> are counted.
/// </summary>
internal sealed class LiveStatus : IDisposable
{
    /// <summary>Lines that are pending for the terminal.</summary>
    public const int MaxLines = 256;

    /// <summary>How long the end waits for a terminal to take what is pending.</summary>
    private static readonly TimeSpan s_endWithin = TimeSpan.FromSeconds(2);

    private readonly Surface _surface;
    private readonly Thread _printer;
    private readonly Dictionary<string, SourceCounters> _sources = new(StringComparer.Ordinal);

    /// <summary>Held for moments, and never while something is printed.</summary>
    private readonly object _gate = new();
    private readonly Queue<string> _lines = new();
    private LiveState? _newest;
    private IAnsiConsole? _console;

    /// <summary>The terminal's when the picture was begun.</summary>
    private (int Width, int Height) _size;

    /// <summary>The most that was drawn since.</summary>
    private (int Width, int Lines) _drawn;
    private long _dropped;
    private bool _isEnding;

    public LiveStatus(Surface surface)
    {
        _surface = surface;
        _printer = new Thread(Print) { Name = "live-status", IsBackground = true };
        _printer.Start();
    }

    /// <summary>Shows each state until there are no more.</summary>
    public async Task ShowAsync(ILiveStateReader states, CancellationToken stop)
    {
        await foreach (LiveState state in states.WatchAsync(stop).ConfigureAwait(false))
            Show(state);
    }

    /// <summary>Shows a state, unless a newer one comes before it is its turn.</summary>
    public void Show(LiveState state)
    {
        foreach (SourceCounters source in state.Sources)
            Compare(source);
        if (!_surface.CanDraw)
            return;
        lock (_gate)
        {
            _newest = state;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>A line of its own, above the picture. From any thread, none of which waits: capture and store have news too.</summary>
    public void Line(string message)
    {
        lock (_gate)
        {
            if (_isEnding || _lines.Count == MaxLines)
                _dropped++;
            else
                _lines.Enqueue(message);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Prints what is pending, as far as the terminal takes it in time. What was drawn is gone then.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }
        _printer.Join(s_endWithin);
    }

    private void Print()
    {
        try
        {
            if (_surface.CanDraw)
                Draw();
            else
                PrintAll(null);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The terminal is gone. The capture goes on without: health and notices are in the live state.
        }
        catch (Exception failure)
        {
            // Whatever cannot be drawn is no reason to end a capture.
            _console = null;
            _surface.Say("The picture cannot be drawn any more, what is new is told in lines: "
                + $"{failure.GetType().Name}: {failure.Message}");
            PrintAll(null);
        }
    }

    /// <summary>Prints what comes until the end, or until what was drawn has to be drawn anew. True at the end.</summary>
    private bool PrintAll(LiveDisplayContext? picture)
    {
        while (true)
        {
            WaitForNews();
            if (picture is not null && _size != (_surface.Width, _surface.Height))
            {
                Erase(picture);
                return false;
            }
            if (!PrintNext(picture))
                return true;
        }
    }

    private void WaitForNews()
    {
        lock (_gate)
        {
            while (_lines.Count == 0 && _newest is null && _dropped == 0 && !_isEnding)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>What has come since the last time; false once nothing more will.</summary>
    private bool PrintNext(LiveDisplayContext? picture)
    {
        string[] lines;
        LiveState? state;
        long dropped;
        lock (_gate)
        {
            (lines, state, dropped) = ([.. _lines], _newest, _dropped);
            (_newest, _dropped) = (null, 0);
            _lines.Clear();
        }
        bool isEnd = lines.Length == 0 && state is null && dropped == 0;
        foreach (string line in lines)
            Say(line);
        if (dropped > 0)
            Say($"{Numbers.Count(dropped)} further messages were left out, as the terminal took none.");
        if (state is not null && picture is not null)
        {
            IReadOnlyList<string> drawn = LivePicture.Lines(state, _size.Width, _size.Height, _surface.IsUnicode);
            // Spectre.Console fills all up to the most that there ever was.
            _drawn = (Math.Max(_drawn.Width, drawn.Max(DisplayText.Width)), Math.Max(_drawn.Lines, drawn.Count));
            picture.UpdateTarget(new Text(string.Join('\n', drawn)));
            // Terminals that break lines anew do not agree on where that leaves a cursor behind the end of one.
            _surface.Error.Write('\r');
        }
        return !isEnd;
    }

    /// <summary>
    /// A picture that is drawn over, and gone in the end. What is said goes above it. A terminal of another size gets another.
    /// </summary>
    private void Draw()
    {
        bool isEnd = false;
        while (!isEnd)
        {
            _size = (_surface.Width, _surface.Height);
            _drawn = (0, 1);
            _console = SpectreTerminal.Console(_surface);
            isEnd = _console.Live(new Text("")).AutoClear(true).Overflow(VerticalOverflow.Crop).Start(PrintAll);
        }
    }

    /// <summary>
    /// Erases the picture of a terminal that has another size now. A narrower one has broken its lines into more, which Spectre.Console
    /// does not know: it would leave the first ones for good.
    /// </summary>
    private void Erase(LiveDisplayContext picture)
    {
        int rowsEach = Math.Max(1, (_drawn.Width + _surface.Width - 1) / _surface.Width);
        int down = _drawn.Lines - 1, up = down * rowsEach;
        // Back to where Spectre.Console believes to be: below the picture as it drew it.
        _surface.Error.Write(string.Create(CultureInfo.InvariantCulture,
            $"\r{(up > 0 ? $"\u001b[{up}A" : "")}\u001b[J{(down > 0 ? $"\u001b[{down}B" : "")}"));
        picture.UpdateTarget(null);
    }

    private void Say(string line)
    {
        if (_console is null)
            _surface.Say(line);
        else
            _console.Write(new LineAbove(_surface.Message(line)));
    }

    private void Compare(SourceCounters now)
    {
        long before = _sources.TryGetValue(now.Source, out SourceCounters? known) ? LossText.Dropped(known) : 0;
        _sources[now.Source] = now;
        if (before == 0 && LossText.Dropped(now) > 0)
            Line($"{now.Source} loses packets: {Numbers.Count(LossText.Dropped(now))} so far; 'pitap stats' keeps count.");
    }
}
