using System.Device.Gpio;
using PiTap.Panel.Devices;

namespace PiTap.Panel.Tests.Devices;

/// <summary>Lights against chips that were written from the data sheets.</summary>
public sealed class LightStripTests
{
    private const int DataPin = 23;
    private const int ClockPin = 24;

    private static readonly (byte, byte, byte)[] s_colours =
        [(255, 0, 0), (0, 255, 0), (0, 0, 255), (1, 2, 3), (255, 255, 255), (0, 0, 0), (200, 100, 50), (7, 0, 255)];

    [Fact]
    public void A_blinkt_shows_the_colours_and_goes_dark_and_gives_its_pins_back_at_the_end()
    {
        PinBoard pins = new();
        Apa102Chain chain = new(8);
        pins.Changed = (pin, isHigh) =>
        {
            if (pin == ClockPin && isHigh)
                chain.Clock(pins.IsHigh(DataPin));
        };
        using GpioController gpio = new(pins);
        using (BlinktStrip strip = new(gpio, DataPin, ClockPin))
        {
            strip.Show(s_colours);
            Assert.Equal(s_colours, chain.Lights);
            strip.Show([.. s_colours.Reverse()]);
            Assert.Equal(s_colours.Reverse(), chain.Lights);
        }
        Assert.All(chain.Lights, static light => Assert.Equal(default, light));
        Assert.False(pins.IsOpen(DataPin) || pins.IsOpen(ClockPin));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    public void A_strip_of_apa102_shows_the_colours_up_to_its_last_light(int count)
    {
        Apa102Chain chain = new(count);
        using Apa102Strip strip = new(new SpiWire(bytes =>
        {
            foreach (bool bit in Bits(bytes))
                chain.Clock(bit);
        }), count);
        for (int round = 0; round < 3; round++)
        {
            (byte, byte, byte)[] colours = Colours(count, round);
            strip.Show(colours);
            Assert.Equal(colours, chain.Lights);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void A_strip_of_ws2812_gets_pulses_of_the_lengths_that_it_knows(int count)
    {
        Ws2812Chain chain = new(count);
        using Ws2812Strip strip = new(new SpiWire(bytes => Pulses(bytes, chain)), count);
        for (int round = 0; round < 3; round++)
        {
            (byte, byte, byte)[] colours = Colours(count, round);
            strip.Show(colours);
            Assert.Equal(colours, chain.Lights);
        }
    }

    [Fact]
    public void Plain_lights_are_lit_whatever_the_colour_and_dark_at_the_end()
    {
        PinBoard pins = new();
        using GpioController gpio = new(pins);
        using (PlainLights lights = new(gpio, [5, 6, 13]))
        {
            lights.Show([(1, 0, 0), default, (0, 0, 255)]);
            Assert.Equal((true, false, true), (pins.IsHigh(5), pins.IsHigh(6), pins.IsHigh(13)));
        }
        Assert.False(pins.IsHigh(5) || pins.IsOpen(5));
    }

    private static (byte, byte, byte)[] Colours(int count, int round) =>
        [.. Enumerable.Range(round, count).Select(static i => s_colours[i % s_colours.Length])];

    private static IEnumerable<bool> Bits(ReadOnlyMemory<byte> bytes)
    {
        for (int i = 0; i < bytes.Length * 8; i++)
            yield return (bytes.Span[i / 8] << i % 8 & 0x80) != 0;
    }

    private static void Pulses(ReadOnlyMemory<byte> bytes, Ws2812Chain chain)
    {
        const double BitMicroseconds = 1e6 / Ws2812Strip.ClockHertz;
        bool? level = null;
        int length = 0;
        foreach (bool bit in Bits(bytes))
        {
            if (bit != level && level is bool before)
            {
                chain.Level(before, length * BitMicroseconds);
                length = 0;
            }
            level = bit;
            length++;
        }
        chain.Level(level == true, length * BitMicroseconds);
    }
}
