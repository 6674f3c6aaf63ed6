using PiTap.Host.Live;
using PiTap.Model;

namespace PiTap.Host.Tests.Live;

public sealed class ControlQueueTests
{
    private static readonly ControlLimits s_impatient = new()
    {
        BeginWithin = TimeSpan.FromMilliseconds(20),
        EndWithin = TimeSpan.FromMilliseconds(20)
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_caller_gets_its_own_answer()
    {
        ControlQueue queue = new(new ControlLimits());
        Task<int>[] asked = [.. Enumerable.Range(0, 16).Select(i => Task.Run(() => queue.InvokeAsync(() => i, Cancellation)))];
        Task<int[]> answers = Task.WhenAll(asked);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                queue.RunNext();
                return answers.IsCompleted;
            },
            10_000));
        Assert.Equal(Enumerable.Range(0, 16), await answers);
    }

    [Fact]
    public async Task What_is_not_begun_in_time_is_not_done_at_all()
    {
        ControlQueue queue = new(s_impatient);
        bool isDone = false;
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() => queue.InvokeAsync(() => isDone = true, Cancellation));
        Assert.Contains("too busy", failure.Message, StringComparison.Ordinal);
        queue.RunNext();
        Assert.False(isDone);
    }

    [Fact]
    public async Task Who_waits_for_something_long_is_told_that_it_goes_on()
    {
        // Long enough to be begun on a busy machine.
        ControlQueue queue = new(new ControlLimits { BeginWithin = TimeSpan.FromSeconds(2), EndWithin = TimeSpan.FromMilliseconds(20) });
        using ManualResetEventSlim end = new();
        Task<bool> asked = queue.InvokeAsync(() => end.Wait(30_000), Cancellation);
        Task running = Task.Run(queue.RunNext, Cancellation);
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() => asked);
        Assert.Contains("still at it", failure.Message, StringComparison.Ordinal);
        end.Set();
        await running;
    }

    [Fact]
    public async Task Too_many_are_refused()
    {
        ControlQueue queue = new(new ControlLimits { MaxWaiting = 2 });
        Task<int> first = queue.InvokeAsync(static () => 1, Cancellation);
        Task<int> second = queue.InvokeAsync(static () => 2, Cancellation);
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() => queue.InvokeAsync(static () => 3, Cancellation));
        Assert.Contains("too many commands", failure.Message, StringComparison.Ordinal);
        queue.RunNext();
        queue.RunNext();
        Assert.Equal((1, 2), (await first, await second));
    }

    [Fact]
    public async Task The_end_answers_all_who_wait()
    {
        ControlQueue queue = new(new ControlLimits());
        Task<int> waiting = queue.InvokeAsync(static () => 1, Cancellation);
        queue.Close();
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() => waiting);
        Assert.Contains("about to end", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_the_caller_s_and_not_the_capture_s()
    {
        ControlQueue queue = new(new ControlLimits());
        Task<int> asked = queue.InvokeAsync<int>(static () => throw new IOException("The disk is full."), Cancellation);
        queue.RunNext();
        ControlException failure = await Assert.ThrowsAsync<ControlException>(() => asked);
        Assert.Equal("The disk is full.", failure.Message);
    }

    [Fact]
    public async Task A_caller_that_gives_up_takes_its_command_back()
    {
        ControlQueue queue = new(new ControlLimits());
        using CancellationTokenSource patience = new();
        bool isDone = false;
        Task<bool> asked = queue.InvokeAsync(() => isDone = true, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        queue.RunNext();
        Assert.False(isDone);
    }
}
