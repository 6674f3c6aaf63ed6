using LiteDB;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>One step from a version of the layout to the next. It runs inside the transaction that also writes the new version.</summary>
internal sealed record Migration(int FromVersion, Action<StoreEngine> Apply);

/// <summary>The steps from the oldest version that is still read to <see cref="Schema.Version"/>, without gaps.</summary>
internal static class Migrations
{
    public static IReadOnlyList<Migration> All { get; } = [new(1, MinutesToHours.Apply), new(2, ContactsByDevice.Apply), new(3, RowsToTables.Apply), new(4, SealDocuments.Apply)];

    /// <summary>Brings an open store to a version, one transaction a step. Returns the version that it had.</summary>
    public static int Run(StoreEngine engine, string path, IReadOnlyList<Migration> steps, int target)
    {
        BsonDocument meta = engine.Find(Schema.Meta, Schema.MetaId) ?? throw new StoreDamagedException("The store has no version.");
        int found = meta.Int(Schema.VersionField);
        if (found > target)
            throw new StoreException($"The store {path} was made by a newer PiTap (layout {found}; this one knows {target}). It is left as it is.");
        for (int version = found; version < target; version++)
        {
            Migration step = steps.FirstOrDefault(s => s.FromVersion == version)
                ?? throw new StoreException($"The store {path} has layout {found}, which this PiTap no longer reads.");
            meta[Schema.VersionField] = version + 1;
            try
            {
                // Documents that LiteDB trips over are known before anything is changed.
                foreach (string collection in Schema.Sealed)
                    _ = engine.Each(collection).Count();
                engine.Transact(() =>
                {
                    step.Apply(engine);
                    engine.Upsert(Schema.Meta, [meta]);
                });
            }
            catch (Exception error) when (StoreDamagedException.Is(error) || StoreDamagedException.IsMistake(error))
            {
                // Whether the store or the step is at fault is for people to find out: the file stays in its place.
                throw new StoreException($"The store {path} cannot be brought from layout {version} to {version + 1}; it is left as it is. ({error.Message})", error);
            }
        }
        return found;
    }
}
