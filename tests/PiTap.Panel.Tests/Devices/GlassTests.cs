using System.Device.Gpio;
using PiTap.Panel.Devices;
using PiTap.Panel.Drawing;
using PiTap.Panel.Pages;
using PiTap.Panel.Tests.Pages;

namespace PiTap.Panel.Tests.Devices;

/// <summary>
/// Drivers against chips that were written from the data sheets: what somebody in front of the display sees is the frame.
/// </summary>
public sealed class GlassTests
{
    private const int DataPin = 9;
    private const long LaterNs = 60L * 1_000_000_000;

    /// <summary>Chip, width, height, rotation.</summary>
    public static TheoryData<string, int, int, int> Displays() => new()
    {
        { "ssd1306", 128, 32, 0 }, { "ssd1306", 128, 32, 180 }, { "ssd1306", 128, 64, 0 }, { "ssd1306", 128, 64, 180 },
        { "sh1106", 128, 64, 0 }, { "sh1106", 128, 64, 180 },
        { "st7789", 240, 240, 0 }, { "st7789", 240, 240, 90 }, { "st7789", 240, 240, 180 }, { "st7789", 240, 240, 270 },
        { "st7789", 240, 135, 90 }, { "st7789", 240, 135, 270 }, { "st7789", 320, 240, 90 }, { "st7789", 320, 240, 270 },
    };

    [Theory]
    [MemberData(nameof(Displays))]
    public void The_glass_shows_the_frame_after_full_and_partial_updates(string chip, int width, int height, int rotation)
    {
        using Bench bench = new(chip, width, height, rotation);
        GlassFeed feed = new(bench.Glass);
        foreach (string scene in new[] { "live-call", "live-losing", "parties-call", "alert-long", "join-wifi", "live-empty" })
        {
            Frame frame = PanelPages.Draw(Scenes.All[scene], width, height, bench.Glass.Depth);
            Assert.True(feed.Show(frame, 0));
            bench.AssertShows(frame);
        }
    }

    [Theory]
    [MemberData(nameof(Displays))]
    public void Whatever_rectangle_changes_is_what_changes_on_the_glass(string chip, int width, int height, int rotation)
    {
        using Bench bench = new(chip, width, height, rotation);
        GlassFeed feed = new(bench.Glass);
        Random random = new(7);
        Frame before = new(width, height, bench.Glass.Depth);
        for (int round = 0; round < 20; round++)
        {
            Frame frame = new(width, height, bench.Glass.Depth);
            for (int i = 0; i < width * height; i++)
                frame[i % width, i / width] = before[i % width, i / width];
            PixelArea area = new(random.Next(width), random.Next(height), random.Next(1, 60), random.Next(1, 60));
            Shapes.Fill(frame, area, (ushort)random.Next(1, ushort.MaxValue));
            Assert.True(feed.Show(frame, round));
            bench.AssertShows(frame);
            before = frame;
        }
    }

    [Theory]
    [MemberData(nameof(Displays))]
    public void After_an_error_of_the_bus_at_any_byte_the_glass_shows_the_next_frame(string chip, int width, int height, int rotation)
    {
        using Bench bench = new(chip, width, height, rotation);
        Frame one = PanelPages.Draw(Scenes.All["live-call"], width, height, bench.Glass.Depth);
        Frame other = PanelPages.Draw(Scenes.All["parties-call"], width, height, bench.Glass.Depth);
        long sent = bench.Plug.Bytes;
        GlassFeed feed = new(bench.Glass);
        feed.Show(one, 0);
        sent = bench.Plug.Bytes - sent;
        // A large picture is the same thing over and over: a prime step meets every kind of place in it.
        int step = sent > 5000 ? 9973 : sent > 1000 ? 13 : 1;
        for (int bytes = 0; bytes < sent; bytes += step)
        {
            feed = new GlassFeed(bench.Glass);
            bench.Plug.BreakAfter(bytes);
            Assert.False(feed.Show(one, 0));
            bench.Plug.Mend();
            Assert.True(feed.Show(other, LaterNs));
            bench.AssertShows(other);
        }
    }

