using CsCheck;

namespace PiTap.Export.Tests;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain host-name.example.org [brackets] \\", "plain host-name.example.org [brackets] \\")]
    [InlineData("b\u00fccher.example \u4f60\u597d", "b\u00fccher.example \u4f60\u597d")]
    [InlineData("\ud83d\ude00", "\ud83d\ude00")]
    [InlineData("\u001b[31mred", "\\u{1B}[31mred")]
    [InlineData("a\tb\nc\rd\0", "a\\u{9}b\\u{A}c\\u{D}d\\u{0}")]
    [InlineData("\u007f", "\\u{7F}")]
    [InlineData("\u009b31m", "\\u{9B}31m")]
    [InlineData("\u0085", "\\u{85}")]
    [InlineData("\u202egro.elpmaxe\u202c", "\\u{202E}gro.elpmaxe\\u{202C}")]
    [InlineData("\u2066\u2067\u2068\u2069", "\\u{2066}\\u{2067}\\u{2068}\\u{2069}")]
    [InlineData("\u200b\u200e\u200f\u061c\ufeff", "\\u{200B}\\u{200E}\\u{200F}\\u{61C}\\u{FEFF}")]
    [InlineData("\u2028\u2029", "\\u{2028}\\u{2029}")]
    [InlineData("\ue000", "\\u{E000}")]
    public void What_could_fool_a_terminal_or_a_reader_is_written_out(string hostile, string cleaned) =>
        Assert.Equal(cleaned, TerminalText.Clean(hostile));

    [Fact]
    public void A_broken_pair_is_written_out() =>
        Assert.Equal(
            "a\\u{D83D}b\\u{DE00}", TerminalText.Clean(string.Concat("a", ((char)0xd83d).ToString(), "b", ((char)0xde00).ToString())));

    [Fact]
    public void Nothing_unsafe_survives_and_cleaning_again_changes_nothing() => Gen.String[Gen.Char, 0, 60].Sample(text =>
    {
        string cleaned = TerminalText.Clean(text);
        Assert.DoesNotContain(cleaned, static c => char.IsControl(c) || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069');
        Assert.Equal(cleaned, TerminalText.Clean(cleaned));
    });

    [Fact]
    public void Clean_text_is_not_copied()
    {
        string text = new('a', 20);
        Assert.Same(text, TerminalText.Clean(text));
    }
}
