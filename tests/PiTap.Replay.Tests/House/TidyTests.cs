using System.Text.RegularExpressions;

namespace PiTap.Replay.Tests.House;

/// <summary>Style as a test.</summary>
public sealed partial class TidyTests
{
    private const int MaxFileLines = 400;

    [Fact]
    public void Files_stay_short()
    {
        Assert.Empty(Repository.Files("*.cs").Where(static file => File.ReadLines(file).Skip(MaxFileLines).Any())
            .Select(Repository.Relative));
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        IEnumerable<string> marked = Repository.Files("*.cs").Concat(Repository.Files("*.sh")).Concat(Repository.Files("*.md"))
            .Where(static file => !file.EndsWith(nameof(TidyTests) + ".cs", StringComparison.Ordinal))
            .Where(static file => Leftover().IsMatch(File.ReadAllText(file))).Select(Repository.Relative);
        Assert.Empty(marked);
    }

    [Fact]
    public void No_text_holds_what_a_merge_left_to_be_decided()
    {
        IEnumerable<string> undecided = Repository.Files("*.cs").Concat(Repository.Files("*.sh")).Concat(Repository.Files("*.md"))
            .Concat(Repository.Files("*.tsv")).Concat(Repository.Files("*.json"))
            .Where(static file => MergeMark().IsMatch(File.ReadAllText(file))).Select(Repository.Relative);
        Assert.Empty(undecided);
    }

    [Fact]
    public void Text_files_end_with_a_line_end_and_have_no_trailing_white_space()
    {
        IEnumerable<string> untidy = Repository.Files("*.cs").Where(static file =>
        {
            string text = File.ReadAllText(file);
            return text.Contains('\r', StringComparison.Ordinal) || text.Contains(" \n", StringComparison.Ordinal)
                || text.Contains('\t', StringComparison.Ordinal)
                || !text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal);
        }).Select(Repository.Relative);
        Assert.Empty(untidy);
    }

    [Fact]
    public void The_top_level_holds_what_the_design_names()
    {
        string[] expected =
        [
            ".ci", ".editorconfig", ".gitattributes", ".github", ".gitignore", "Directory.Build.props", "Directory.Packages.props",
            "LICENSE",
            "PiTap.sln", "README.md", "global.json", "hardware", "image", "src", "tests",
        ];
        string[] found = [.. Directory.EnumerateFileSystemEntries(Repository.Root).Select(static entry => Path.GetFileName(entry))
            .Where(static entry => entry is not (".git" or "artifacts" or "TestResults" or ".vs"))];
        Assert.Empty(found.Except(expected));
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Leftover();

    [GeneratedRegex("^(<{7}|>{7}) ", RegexOptions.Multiline)]
    private static partial Regex MergeMark();
}
