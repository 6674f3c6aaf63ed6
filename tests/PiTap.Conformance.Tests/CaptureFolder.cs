namespace PiTap.Conformance.Tests;

/// <summary>
/// The folder of real captures with ground truth beside them. It is no part of the project: <c>PITAP_CAPTURES</c> names it, and where there
/// is none, the tests that need it say that they were skipped.
/// </summary>
internal static class CaptureFolder
{
    private const string TruthEnding = ".truth.json";

    public static string? Path { get; } = Find();

    /// <summary>Paths of the captures that have a truth, relative to the folder.</summary>
    public static IReadOnlyList<string> WithTruth() => Path is null ? [] :
        [.. Directory.EnumerateFiles(Path, "*" + TruthEnding, SearchOption.AllDirectories)
            .Select(static file => System.IO.Path.GetRelativePath(Path!, file[..^TruthEnding.Length]))
            .Where(static file => !file.StartsWith("robust", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    /// <summary>Paths of the malformed captures.</summary>
    public static IReadOnlyList<string> Robust() => Path is null ? [] :
        [.. Directory.EnumerateFiles(System.IO.Path.Combine(Path, "robust"), "*.pcap*", SearchOption.AllDirectories)
            .Where(static file => file.EndsWith(".pcap", StringComparison.Ordinal) || file.EndsWith(".pcapng", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public static string Full(string relative) => System.IO.Path.Combine(Path!, relative);

    public static string TruthOf(string relative) => Full(relative) + TruthEnding;

    /// <summary>Ends a test as skipped where there is no folder.</summary>
    public static void Require() =>
        Assert.SkipWhen(Path is null, "no captures with ground truth: set PITAP_CAPTURES to their folder");

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("PITAP_CAPTURES");
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(named) ? named : null;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "PiTap.sln")))
                continue;
            string beside = System.IO.Path.Combine(folder.FullName, "..", "shared", "captures");
            return Directory.Exists(beside) ? System.IO.Path.GetFullPath(beside) : null;
        }
        return null;
    }
}
