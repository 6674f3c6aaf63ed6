using PiTap.Model;
using PiTap.Panel.Boards;
using PiTap.Panel.Buttons;
using PiTap.Panel.Lights;
using PiTap.Panel.State;

namespace PiTap.Panel.Running;

/// <summary>
/// A board that shows a running capture, on a thread of its own: capture and analysis never wait for it. What a button does to the panel
/// itself is done here; what it does to the tap is handed on.
/// </summary>
public sealed class PanelRunner : IDisposable
{
    /// <summary>What <c>--panel</c> calls a board that is to be found.</summary>
    public const string Auto = "auto";

    /// <summary>From one step to the next: the shortest flash of a light takes longer.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    private readonly PanelBoard _board;
    private readonly PanelDriver _driver;
    private readonly TimeProvider _clock;
    private PanelView _view = new();
    private LiveState _capture = new();

    private PanelRunner(PanelBoard board, string found, LightOptions options, TimeProvider clock)
    {
        (_board, _clock, Found) = (board, clock, found);
        _driver = new PanelDriver(board, options);
    }

    /// <summary>Which board it is, in a sentence.</summary>
    public string Found { get; }

    /// <summary>What is wired and not there, a sentence each.</summary>
    public IReadOnlyList<string> Missing => _board.Missing;

    /// <summary>Failures of the board's buses so far.</summary>
    public long Failures => _driver.Failures;

    /// <summary>What the panel remembers now.</summary>
    public PanelView View => Volatile.Read(ref _view);

    /// <summary>Opens a board of this machine as far as it is there.</summary>
    /// <param name="board">What it is called, a file of one's own, or <see cref="Auto"/>.</param>
    /// <param name="options">How its lights are used.</param>
    /// <param name="clock">The clock that the capture goes by, too.</param>
    /// <exception cref="BoardProfileException">There is no such board, or its file is wrong: the tap goes on without.</exception>
    public static PanelRunner Open(string board, LightOptions options, TimeProvider clock) =>
        Open(board, LinuxBuses.OfThisMachine(), options, clock);

    internal static PanelRunner Open(string board, IBoardBuses buses, LightOptions options, TimeProvider clock)
    {
        (string id, string found) = board == Auto ? BoardProbe.Find(buses) : (board, "");
        BoardProfile profile = BoardProfiles.Read(id);
        using ManualResetEventSlim never = new();
        return new PanelRunner(PanelBoard.Open(profile, buses, time => never.Wait(time)), found.Length > 0 ? found : profile.Title, options,
            clock);
    }

    /// <summary>Changes what the panel remembers, from any thread: a marker was set by a command, a finding was made.</summary>
    public void Update(Func<PanelView, PanelView> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        PanelView before, seen = View;
        do
        {
            before = seen;
            seen = Interlocked.CompareExchange(ref _view, change(before), before);
        }
        while (seen != before);
    }

    /// <summary>Shows the capture until it ends or the caller has enough. Call it once.</summary>
    /// <param name="live">The capture.</param>
    /// <param name="facts">What the machine says of itself; asked for at each step, so it should be at hand.</param>
    /// <param name="obey">What a button wants of the tap: marker, session, shutdown. Called on the panel's thread; it may not wait.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(ILiveStateReader live, Func<PanelFacts> facts, Action<ButtonCommand> obey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(live);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(obey);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task shown = Task.Factory.StartNew(
            () => Show(facts, obey, ending.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await foreach (LiveState state in live.WatchAsync(cancellation).ConfigureAwait(false))
                Volatile.Write(ref _capture, state);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The caller has enough: that is how it ends.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await shown.ConfigureAwait(false);
        }
    }

    public void Dispose() => _board.Dispose();

    private void Show(Func<PanelFacts> facts, Action<ButtonCommand> obey, CancellationToken cancellation)
    {
        do
        {
            long nowNs = PacketTime.FromDateTimeOffset(_clock.GetUtcNow());
            foreach (ButtonCommand command in _driver.Step(Volatile.Read(ref _capture), View, facts(), nowNs))
            {
                Update(view => ViewCommands.Apply(view, command, nowNs));
                if (command is not (ButtonCommand.Page or ButtonCommand.Acknowledge))
                    obey(command);
            }
        }
        while (!cancellation.WaitHandle.WaitOne(s_step));
    }
}
