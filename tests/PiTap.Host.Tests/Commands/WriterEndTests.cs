using System.Net;
using System.Net.Sockets;
using PiTap.Host.Machine;

namespace PiTap.Host.Tests.Commands;

/// <summary>A mistake of the program's ends the store's writer in the middle of a capture.</summary>
public sealed class WriterEndTests : IDisposable
{
    private const int Port = 9_999;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_capture_ends_with_1_and_the_sentence_and_the_store_can_be_read_and_written()
    {
        Assert.SkipUnless(MachineProbe.HasNetRaw(File.ReadLines("/proc/self/status")), "needs CAP_NET_RAW");
        string db = _folder.File("pitap.db");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using BreakingClock clock = new();
        using TestSurface test = new(clock: clock);
        Task<int> live = Task.Run(() => test.Run("live", "-i", "lo", "--filter", $"udp port {Port}", "--db", db), cancellation);
        await clock.WaitForWriter(cancellation);
        Assert.True(SpinWait.SpinUntil(() => test.HasError, TimeSpan.FromSeconds(60)));
        clock.Break();
        using UdpClient client = new();
        while (!live.IsCompleted)
        {
            await client.SendAsync("packet"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, Port), cancellation);
            await Task.WhenAny(live, Task.Delay(50, cancellation));
        }
        Assert.Equal(1, await live);
        Assert.Contains($"The store {db} is no longer written: the clock broke", test.Error, StringComparison.Ordinal);
        Assert.EndsWith("pitap: The store's writer has stopped: the clock broke\n", test.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Ended normally", test.Error, StringComparison.Ordinal);
        using TestSurface read = new();
        Assert.Equal(0, read.Run("flows", "--db", db));
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 1);
        using TestSurface replay = new();
        Assert.Equal(0, replay.Run("replay", "--db", db, _folder.File("a.pcapng")));
        Assert.DoesNotContain("damage", replay.Error, StringComparison.Ordinal);
    }

    /// <summary>Once it was told to, it breaks for the store's writer.</summary>
    private sealed class BreakingClock : TimeProvider, IDisposable
    {
        private readonly SemaphoreSlim _asked = new(0);
        private int _isBroken;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public void Break() => Volatile.Write(ref _isBroken, 1);

        public Task WaitForWriter(CancellationToken cancellation) => _asked.WaitAsync(cancellation);

        public void Dispose() => _asked.Dispose();

        public override DateTimeOffset GetUtcNow()
        {
            if (Thread.CurrentThread.Name != "store-writer")
                return base.GetUtcNow();
            _asked.Release();
            return Interlocked.Exchange(ref _isBroken, 0) == 1 ? throw new InvalidOperationException("the clock broke") : base.GetUtcNow();
        }
    }
}
