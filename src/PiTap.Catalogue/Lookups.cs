using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Packed;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Places;
using PiTap.Catalogue.Suffixes;
using PiTap.Catalogue.Vendors;

namespace PiTap.Catalogue;

/// <summary>All of the catalogue: who runs a name or an address, and where. Immutable; any thread may ask it.</summary>
public sealed class Lookups
{
    private readonly Dictionary<string, Func<bool>> _checks;

    internal Lookups(LookupParts parts)
    {
        Addresses = new AddressTable(
            parts.Hosted!, parts.HostedSecond!, parts.Networks!, parts.NetworkCountries!, parts.Anycast!);
        Vendors = parts.Vendors!;
        OwnParties = parts.OwnParties!;
        Domains = new DomainParties(OwnParties, parts.Lists, parts.ThirdParties!);
        Suffixes = parts.Suffixes!;
        CountryNames = parts.CountryNames!;
        CountryGroups = parts.CountryGroups!;
        Sets = [.. parts.Sets.Select(static set => set.Description).OrderBy(static set => set.Name, StringComparer.Ordinal)];
        _checks = parts.Sets.ToDictionary(static set => set.Description.Name, static set => set.IsWhole, StringComparer.Ordinal);
    }

    /// <summary>Where addresses are hosted and who announces them.</summary>
    public AddressTable Addresses { get; }

    /// <summary>Vendors by MAC address.</summary>
    public VendorSet Vendors { get; }

    /// <summary>PiTap's own table, with its rows by network and by address.</summary>
    public PartyTable OwnParties { get; }

    /// <summary>Who runs what stands behind a name.</summary>
    public DomainParties Domains { get; }

    /// <summary>Which part of a name somebody registered.</summary>
    public PublicSuffixes Suffixes { get; }

    /// <summary>What countries are called.</summary>
    public CountryNames CountryNames { get; }

    /// <summary>Which groups countries belong to.</summary>
    public CountryGroups CountryGroups { get; }

    /// <summary>All sets, by name: what they are, of which day, from where and under which licence.</summary>
    public IReadOnlyList<SetDescription> Sets { get; }

    /// <summary>Loads the data that the program carries. Throws where they are damaged: then the program's file is.</summary>
    public static Lookups Load() => Load(new Dictionary<string, ReadOnlyMemory<byte>>());

    /// <summary>Loads them with others in their place, or beside them.</summary>
    /// <param name="imported">
    /// Sets by name, for example <c>hosted</c> or <c>disconnect</c>; each was checked (<c>SetImport.Check</c>).
    /// </param>
    public static Lookups Load(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> imported) =>
        Parse([.. EmbeddedData.Names, .. PartyLists.All.Where(list => imported.ContainsKey(list.Set)).Select(LookupParts.FileOf)],
            name => imported.TryGetValue(Path.GetFileNameWithoutExtension(name), out ReadOnlyMemory<byte> file)
                ? file : EmbeddedData.Read(name), out IReadOnlyList<string> errors)
        ?? throw new InvalidDataException("PiTap's own data are damaged; install it again: " + string.Join("; ", errors.Take(3)));

    /// <summary>
    /// True if the set's bytes are those that its checksum was made from; a set without a checksum was read whole when it was loaded. Reads
    /// the whole file.
    /// </summary>
    public bool IsWhole(SetDescription set) => _checks[set.Name]();

    /// <summary>Null, and a sentence for each fault, if any of the files is damaged.</summary>
    /// <param name="names">All files.</param>
    /// <param name="read">Their bytes.</param>
    /// <param name="errors">What is wrong, each with the file's name.</param>
    internal static Lookups? Parse(
        IReadOnlyList<string> names, Func<string, ReadOnlyMemory<byte>> read, out IReadOnlyList<string> errors)
    {
        LookupParts parts = new(names, read);
        errors = parts.Errors;
        return errors.Count == 0 ? new Lookups(parts) : null;
    }
}
