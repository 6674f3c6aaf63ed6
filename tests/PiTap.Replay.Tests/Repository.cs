namespace PiTap.Replay.Tests;

/// <summary>Where the repository is, seen from a test that runs in its build folder.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Captures { get; } = Path.Combine(Root, "tests", "PiTap.Replay.Tests", "captures");

    /// <summary>Files that git would track: everything but what builds leave behind.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
            .Where(static file => !Relative(file).Split('/')
                .Any(static part => part is "bin" or "obj" or ".git" or "TestResults" or "artifacts"));

    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PiTap.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
