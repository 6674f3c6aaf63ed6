using System.Diagnostics.CodeAnalysis;
using System.Text;
using PiTap.Catalogue.Suffixes;

namespace PiTap.Catalogue.Profiles;

/// <summary>The profiles of apps: those that PiTap carries, and those in a folder of the user's. Immutable.</summary>
public sealed class Profiles
{
    private const string Folder = "profiles/";
    private const string SuffixesFile = "sets/public-suffixes.txt";

    private readonly Dictionary<string, AppProfile> _byId;

    private Profiles(IEnumerable<AppProfile> profiles)
    {
        All = [.. profiles.OrderBy(static profile => profile.Id, StringComparer.Ordinal)];
        _byId = All.ToDictionary(static profile => profile.Id, StringComparer.Ordinal);
    }

    /// <summary>All of them, by their identifiers.</summary>
    public IReadOnlyList<AppProfile> All { get; }

    /// <summary>
    /// Loads the profiles that the program carries, and all files <c>*.json</c> of a folder. Throws <see cref="ProfileException"/> where
    /// one of these is not whole, and what the file system throws where one cannot be read: none is left out in silence.
    /// </summary>
    /// <param name="userFolder">The user's folder; null for none.</param>
    public static Profiles Load(string? userFolder)
    {
        PublicSuffixes suffixes = PublicSuffixes.Parse(Encoding.UTF8.GetString(EmbeddedData.Read(SuffixesFile).Span), out string? error)
            ?? throw new InvalidDataException($"PiTap's own data are damaged; install it again: {SuffixesFile}: {error}");
        ProfileReader reader = new(suffixes);
        foreach (string name in EmbeddedData.Names.Where(static name => name.StartsWith(Folder, StringComparison.Ordinal)))
            reader.Read(name[Folder.Length..], EmbeddedData.Read(name));
        if (userFolder is not null)
            new ProfileFolder(userFolder).ReadAll(reader);
        return reader.Errors.Count == 0 ? new Profiles(reader.Profiles) : throw new ProfileException(reader.Errors);
    }

    /// <summary>False if there is no profile of this identifier.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out AppProfile? profile) => _byId.TryGetValue(id, out profile);
}
