using LiteDB;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>The store's layout: which collections there are, and the version of it all.</summary>
internal static class Schema
{
    /// <summary>Version of the layout that this code reads and writes.</summary>
    public const int Version = 5;

    /// <summary>Version of the oldest layout that a store has which can be read without writing it.</summary>
    public const int OldestReadVersion = Version - 1;

    /// <summary>One document: what the file is (<see cref="Application"/>), its version, the next run's number.</summary>
    public const string Meta = "meta";

    public const string Runs = "runs";
    public const string Devices = "devices";

    /// <summary>One document a device, with its contacts in it.</summary>
    public const string Contacts = "contacts";

    /// <summary>One document an hour, for all devices' minutes.</summary>
    public const string Hours = "hours";

    /// <summary>
    /// What a flush brought, a document each, until it is folded: states of flows and lookups into blocks, totals and devices into their
    /// documents.
    /// </summary>
    public const string Journal = "journal";

    /// <summary>Heads of sealed blocks; the bytes stand in the collection of the same name with "Data" behind it.</summary>
    public const string Flows = "flows";

    public const string Lookups = "lookups";

    /// <summary>
    /// A document for each one that was found damaged when the store was opened for writing, and taken out: from which collection, and
    /// when. Until retention deletes it, readers are told of it.
    /// </summary>
    public const string Damaged = "damaged";

    public const string DamagedFrom = "from";

    /// <summary>Collections whose documents have a checksum (<see cref="DocumentSeal"/>); those of blocks have it in their bytes.</summary>
    public static IReadOnlyList<string> Sealed { get; } = [Contacts, Devices, Hours];

    /// <summary>The first layout with these checksums.</summary>
    private const int FirstSealedVersion = 5;

    public const string Application = "PiTap";
    public static readonly BsonValue MetaId = "store";

    public const string ApplicationField = "application";
    public const string VersionField = "schemaVersion";
    public const string NextRunField = "nextRun";

    /// <summary>True if each document of <see cref="Sealed"/> has its checksum in this store.</summary>
    public static bool HasSeals(StoreEngine engine) =>
        engine.Find(Meta, MetaId) is { } meta && meta.Int(VersionField) >= FirstSealedVersion;

    public static BsonDocument NewMeta(int version) => new()
    {
        ["_id"] = MetaId,
        [ApplicationField] = Application,
        [VersionField] = version,
        [NextRunField] = 1,
    };
}
