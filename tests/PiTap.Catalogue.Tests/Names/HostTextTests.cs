using System.Globalization;
using System.Text;
using CsCheck;
using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Tests.Names;

public sealed class HostTextTests
{
    [Theory]
    [InlineData("example.com", null, false)]
    [InlineData("", null, false)]
    [InlineData("xn--bcher-kva.example", "b\u00fccher.example", false)]
    [InlineData("www.XN--BCHER-KVA.example", "www.b\u00fccher.example", false)]
    [InlineData("xn--fiqs8s", "\u4e2d\u56fd", false)]
    [InlineData("xn--fiqs8s.xn--55qx5d.cn", "\u4e2d\u56fd.\u516c\u53f8.cn", false)]
    [InlineData("xn--80ak6aa92e.com", "\u0430\u0440\u0440\u04cf\u0435.com", false)]
    [InlineData("xn--pple-43d.com", "\u0430pple.com", true)]
    [InlineData("xn--ggle-0nda.com", "g\u03bf\u03bfgle.com", true)]
    [InlineData("xn--eckwd4c7cu47r2wf.jp", "\u30c9\u30e1\u30a4\u30f3\u540d\u4f8b.jp", false)]
    [InlineData("xn--mgbh0fb.example", "\u0645\u062b\u0627\u0644.example", false)]
    public void A_name_is_shown_in_Unicode_beside_what_was_sent(string name, string? unicode, bool isMixed) =>
        Assert.Equal(new HostText(name, unicode, isMixed), HostText.Of(name));

    [Theory]
    [InlineData("xn--")]
    [InlineData("xn--.example")]
    [InlineData("xn--a")]
    [InlineData("xn--abc-.example")]
    [InlineData("xn--!!!.example")]
    [InlineData("xn--99999999.example")]
    [InlineData("xn--en32g")]
    [InlineData("xn--zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz.example")]
    public void What_is_not_well_formed_is_shown_as_it_was_sent(string name) =>
        Assert.Equal(new HostText(name, null, false), HostText.Of(name));

    [Theory]
    [InlineData("a\u202eb")]
    [InlineData("a\u200bb")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2044b")]
    [InlineData("\u0301a\u00e9")]
    [InlineData("a\u3000b")]
    public void Characters_that_a_name_must_not_have_are_never_shown(string label)
    {
        string name = $"xn--{Encode(label)}.example";
        Assert.Equal(new HostText(name, null, false), HostText.Of(name));
    }

    [Theory]
    [InlineData(55, 63, true)]
    [InlineData(56, 64, false)]
    [Trait("cap", "Catalogue.HostText.MaxLabelLength")]
    public void A_label_that_is_longer_than_one_can_be_is_shown_as_it_was_sent(int letters, int characters, bool isDecoded)
    {
        string label = new string('a', letters) + "\u00e9";
        string name = $"xn--{Encode(label)}";
        Assert.Equal(characters, name.Length);
        Assert.Equal(isDecoded ? label : null, HostText.Of(name).Unicode);
    }

    [Fact]
    public void Text_for_people_has_both_forms_and_the_mark()
    {
        Assert.Equal("example.com", HostText.Of("example.com").ToString());
        Assert.Equal("b\u00fccher.example (xn--bcher-kva.example)", HostText.Of("xn--bcher-kva.example").ToString());
        Assert.Equal("\u0430pple.com (xn--pple-43d.com, mixes scripts)", HostText.Of("xn--pple-43d.com").ToString());
    }

    [Fact]
    public void What_the_framework_encodes_is_decoded() =>
        Gen.OneOf(Gen.Char['\u00e0', '\u00f6'], Gen.Char['a', 'z'], Gen.Char['\u4e00', '\u4fff'], Gen.Char['\u0430', '\u044f'])
            .Array[1, 12].Sample(static characters =>
            {
                string label = new(characters);
                string ascii = new IdnMapping().GetAscii(label);
                string? expected = ascii == label ? null : label;
                Assert.Equal(expected, HostText.Of(ascii).Unicode);
            });

    [Fact]
    public void Any_text_gets_an_answer() =>
        Gen.Char["xn-.a19z\0\u00e9"].Array[0, 300].Sample(static characters =>
        {
            string name = new(characters);
            foreach (string text in (string[])[name, "xn--" + name])
            {
                HostText host = HostText.Of(text);
                Assert.Equal(text, host.Ascii);
            }
        });

    /// <summary>RFC 3492 section 6.3 for labels that the framework refuses to encode.</summary>
    private static string Encode(string label)
    {
        StringBuilder output = new();
        int[] input = [.. label.EnumerateRunes().Select(static rune => rune.Value)];
        foreach (int basic in input.Where(static point => point < 0x80))
            output.Append((char)basic);
        int handled = output.Length;
        bool hasBasic = handled > 0;
        int basics = handled;
        if (hasBasic)
            output.Append('-');
        int next = 0x80;
        int delta = 0;
        int bias = 72;
        while (handled < input.Length)
        {
            int least = input.Where(point => point >= next).Min();
            delta += (least - next) * (handled + 1);
            next = least;
            foreach (int point in input)
            {
                if (point < next)
                    delta++;
                if (point != next)
                    continue;
                int rest = delta;
                for (int k = 36; ; k += 36)
                {
                    int threshold = Math.Clamp(k - bias, 1, 26);
                    if (rest < threshold)
                        break;
                    output.Append(Digit(threshold + (rest - threshold) % (36 - threshold)));
                    rest = (rest - threshold) / (36 - threshold);
                }
                output.Append(Digit(rest));
                bias = Adapt(delta, handled + 1, handled == basics);
                delta = 0;
                handled++;
            }
            delta++;
            next++;
        }
        return output.ToString();
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Adapt(int delta, int count, bool isFirst)
    {
        delta = isFirst ? delta / 700 : delta / 2;
        delta += delta / count;
        int k = 0;
        for (; delta > 455; k += 36)
            delta /= 35;
        return k + 36 * delta / (delta + 38);
    }
}
