namespace PiTap.Host.Arguments;

/// <summary>Where the store is when nobody says.</summary>
internal static class DefaultPaths
{
    private const string FileName = "pitap.db";

    /// <summary>Root's.</summary>
    public const string RootsDatabase = "/var/lib/pitap/" + FileName;

    /// <summary>
    /// For root <c>/var/lib/pitap</c>; for others <c>$XDG_DATA_HOME/pitap</c> or <c>~/.local/share/pitap</c>. A relative
    /// XDG_DATA_HOME is ignored, as its specification asks, and so is a relative home: null if there is no place. The working folder,
    /// which may be anybody's, is none.
    /// </summary>
    public static string? Database(bool isRoot, string? xdgDataHome, string? home)
    {
        if (isRoot)
            return RootsDatabase;
        if (xdgDataHome is { Length: > 0 } && Path.IsPathRooted(xdgDataHome))
            return Path.Combine(xdgDataHome, "pitap", FileName);
        return home is { Length: > 0 } && Path.IsPathRooted(home) ? Path.Combine(home, ".local", "share", "pitap", FileName) : null;
    }

    /// <summary>The same for this process.</summary>
    public static string? Database() => Database(
        Environment.IsPrivilegedProcess,
        Environment.GetEnvironmentVariable("XDG_DATA_HOME"),
        Environment.GetEnvironmentVariable("HOME"));
}
