using CsCheck;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Tests.Drawing;

public sealed class NamesTests
{
    private static readonly Face[] s_faces = [Face.Tiny, Face.Small, Face.Body, Face.Giant];

    [Theory]
    [InlineData("EnjoyVC Cloud Group Limited", 20, "EnjoyVC Cloud Group")]
    [InlineData("EnjoyVC Cloud Group Limited", 14, "EnjoyVC Cloud")]
    [InlineData("Google LLC", 10, "Google LLC")]
    [InlineData("Google LLC", 8, "Google")]
    [InlineData("Alpha Exploration", 13, "Alpha Explor\u2026")]
    [InlineData("Alpha Exploration", 8, "Alpha")]
    public void A_company_is_cut_after_a_word_or_loses_how_it_is_registered(string name, int letters, string shown) =>
        Assert.Equal(shown, Names.Fit(Face.Small, name, letters * Face.Small.Width));

    [Theory]
    [InlineData("qos-america.agoralab.co", 23, "qos-america.agoralab.co")]
    [InlineData("qos-america.agoralab.co", 15, "\u2026agoralab.co")]
    [InlineData("a.b.example.co.uk", 15, "\u2026example.co.uk")]
    [InlineData("a.b.example.co.uk", 12, "example.co\u2026")]
    [InlineData("148.153.25.11", 12, "148.15\u202625.11")]
    [InlineData("2001:db8:85a3::8a2e:370:7334", 13, "2001:d\u20260:7334")]
    public void A_host_keeps_the_end_that_says_whose_it_is(string host, int letters, string shown) =>
        Assert.Equal(shown, Names.FitHost(Face.Small, host, letters * Face.Small.Width));

    [Theory]
    [InlineData("Caf\u00e9", "Caf\u00e9")]
    [InlineData("Cafe\u0301", "Cafe")]
    [InlineData("\u0141\u00f3d\u017a", "L\u00f3dz")]
    [InlineData("Anna\u2019s \ud83d\udcf1 phone", "Anna's phone")]
    [InlineData("\u042f\u043d\u0434\u0435\u043a\u0441", "xn--d1acpjx3f")]
    [InlineData("a\u202egpj.exe", "agpj.exe")]
    public void What_a_small_font_lacks_is_replaced_by_an_ascii_form(string name, string shown) =>
        Assert.Equal(shown, Names.Drawable(Face.Small, name), ignoreCase: true);

    [Theory]
    [InlineData("\u042f\u043d\u0434\u0435\u043a\u0441")]
    [InlineData("\u58f0\u7f51")]
    [InlineData("\ud55c\uad6d")]
    [InlineData("\u039f\u03c4\u03b5")]
    public void A_larger_font_draws_other_scripts(string name) => Assert.Equal(name, Names.Drawable(Face.Large, name));

    [Theory]
    [InlineData("\u0634\u0631\u0643\u0629")]
    [InlineData("\u05d9\u05e9\u05e8\u05d0\u05dc")]
    [InlineData("\u0939\u093f\u0902\u0926\u0940")]
    public void A_script_that_needs_a_shaper_is_replaced_rather_than_drawn_wrong(string name) =>
        Assert.StartsWith("xn--", Names.Drawable(Face.Giant, name), StringComparison.Ordinal);

    [Fact]
    public void Whatever_comes_from_the_wire_is_drawn_in_letters_that_there_are_and_never_wider_than_its_place() =>
        Gen.Select(Gen.String, Gen.Int[0, 200], Gen.Int[0, s_faces.Length - 1]).Sample(static (text, width, index) =>
        {
            Face face = s_faces[index];
            int room = Math.Max(width, 2 * face.Width);
            string[] shown = [Names.Fit(face, text, room), Names.FitHost(face, text, room), Names.FitText(face, text, room)];
            return shown.Concat(Names.Wrap(face, text, room, 3))
                .All(line => line.EnumerateRunes().All(face.Has) && face.Measure(line) <= room);
        });

    [Fact]
    public void A_sentence_is_broken_between_words_and_its_last_line_says_that_there_was_more() =>
        Assert.Equal(["The app talks", "to EnjoyVC C\u2026"],
            Names.Wrap(Face.Small, "The app talks to EnjoyVC Cloud Group", 13 * Face.Small.Width, 2));
}
