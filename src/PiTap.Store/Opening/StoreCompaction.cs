using LiteDB;
using PiTap.Store.Blocks;
using PiTap.Store.Files;

namespace PiTap.Store.Opening;

/// <summary>Gives free pages back to the disk by copying what is there into a new file, which then takes the old one's name.</summary>
internal static class StoreCompaction
{
    /// <summary>It is worth the copy where this much is free, in bytes, and more than is used.</summary>
    private const long MinFreeBytes = 16 << 20;

    private const long CopyAtOnceBytes = 8 << 20;

    /// <summary>Documents, and bytes of them, in memory at one time: one may have many bytes.</summary>
    private const int DocumentsAtOnce = 64;

    private const long BytesAtOnce = 1 << 20;

    public static string PathOf(string storePath) => storePath + ".compact";

    public static bool IsDue(StoreEngine engine)
    {
        engine.Checkpoint();
        (long used, long free) = engine.Usage();
        return free >= MinFreeBytes && free > used;
    }

    /// <summary>Removes what an interrupted copy left behind.</summary>
    public static void CleanUp(string storePath)
    {
        File.Delete(PathOf(storePath));
        File.Delete(PageLog.PathOf(PathOf(storePath)));
    }

    /// <summary>
    /// Copies everything, or what a filter makes of each document of a collection: null leaves it out. Blocks' bytes come before their
    /// heads. The copy belongs to whom the store belongs to, from its first byte on. An error leaves the store as it is.
    /// </summary>
    public static void Copy(StoreEngine from, string storePath, Func<string, BsonDocument, BsonDocument?>? filter = null)
    {
        CleanUp(storePath);
        try
        {
            FileRights.ToInherit(storePath)?.Create(PathOf(storePath));
            using StoreEngine to = StoreEngine.Open(PathOf(storePath), isReadOnly: false);
            to.Initialise();
            foreach (string collection in from.Collections().OrderByDescending(static name => name.EndsWith(BlockHead.DataSuffix, StringComparison.Ordinal)))
                CopyCollection(from, to, collection, filter);
            to.Checkpoint();
        }
        catch
        {
            CleanUp(storePath);
            throw;
        }
    }

    /// <summary>The copy takes the store's name, all at once; nobody has either open. An error leaves the store as it is.</summary>
    public static void TakePlace(string storePath)
    {
        try
        {
            File.Move(PathOf(storePath), storePath, overwrite: true);
        }
        catch
        {
            CleanUp(storePath);
            throw;
        }
    }

    private static void CopyCollection(StoreEngine from, StoreEngine to, string collection, Func<string, BsonDocument, BsonDocument?>? filter)
    {
        List<BsonDocument> part = [];
        long bytes = 0;
        foreach (BsonDocument document in from.All(collection))
        {
            if ((filter is null ? document : filter(collection, document)) is not { } left)
                continue;
            part.Add(left);
            bytes += DocumentSize.Of(left);
            if (part.Count < DocumentsAtOnce && bytes < BytesAtOnce)
                continue;
            Insert(to, collection, part);
            bytes = 0;
        }
        Insert(to, collection, part);
    }

    private static void Insert(StoreEngine to, string collection, List<BsonDocument> part)
    {
        if (part.Count > 0)
            to.Transact(() => to.Insert(collection, part));
        part.Clear();
        if (to.LogBytes >= CopyAtOnceBytes)
            to.Checkpoint();
    }
}
