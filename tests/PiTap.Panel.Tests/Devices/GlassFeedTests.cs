using PiTap.Panel.Devices;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Tests.Devices;

public sealed class GlassFeedTests : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly Recorder _glass = new();

    public void Dispose() => _glass.Dispose();

    [Fact]
    public void Only_what_changed_is_sent()
    {
        GlassFeed feed = new(_glass);
        feed.Show(Picture(), 0);
        feed.Show(Picture(), 1);
        feed.Show(Picture(4, 5), 2);
        Assert.Equal([new PixelArea(0, 0, 20, 10), new PixelArea(4, 5, 1, 1)], _glass.Sent);
    }

    [Fact]
    public void Now_and_then_all_is_sent_so_that_a_display_that_lost_its_power_unnoticed_is_right_again()
    {
        GlassFeed feed = new(_glass);
        feed.Show(Picture(), 0);
        feed.Show(Picture(), GlassFeed.RenewEveryNs - 1);
        Assert.Equal((1, 1), (_glass.Sent.Count, _glass.Wakes));
        feed.Show(Picture(), GlassFeed.RenewEveryNs);
        Assert.Equal((2, 2, 0), (_glass.Sent.Count, _glass.Wakes, _glass.Begins));
    }

    [Fact]
    [Trait("cap", "Panel.GlassFeed.MaxWaitNs")]
    public void A_bus_that_fails_is_tried_less_and_less_often_but_at_least_every_five_seconds()
    {
        GlassFeed feed = new(_glass);
        _glass.IsBroken = true;
        List<long> attempts = [];
        for (long now = 0; now < 60 * Second; now += Second / 8)
        {
            long before = feed.Failures;
            Assert.False(feed.Show(Picture(), now));
            if (feed.Failures > before)
                attempts.Add(now);
        }
        long[] waits = [.. attempts.Zip(attempts.Skip(1), static (one, other) => other - one)];
        Assert.Equal(waits.Order(), waits);
        Assert.Equal(5 * Second, waits[^1]);
    }

    [Fact]
    public void When_the_plug_is_pushed_in_again_the_chip_begins_anew_and_gets_the_whole_frame()
    {
        GlassFeed feed = new(_glass);
        feed.Show(Picture(), 0);
        _glass.IsBroken = true;
        Assert.False(feed.Show(Picture(1, 1), Second));
        Assert.Equal((1, "pulled"), (feed.Failures, feed.Failure));
        _glass.IsBroken = false;
        Assert.True(feed.Show(Picture(1, 1), 2 * Second));
        Assert.Equal((1, 1, null), (_glass.Begins, feed.Failures, feed.Failure));
        Assert.Equal(new PixelArea(0, 0, 20, 10), _glass.Sent[^1]);
    }

    private static Frame Picture(int x = 0, int y = 0)
    {
        Frame frame = new(20, 10, PixelDepth.OneBit);
        if ((x, y) != (0, 0))
            frame[x, y] = Ink.White;
        return frame;
    }

    private sealed class Recorder : IPanelGlass
    {
        public List<PixelArea> Sent { get; } = [];

        public bool IsBroken { get; set; }

        public int Begins { get; private set; }

        public int Wakes { get; private set; }

        public int Width => 20;

        public int Height => 10;

        public PixelDepth Depth => PixelDepth.OneBit;

        public void Begin()
        {
            Check();
            Begins++;
        }

        public void Wake()
        {
            Check();
            Wakes++;
        }

        public void Send(Frame frame, PixelArea area)
        {
            Check();
            Sent.Add(area);
        }

        public void Dispose()
        {
        }

        private void Check()
        {
            if (IsBroken)
                throw new IOException("pulled");
        }
    }
}
