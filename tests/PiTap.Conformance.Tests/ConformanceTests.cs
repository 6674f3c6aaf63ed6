using System.Globalization;

namespace PiTap.Conformance.Tests;

/// <summary>
/// What PiTap finds in real captures, against what a full dissector found. Each difference stands in CONFORMANCE.md with its reason: one
/// that is not there fails the test, and so does one there that no longer exists.
/// </summary>
public sealed class ConformanceTests(ConformanceTests.Results results) : IClassFixture<ConformanceTests.Results>
{
    private const double MinShare = 0.995;

    /// <summary>All captures replayed once.</summary>
    public sealed class Results
    {
        public Results()
        {
            foreach (string capture in CaptureFolder.WithTruth())
                Comparison.Add(capture, Replay.Run(CaptureFolder.Full(capture), Replay.WholeCapture));
        }

        internal Comparison Comparison { get; } = new();
    }

    [Fact]
    public void Every_difference_has_its_reason_in_the_list()
    {
        CaptureFolder.Require();
        HashSet<string> listed = Listed();
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "differences.md"),
            results.Comparison.Differences.Select(static difference => difference.ToString()));
        File.WriteAllLines(Path.Combine(AppContext.BaseDirectory, "summary.md"), results.Comparison.Fields.Select(Summary));
        List<string> found = [.. results.Comparison.Differences.Select(static difference => difference.ToString())];
        Assert.Empty(found.Where(line => !listed.Contains(line)).Order(StringComparer.Ordinal));
        Assert.Empty(listed.Except(found).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("packets", 1)]
    [InlineData("bytes", 1)]
    [InlineData("tls-sni", MinShare)]
    [InlineData("quic-sni", MinShare)]
    [InlineData("http-host", MinShare)]
    [InlineData("sd-rtn", 1)]
    [InlineData("dns-name", MinShare)]
    [InlineData("dns-address", MinShare)]
    [InlineData("ja3", MinShare)]
    [InlineData("ja3s", MinShare)]
    [InlineData("ja4", MinShare)]
    public void Nearly_all_of_the_truth_is_found(string field, double minShare)
    {
        CaptureFolder.Require();
        int expected = results.Comparison.Expected(field);
        int missing = results.Comparison.Differences.Count(difference => difference.Field == field && !difference.IsExtra
            && !IsFragmented(difference));
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{field}: {expected - missing} of {expected}"));
        Assert.True(expected > 0);
        Assert.True(missing <= expected * (1 - minShare), $"{field}: {missing} of {expected} missing");
    }

    private string Summary(string field)
    {
        int expected = results.Comparison.Expected(field);
        int missing = results.Comparison.Differences.Count(difference => difference.Field == field && !difference.IsExtra);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {field} | {expected} | {missing} | {100.0 * (expected - missing) / Math.Max(1, expected):F2} % |");
    }

    /// <summary>The truth counts later IP fragments on port 0, PiTap on the flow that they belong to.</summary>
    private static bool IsFragmented(Difference difference) => difference.Field is "packets" or "bytes"
        && Listed().Contains(difference.ToString());

    private static HashSet<string> Listed()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "CONFORMANCE.md");
        return [.. File.ReadLines(path)
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`', StringComparison.Ordinal))
            .Select(static line => string.Join('|', line.Split('|')[..5]) + "|")];
    }
}