    [Theory]
    [MemberData(nameof(Displays))]
    public void A_display_that_lost_its_power_comes_back(string chip, int width, int height, int rotation)
    {
        using Bench bench = new(chip, width, height, rotation);
        GlassFeed feed = new(bench.Glass);
        Frame frame = PanelPages.Draw(Scenes.All["session-call"], width, height, bench.Glass.Depth);
        feed.Show(frame, 0);
        bench.Plug.BreakAfter(0);
        bench.LosePower();
        Frame other = PanelPages.Draw(Scenes.All["session-new"], width, height, bench.Glass.Depth);
        Assert.False(feed.Show(other, 1));
        bench.Plug.Mend();
        Assert.True(feed.Show(other, LaterNs));
        bench.AssertShows(other);

        // Off and on between two frames: nobody was told.
        bench.LosePower();
        Assert.True(feed.Show(other, LaterNs + GlassFeed.RenewEveryNs));
        bench.AssertShows(other);
    }

    [Fact]
    public void A_picture_drawn_by_the_packages_own_way_is_shown_too()
    {
        using Bench bench = new("ssd1306", 128, 64, 0);
        using ByteImage image = new(128, 64);
        image.SetPixel(3, 60, System.Drawing.Color.White);
        ((Iot.Device.Graphics.GraphicDisplay)bench.Glass).DrawBitmap(image);
        Frame expected = new(128, 64, PixelDepth.OneBit);
        expected[3, 60] = Ink.White;
        bench.AssertShows(expected);
    }

    [Fact]
    public void The_line_that_tells_commands_from_data_is_given_back()
    {
        Bench bench = new("st7789", 240, 240, 0);
        Assert.True(bench.Pins.IsOpen(DataPin));
        bench.Dispose();
        Assert.False(bench.Pins.IsOpen(DataPin));
    }

    /// <summary>A driver, its bus and the emulated chip.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly OneBitChip? _oneBit;
        private readonly St7789Chip? _colour;
        private readonly GpioController _gpio;
        private readonly bool _isUpsideDown;

        public Bench(string chip, int width, int height, int rotation)
        {
            ByteImageFactory.Register();
            _gpio = new GpioController(Pins);
            _isUpsideDown = rotation == 180;
            switch (chip)
            {
                case "ssd1306":
                    _oneBit = new Ssd1306Chip(Plug, height);
                    _oneBit.LosePower();
                    Glass = new Ssd1306Glass(_oneBit, height, rotation == 180);
                    break;
                case "sh1106":
                    _oneBit = new Sh1106Chip(Plug);
                    _oneBit.LosePower();
                    Glass = new Sh1106Glass(new I2cCommandBus(_oneBit), rotation == 180);
                    break;
                default:
                    _colour = new St7789Chip(Plug, () => Pins.IsHigh(DataPin), Part(width, height), rotation);
                    _colour.LosePower();
                    Glass = new St7789Glass(new SpiCommandBus(_colour, _gpio, DataPin), width, height, rotation, static _ => { });
                    break;
            }
        }

        public Plug Plug { get; } = new();

        public PinBoard Pins { get; } = new();

        public IPanelGlass Glass { get; }

        public void LosePower()
        {
            _oneBit?.LosePower();
            _colour?.LosePower();
        }

        public void AssertShows(Frame frame)
        {
            int wrong = 0;
            for (int y = 0; y < frame.Height; y++)
            {
                for (int x = 0; x < frame.Width; x++)
                    wrong += Seen(frame, x, y) == frame[x, y] ? 0 : 1;
            }
            Assert.Equal(0, wrong);
        }

        public void Dispose()
        {
            Glass.Dispose();
            _gpio.Dispose();
        }

        private ushort Seen(Frame frame, int x, int y)
        {
            if (_colour is not null)
                return _colour.Colour(x, y);
            bool isLit = _isUpsideDown ? _oneBit!.IsLit(frame.Width - 1 - x, frame.Height - 1 - y) : _oneBit!.IsLit(x, y);
            return isLit ? Ink.White : Ink.Black;
        }

        /// <summary>Where modules of that size have their glass in the chip's memory.</summary>
        private static (int Left, int Top, int Columns, int Rows) Part(int width, int height) => (width, height) switch
        {
            (240, 135) => (52, 40, 135, 240),
            (320, 240) => (0, 0, 240, 320),
            _ => (0, 0, 240, 240),
        };
    }
}
