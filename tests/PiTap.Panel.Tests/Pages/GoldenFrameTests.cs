using System.Runtime.CompilerServices;
using PiTap.Panel.Drawing;
using PiTap.Panel.Pages;
using PiTap.Panel.Tests.Drawing;

namespace PiTap.Panel.Tests.Pages;

/// <summary>
/// Every page at every size that displays have, pixel for pixel, against pictures that were looked at. PITAP_REWRITE=yes in the environment
/// writes them anew: look at each that changed.
/// </summary>
public sealed class GoldenFrameTests
{
    private static readonly string s_folder = Path.Combine(Folder(), "..", "golden");

    public static TheoryData<string, int, int> Cases()
    {
        TheoryData<string, int, int> cases = [];
        foreach ((int width, int height) in Sizes.All)
        {
            foreach (string scene in Scenes.All.Keys)
                cases.Add(scene, width, height);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_frame_is_the_picture_that_was_looked_at(string scene, int width, int height)
    {
        Frame frame = PanelPages.Draw(Scenes.All[scene], width, height, Sizes.Depth(height));
        string file = Path.Combine(s_folder, $"{width}x{height}-{scene}.png");
        if (Environment.GetEnvironmentVariable("PITAP_REWRITE") == "yes")
        {
            Directory.CreateDirectory(s_folder);
            if (!File.Exists(file) || !PngReader.Pixels(File.ReadAllBytes(file)).SequenceEqual(PngReader.Pixels(Png.Encode(frame))))
                File.WriteAllBytes(file, Png.Encode(frame));
        }
        (byte, byte, byte)[] golden = PngReader.Pixels(File.ReadAllBytes(file)), drawn = [.. frame.Pixels.ToArray().Select(Ink.Parts)];
        int differing = golden.Zip(drawn).Count(static pair => pair.First != pair.Second);
        Assert.True(golden.Length == drawn.Length && differing == 0, $"{Path.GetFileName(file)}: {differing} pixels differ");
    }

    [Fact]
    public void No_picture_is_left_over_from_a_page_that_is_gone()
    {
        IEnumerable<string> expected = Cases().Select(static row => row.Data)
            .Select(static row => $"{row.Item2}x{row.Item3}-{row.Item1}.png").Order(StringComparer.Ordinal);
        IEnumerable<string> found = Directory.EnumerateFiles(s_folder).Select(static file => Path.GetFileName(file)!);
        Assert.Equal(expected, found.Order(StringComparer.Ordinal));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
