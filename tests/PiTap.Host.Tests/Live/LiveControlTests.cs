using System.Collections;
using PiTap.Analysis;
using PiTap.Host.Live;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Tests.Live;

public sealed class LiveControlTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_the_store_is_written_anew_the_capture_and_its_state_go_on()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = _folder.File("pitap.db") }, TimeProvider.System);
        store.BeginRun(RecordStore.LiveMode, "1");
        LiveBoard board = new(_clock, new LiveHealthLog(_clock, () => new StoreCondition(store.IsWaiting, store.LostRows)));
        ControlQueue commands = new(new ControlLimits());
        Pipeline pipeline = new(new AnalysisOptions());
        LiveLoop loop = new(pipeline, store, board, commands, _clock, TimeSpan.FromSeconds(1), static _ => { });
        using SlowList slow = new();
        // The store has something to do that does not end before the capture has.
        Task<ForgottenRecords> before = store.ForgetAsync("02:00:00:00:00:99", slow);
        LiveControl control = new(commands, pipeline, loop, store, board);
        Task<ForgottenRecords> forgetting = control.ForgetDeviceAsync("02:00:00:00:00:01", cancellation);
        SilentInterface source = new(_clock, () => commands.HasCommands);
        bool isOrderly = await Task.Run(
            () => loop.Run(new LiveSource(source, [source], source.Stop), TimeSpan.FromSeconds(60), cancellation), cancellation)
            .WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        Assert.True(isOrderly);
        Assert.False(forgetting.IsCompleted);
        Assert.InRange(board.Feed.Current.Version, 55, 70);
        slow.Go();
        Assert.Equal(0, (await before).Devices);
        Assert.Equal(0, (await forgetting).Devices);
        store.CompleteRun();
    }

    [Fact]
    public async Task What_the_store_refuses_is_told_as_a_sentence()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ControlQueue commands = new(new ControlLimits());
        Task<int> answer = commands.BeginAsync(static () => Task.FromException<int>(new IOException("The disk is full.")), cancellation);
        commands.RunNext();
        Assert.Equal("The disk is full.", (await Assert.ThrowsAsync<ControlException>(() => answer)).Message);
    }

    /// <summary>Devices that come only when told so.</summary>
    private sealed class SlowList : IReadOnlyList<DeviceRecord>, IDisposable
    {
        private readonly ManualResetEventSlim _goes = new();

        public int Count => 0;

        public DeviceRecord this[int index] => throw new ArgumentOutOfRangeException(nameof(index));

        public void Go() => _goes.Set();

        public IEnumerator<DeviceRecord> GetEnumerator()
        {
            _goes.Wait();
            return Enumerable.Empty<DeviceRecord>().GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => _goes.Dispose();
    }

    /// <summary>Nothing comes, from the first command on.</summary>
    private sealed class SilentInterface(ManualClock clock, Func<bool> begins) : IPacketSource
    {
        private bool _isStopped;

        public string Name => "wlan0";

        public string? Failure => null;

        public void Stop() => _isStopped = true;

        public ReadStatus Read(out CapturedPacket packet)
        {
            packet = default;
            SpinWait.SpinUntil(() => begins() || clock.Elapsed > TimeSpan.Zero, 20_000);
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return _isStopped ? ReadStatus.End : ReadStatus.Idle;
        }

        public SourceCounters Counters() => new() { Source = Name };

        public void Dispose()
        {
        }
    }
}
