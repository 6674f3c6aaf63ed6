using PiTap.Panel.Drawing;
using PiTap.Panel.Pages;
using PiTap.Panel.State;
using ZXing;
using ZXing.Common;

namespace PiTap.Panel.Tests.Pages;

public sealed class JoinPageTests
{
    /// <summary>A camera sees a display's pixel as several of its own.</summary>
    private const int CameraPixels = 4;

    public static TheoryData<string, int, int> Frames()
    {
        TheoryData<string, int, int> frames = [];
        foreach ((int width, int height) in Sizes.All)
        {
            frames.Add("join-wifi", width, height);
            if (height > 32)
                frames.Add("join-open-long", width, height);
        }
        return frames;
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_phones_camera_reads_how_to_join(string scene, int width, int height)
    {
        PanelState state = Scenes.All[scene];
        Assert.Equal(state.Facts.Wifi!.QrText, Decode(PanelPages.Draw(state, width, height, Sizes.Depth(height))));
    }

    [Fact]
    public void Marks_that_mean_something_in_the_code_are_marked_as_letters() =>
        Assert.Equal(@"WIFI:T:WPA;S:a\;b\\c;P:p\:\,\""q;;", new WifiAccess(@"a;b\c", @"p:,""q").QrText);

    [Fact]
    public void An_open_network_says_so() => Assert.Equal("WIFI:T:nopass;S:Guest;;", new WifiAccess("Guest", null).QrText);

    private static string? Decode(Frame frame)
    {
        int width = frame.Width * CameraPixels, height = frame.Height * CameraPixels;
        byte[] grey = new byte[width * height];
        for (int i = 0; i < grey.Length; i++)
        {
            (byte red, byte green, byte blue) = Ink.Parts(frame[i % width / CameraPixels, i / width / CameraPixels]);
            grey[i] = (byte)((red + green + blue) / 3);
        }
        BinaryBitmap picture = new(new HybridBinarizer(new RGBLuminanceSource(grey, width, height, RGBLuminanceSource.BitmapFormat.Gray8)));
        Dictionary<DecodeHintType, object> hints = new() { [DecodeHintType.TRY_HARDER] = true };
        return new ZXing.QrCode.QRCodeReader().decode(picture, hints)?.Text;
    }
}
