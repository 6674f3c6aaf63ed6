using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Profiles;
using PiTap.Host.Platform;

namespace PiTap.Host.Machine;

/// <summary>The profiles of apps: PiTap's own, and the files in the folder <c>profiles</c> beside a store, if there is one.</summary>
internal static class AppProfiles
{
    private const string FolderName = "profiles";

    /// <summary>Recipients that a sentence names.</summary>
    private const int MaxNamed = 5;

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

    /// <summary>
    /// A sentence if a profile declares whom neither the tables know by that name nor the profile by a domain; null otherwise. Nothing on
    /// the wire could be told to be theirs, and so they would seem undeclared.
    /// </summary>
    public static string? UnknownRecipients(AppProfile profile, DomainParties parties)
    {
        string[] unknown =
        [
            .. profile.Declared.Where(recipient => recipient.Domains.Count == 0 && !parties.HasCompany(recipient.Company))
                .Select(static recipient => $"'{recipient.Company}'"),
        ];
        if (unknown.Length == 0)
            return null;
        string names = string.Join(", ", unknown.Take(MaxNamed))
            + (unknown.Length > MaxNamed ? $" and {unknown.Length - MaxNamed} more" : "");
        return $"The profile '{profile.Id}' declares {names}, which no table has: what goes there counts as undeclared. Write the name as "
            + "'pitap parties' shows it, or give its domains in the profile.";
    }
}
