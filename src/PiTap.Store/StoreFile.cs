using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Opening;
using PiTap.Store.Reading;
using PiTap.Store.State;

namespace PiTap.Store;

/// <summary>Reads a store that no process writes. The file is not changed, and may be on a disk that can only be read.</summary>
public static class StoreFile
{
    /// <summary>
    /// Why there can be no store under this name, whatever is in it: it is a folder, a link, a pipe, a socket or a device. Null if there
    /// may be one. Nothing is opened or changed.
    /// </summary>
    public static string? WhyNot(string path) => StoreOpening.WhyNot(path);

    /// <summary>
    /// Opens the file with what a cut-off run left in its log. A <see cref="StoreException"/> says in a sentence why that cannot be.
    /// </summary>
    public static IStoreReader OpenForReading(string path)
    {
        string full = StoreOpening.FullPath(path);
        if (!File.Exists(full))
            throw new StoreException($"There is no store {full}.");
        StoreLock? held = null;
        try
        {
            held = StoreLock.TakeShared(full);
            return Open(full, held);
        }
        catch (Exception error)
        {
            held?.Dispose();
            throw error switch
            {
                StoreException => error,
                UnauthorizedAccessException => new StoreException($"No permission to read the store {full}.", error),
                IOException => new StoreException($"The store {full} cannot be read: {error.Message}", error),
                _ => new StoreException($"The store {full} is damaged. ({error.Message})", error),
            };
        }
    }

    /// <summary>
    /// Deletes a store of that name with all that belongs to it, whatever is in it. False, with nothing changed, if a process writes or
    /// reads it, or if what has the name can be no store. Its lock stays: another process may be about to take it.
    /// </summary>
    public static bool TryDelete(string path)
    {
        string full = StoreOpening.FullPath(path);
        try
        {
            using StoreLock held = StoreLock.Take(full);
            SetAsideFiles.DeleteAll(full);
            File.Delete(full);
            File.Delete(PageLog.PathOf(full));
            return true;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private static StoreReader Open(string path, StoreLock? held)
    {
        if (new FileInfo(path).Length < DataFile.PageBytes || StoreOpening.IsForeign(path))
            throw new StoreException($"{path} is not a PiTap store.");
        StoreEngine engine = StoreEngine.Open(path, isReadOnly: true);
        try
        {
            if (!StoreOpening.CheckMeta(engine, path))
                throw new StoreException($"{path} is not a PiTap store.");
            BsonDocument meta = engine.Find(Schema.Meta, Schema.MetaId)!;
            int version = meta.Int(Schema.VersionField);
            if (version > Schema.Version)
                throw new StoreException($"The store {path} was made by a newer PiTap (layout {version}; this one knows {Schema.Version}).");
            if (version >= Schema.OldestReadVersion)
                return Reader(path, engine, held);
        }
        catch
        {
            StoreOpening.Close(engine);
            throw;
        }
        StoreOpening.Close(engine);
        return OpenOlder(path, held);
    }

    private static StoreReader Reader(string path, StoreEngine engine, StoreLock? held)
    {
        StoreState state = new(engine);
        state.LoadForReading();
        return new StoreReader(path, () => state, engine, held);
    }

    /// <summary>
    /// A store of a layout that is read no more as it is: a copy is brought up to date in a folder that nobody else may enter, and has no
    /// name any more once it is open. It takes the store's size of room there.
    /// </summary>
    private static StoreReader OpenOlder(string path, StoreLock? held)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("pitap-");
        string copy = Path.Combine(folder.FullName, Path.GetFileName(path));
        try
        {
            File.Copy(path, copy);
            if (File.Exists(PageLog.PathOf(path)))
                File.Copy(PageLog.PathOf(path), PageLog.PathOf(copy));
            StoreOpening opening = new(copy, TimeProvider.System, Migrations.All, Schema.Version);
            StoreOpening.Close(opening.Open().Engine);
            if (opening.Report.SetAsidePath is not null)
                throw new StoreException($"The store {path} is damaged. It is left as it is.");
            StoreEngine engine = StoreEngine.Open(copy, isReadOnly: true);
            try
            {
                return Reader(path, engine, held);
            }
            catch
            {
                StoreOpening.Close(engine);
                throw;
            }
        }
        catch (StoreException error)
        {
            throw new StoreException(error.Message.Replace(copy, path, StringComparison.Ordinal), error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
