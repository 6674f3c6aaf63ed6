using PiTap.Panel.Drawing;

namespace PiTap.Panel.Tests.Drawing;

public sealed class FrameTests
{
    [Fact]
    public void The_difference_is_the_smallest_rectangle_with_all_that_changed()
    {
        Frame before = new(20, 10, PixelDepth.Rgb565), after = new(20, 10, PixelDepth.Rgb565);
        Assert.True(after.Difference(before).IsEmpty);
        after[3, 2] = Ink.White;
        after[17, 6] = 1;
        after[5, 4] = 1;
        Assert.Equal(new PixelArea(3, 2, 15, 5), after.Difference(before));
    }

    [Fact]
    public void With_one_bit_of_depth_whatever_is_not_black_is_white()
    {
        Frame frame = new(2, 1, PixelDepth.OneBit);
        frame[1, 0] = Ink.FirstParty;
        Assert.Equal([Ink.Black, Ink.White], frame.Pixels.ToArray());
    }

    [Fact]
    public void What_is_drawn_outside_is_not_there()
    {
        Frame frame = new(4, 4, PixelDepth.Rgb565);
        Face.Giant.Draw(frame, -20, -30, "Ag\u58f0", Ink.White);
        Shapes.Fill(frame, new PixelArea(-5, -5, 6, 6), Ink.Finding);
        Assert.Equal(Ink.Finding, frame[0, 0]);
    }

    [Fact]
    public void Every_letter_of_a_name_in_plain_letters_is_drawn_in_every_face()
    {
        foreach (Face face in new[] { Face.Tiny, Face.Small, Face.Body, Face.Large, Face.Huge, Face.Great, Face.Giant })
        {
            for (char letter = '!'; letter <= '~'; letter++)
            {
                Frame frame = new(face.Width, face.Height, PixelDepth.OneBit);
                face.Draw(frame, 0, 0, letter.ToString(), Ink.White);
                Assert.True(frame.Pixels.Contains(Ink.White), $"'{letter}' at {face.Height}");
            }
        }
    }
}
