using PiTap.Catalogue.Profiles;
using PiTap.Host.Platform;

namespace PiTap.Host.Machine;

/// <summary>The profiles of apps: PiTap's own, and the files in the folder <c>profiles</c> beside a store, if there is one.</summary>
internal static class AppProfiles
{
    private const string FolderName = "profiles";

    /// <summary>All of them. A sentence if a file of the user's is wrong.</summary>
    /// <param name="db">The store; null for PiTap's own profiles alone.</param>
    public static Profiles Load(string? db)
    {
        string? folder = db is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(db)) ?? ".", FolderName);
        return Profiles.Load(Directory.Exists(folder) ? folder : null);
    }

    /// <summary>The one of this identifier. A sentence with the others if there is none.</summary>
    public static AppProfile Find(string? db, string id)
    {
        Profiles profiles = Load(db);
        return profiles.TryFind(id, out AppProfile? profile)
            ? profile
            : throw new CliException($"--profile: there is no profile '{id}'; there are "
                + string.Join(", ", profiles.All.Select(static known => known.Id)) + ".", ExitCode.Usage);
    }
}
