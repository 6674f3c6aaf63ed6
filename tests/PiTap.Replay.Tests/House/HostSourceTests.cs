using System.Text.RegularExpressions;
using PiTap.Model;

namespace PiTap.Replay.Tests.House;

/// <summary>A source that a host's name may come from has a text, a place in the order of trust, and a word in the README.</summary>
public sealed partial class HostSourceTests
{
    public static TheoryData<HostSource> Sources() => [.. Enum.GetValues<HostSource>()];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_source_has_a_text_a_rank_and_a_word_in_the_README(HostSource source)
    {
        Assert.Single(NameTrust.MostTrustedFirst, source);
        if (source == HostSource.None)
        {
            Assert.Null(source.Text());
            return;
        }
        Assert.True(NameTrust.Order.IsMoreTrusted(source, HostSource.None));
        Assert.Matches("^[a-z0-9-]+$", source.Text());
        Assert.Contains($"`{source.Text()}`", ReadmeRow(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_README_names_no_source_that_does_not_exist()
    {
        string[] texts = [.. Enum.GetValues<HostSource>().Select(static source => source.Text()).OfType<string>(), "host", "hostSource"];
        Assert.Empty(Quoted().Matches(ReadmeRow()).Select(static match => match.Groups[1].Value).Except(texts));
    }

    [Fact]
    public void No_two_sources_have_the_same_text()
    {
        string[] texts = [.. Enum.GetValues<HostSource>().Select(static source => source.Text()).OfType<string>()];
        Assert.Equal(texts.Distinct(), texts);
    }

    private static string ReadmeRow() => Assert.Single(File.ReadLines(Path.Combine(Repository.Root, "README.md")),
        static line => line.StartsWith("| `host`, `hostSource`", StringComparison.Ordinal));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
