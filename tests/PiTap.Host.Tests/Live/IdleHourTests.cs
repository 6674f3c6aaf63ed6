using PiTap.Analysis;
using PiTap.Host.Live;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Tests.Live;

/// <summary>What a quiet network costs a card.</summary>
public sealed class IdleHourTests : IDisposable
{
    private const int Seconds = 3_600;
    private const long MostBytes = 20_000_000;

    private readonly TestFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_hour_of_one_ping_a_second_writes_at_most_20_MB()
    {
        string db = _folder.File("idle.db");
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = db }, _clock);
        store.BeginRun(RecordStore.LiveMode, "1");
        CountingSink sink = new(store, db);
        LiveHealthLog health = new(_clock, static () => default);
        using FakeInterface pings = new(_clock, static i => i % 2 == 0 ? Pings.Request(i / 2) : Pings.Answer(i / 2), 2 * Seconds)
        {
            DueAt = static i => TimeSpan.FromSeconds(i / 2),
        };
        LiveLoop loop = new(new Pipeline(new AnalysisOptions()), sink, new LiveBoard(_clock, health), new ControlQueue(new ControlLimits()),
            _clock, TimeSpan.FromSeconds(15), static _ => { });
        LiveSource source = new(pings, [pings], pings.Stop);
        Assert.True(loop.Run(source, TimeSpan.FromSeconds(Seconds), TestContext.Current.CancellationToken));
        Assert.True(store.CompleteRun().IsWhole);
        sink.Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"{sink.Commits} commits, {sink.Bytes} bytes.");
        Assert.InRange(sink.Bytes, 1, MostBytes);
        using IStoreReader reader = store.CreateReader();
        Assert.Equal(2 * Seconds, Assert.Single(reader.Runs()).Sources.Sum(static counters => counters.Kept));
        Assert.Equal(2 * Seconds, Assert.Single(reader.Flows(StoreQuery.All).ToArray().GroupBy(static flow => flow.Server)
            .Select(static flows => flows.Sum(static flow => flow.PacketsUp + flow.PacketsDown))));
    }

    /// <summary>Has each batch on the disk before the next one comes, and counts what was written for it.</summary>
    private sealed class CountingSink(RecordStore store, string db) : IRecordSink
    {
        private readonly string _log = Path.Combine(Path.GetDirectoryName(db)!, Path.GetFileNameWithoutExtension(db) + "-log.db");
        private long _logBytes;

        public int Commits { get; private set; }

        public long Bytes { get; private set; }

        public void Write(RecordBatch batch)
        {
            store.Write(batch);
            Assert.True(store.Flush());
            Commits++;
            Count();
        }

        /// <summary>
        /// All that is written is appended to the log. A log that has become shorter was brought into the file in between, which writes no
        /// more than was in it.
        /// </summary>
        public void Count()
        {
            long bytes = File.Exists(_log) ? new FileInfo(_log).Length : 0;
            Bytes += bytes >= _logBytes ? bytes - _logBytes : _logBytes + bytes;
            _logBytes = bytes;
        }
    }
}
