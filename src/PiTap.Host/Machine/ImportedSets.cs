using PiTap.Catalogue;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Parties;
using PiTap.Host.Platform;
using PiTap.Store.Files;

namespace PiTap.Host.Machine;

/// <summary>
/// Sets of data that somebody imported: files in the folder <c>data</c> beside a store, which take the place of PiTap's own, or stand
/// beside them.
/// </summary>
internal sealed class ImportedSets(string databasePath)
{
    private const string FolderName = "data";
    private const string PackedSuffix = ".set";
    private const string TextSuffix = ".tsv";
    private const string NewSuffix = ".new";

    private readonly string _folder =
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(databasePath)) ?? Path.GetFullPath("."), FolderName);

    /// <summary>All lookups, with the imported sets in their places. A sentence if one of these is damaged.</summary>
    public Lookups Load()
    {
        Dictionary<string, ReadOnlyMemory<byte>> sets = new(StringComparer.Ordinal);
        foreach (string set in SetImport.Sets)
        {
            string path = PathOf(set);
            FileKind kind = FileKinds.Of(path);
            if (kind == FileKind.Nothing)
                continue;
            string? error = FileKinds.Obstacle(kind) is { } obstacle ? $"it is {obstacle}" : null;
            ReadOnlyMemory<byte> file = error is null ? Read(path, out error) : default;
            error ??= SetImport.Check(set, file);
            if (error is not null)
                throw new CliException($"The imported set {path} cannot be read: {error}. 'pitap data undo {set}' takes it out.");
            sets.Add(set, file);
        }
        return Lookups.Load(sets);
    }

    private static byte[]? Read(string path, out string? error)
    {
        error = null;
        try
        {
            byte[]? bytes = BoundedFile.Read(path, SetImport.MaxFileBytes);
            if (bytes is null)
                error = $"it has more than {SetImport.MaxFileBytes >> 20} MiB";
            return bytes;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StoreException)
        {
            error = failure.Message.TrimEnd('.');
            return null;
        }
    }

    /// <summary>Keeps a set: whole or not at all.</summary>
    public void Save(ImportedSet set)
    {
        Directory.CreateDirectory(_folder);
        string path = PathOf(set.Description.Name);
        string fresh = path + NewSuffix;
        File.Delete(fresh);
        using (FileStream file = new(fresh, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(set.File.Span);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>Takes a set out: false if there is none.</summary>
    public bool Remove(string set)
    {
        string path = PathOf(set);
        if (FileKinds.Of(path) == FileKind.Nothing)
            return false;
        File.Delete(path);
        return true;
    }

    private string PathOf(string set) => Path.Combine(_folder, set + (PartyLists.IsSet(set) ? TextSuffix : PackedSuffix));
}
