using PiTap.Host.Live;
using PiTap.Model;

namespace PiTap.Host.Tests.Live;

public sealed class LiveFeedTests
{
    private readonly LiveFeed _feed = new();

    [Fact]
    public async Task A_slow_reader_gets_the_newest_and_no_backlog()
    {
        Publish(1);
        await using IAsyncEnumerator<LiveState> reader = _feed.WatchAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(1, reader.Current.Version);
        for (long version = 2; version <= 1_000; version++)
            Publish(version);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(1_000, reader.Current.Version);
        ValueTask<bool> next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        Publish(1_001);
        Assert.True(await next);
        Assert.Equal(1_001, reader.Current.Version);
    }

    [Fact]
    public async Task The_first_state_is_of_now()
    {
        LiveBoard board = new(TimeProvider.System, new LiveHealthLog(TimeProvider.System, static () => default));
        board.Begin();
        await using IAsyncEnumerator<LiveState> reader = board.Feed.WatchAsync(TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal(1, reader.Current.Version);
        Assert.InRange(reader.Current.AsOfNs, PacketTime.FromDateTimeOffset(DateTimeOffset.UtcNow.AddMinutes(-10)), long.MaxValue);
    }

    [Fact]
    public async Task Readers_see_the_last_state_and_then_the_end()
    {
        List<long> seen = [];
        Task reading = Task.Run(
            async () =>
            {
                await foreach (LiveState state in _feed.WatchAsync(TestContext.Current.CancellationToken))
                    seen.Add(state.Version);
            },
            TestContext.Current.CancellationToken);
        for (long version = 1; version <= 100; version++)
            Publish(version);
        _feed.End();
        await reading;
        Assert.Equal(100, seen[^1]);
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task A_reader_may_stop_while_nothing_comes()
    {
        using CancellationTokenSource stop = new();
        await using IAsyncEnumerator<LiveState> reader = _feed.WatchAsync(stop.Token)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());
        ValueTask<bool> next = reader.MoveNextAsync();
        await stop.CancelAsync();
        Assert.False(await next);
    }

    private void Publish(long version) => _feed.Publish(new LiveState { Version = version });
}
