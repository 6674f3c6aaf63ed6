using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>Turns batches into states and publishes those that say something new. Belongs to the analysis thread.</summary>
/// <param name="clock">Ages and rates go by it.</param>
/// <param name="health">Whether everything works.</param>
/// <param name="who">Says who a contact is; null tells of no parties.</param>
internal sealed class LiveBoard(TimeProvider clock, LiveHealthLog health, Func<ContactRecord, ContactRecord>? who = null)
{
    /// <summary>Between two states, but for something new.</summary>
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(140);

    /// <summary>Between two states even if something is new in each: readers have to show them.</summary>
    private static readonly TimeSpan s_everyNew = TimeSpan.FromMilliseconds(40);

    /// <summary>A state is this old at most, so that a silent network can be told from a daemon that hangs.</summary>
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(1);

    private readonly LiveFold _fold = new(who);
    private readonly long _started = clock.GetTimestamp();
    private readonly long _startedNs = PacketTime.FromDateTimeOffset(clock.GetUtcNow());
    private long _published = clock.GetTimestamp();
    private long _version;
    private int _flowsActive;
    private FoldOutcome _due;

    /// <summary>Where the states are read.</summary>
    public LiveFeed Feed { get; } = new();

    public LiveHealthLog Health => health;

    /// <summary>Takes a batch in. True if a contact or a device is in it that was not there.</summary>
    public bool Take(RecordBatch batch)
    {
        FoldOutcome outcome = _fold.Fold(batch, NowNs);
        LiveTotals before = Feed.Current.Totals;
        if (outcome > _due)
            _due = outcome;
        else if (_due == FoldOutcome.Same && before.UpPerSecond + before.DownPerSecond > 0)
            _due = FoldOutcome.Changed;
        TimeSpan age = clock.GetElapsedTime(_published);
        if (age >= (_due == FoldOutcome.New ? s_everyNew : _due == FoldOutcome.Changed ? s_every : s_maxAge))
            Publish();
        return outcome == FoldOutcome.New;
    }

    /// <summary>Notes how many flows moved in the last half second.</summary>
    public void NoteActiveFlows(int flows) => _flowsActive = flows;

    /// <summary>The first state, before anybody can ask for one: nothing yet, but of now.</summary>
    public void Begin() => Publish();

    /// <summary>Nothing of the device is in the next state, which comes at once.</summary>
    public void Forget(DeviceTraces traces)
    {
        _fold.Forget(traces);
        Publish();
    }

    /// <summary>The last state.</summary>
    public void End()
    {
        Publish();
        Feed.End();
    }

    private long NowNs => (long)clock.GetElapsedTime(_started).TotalNanoseconds;

    private void Publish()
    {
        _published = clock.GetTimestamp();
        _due = FoldOutcome.Same;
        long nowNs = NowNs;
        LiveState state = _fold.ToState(nowNs);
        Feed.Publish(state with
        {
            Version = ++_version,
            AsOfNs = _startedNs + nowNs,
            Totals = state.Totals with { FlowsActive = _flowsActive },
            Health = health.ToRecord(),
        });
    }
}
