using PiTap.Panel.Drawing;
using PiTap.Panel.Pages;

namespace PiTap.Panel.Tests.Pages;

public sealed class LivePageTests
{
    /// <summary>
    /// From three metres a letter of five minutes of arc, which is what a sharp eye reads, is 4.4 mm high. The smallest of these displays
    /// (240 pixels on 23.4 mm) has 45 pixels on that; a capital letter with a descender beside it is about that high.
    /// </summary>
    private const int ReadableRows = 42;

    private const int HeaderHeight = 22;
    private const int HeroHeight = 64;
    private const int EdgeWidth = 10;

    [Theory]
    [InlineData(240, 135)]
    [InlineData(240, 240)]
    [InlineData(320, 240)]
    public void The_first_name_is_readable_from_three_metres(int width, int height)
    {
        Frame frame = PanelPages.Draw(Scenes.All["live-call"], width, height, PixelDepth.Rgb565);
        int[] inked = [.. Enumerable.Range(HeaderHeight, HeroHeight)
            .Where(y => Enumerable.Range(EdgeWidth, width - EdgeWidth).Any(x => frame[x, y] == Ink.White))];
        Assert.InRange(inked[^1] - inked[0] + 1, ReadableRows, HeroHeight);
    }

    [Fact]
    public void A_kind_of_party_is_told_by_a_shape_too()
    {
        ushort[][] edges = [.. Enum.GetValues<Panel.State.PartyKind>().Select(static kind =>
        {
            Frame frame = new(8, 20, PixelDepth.OneBit);
            PartyMarks.Edge(frame, new PixelArea(0, 0, 8, 20), kind);
            return frame.Pixels.ToArray();
        })];
        Assert.Equal(edges.Length, edges.Select(static edge => string.Join(',', edge)).Distinct().Count());
    }

    [Fact]
    public void The_same_state_gives_the_same_picture() =>
        Assert.True(PanelPages.Draw(Scenes.All["live-call"], 240, 240, PixelDepth.Rgb565)
            .Difference(PanelPages.Draw(Scenes.All["live-call"], 240, 240, PixelDepth.Rgb565)).IsEmpty);
}
