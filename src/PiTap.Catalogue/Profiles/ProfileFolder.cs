namespace PiTap.Catalogue.Profiles;

/// <summary>A folder of the user's with profiles.</summary>
internal sealed class ProfileFolder(string path)
{
    /// <summary>Files of a folder: far above what people write.</summary>
    public const int MaxFiles = 250;

    /// <summary>Bytes of a file: a hundred times those of most.</summary>
    public const int MaxFileBytes = 64 << 10;

    private const string Pattern = "*.json";
    private const string Schema = "profile.schema.json";

    /// <summary>Hands the bytes of every file to the reader, by name. A schema that lies beside them is no profile.</summary>
    public void ReadAll(ProfileReader reader)
    {
        if (!Directory.Exists(path))
        {
            reader.Refuse(path, "There is no such folder. Make it, or name another one.");
            return;
        }
        string[] files = [.. Directory.EnumerateFileSystemEntries(path, Pattern)
            .Where(static file => Path.GetFileName(file) != Schema).Take(MaxFiles + 1).Order(StringComparer.Ordinal)];
        if (files.Length > MaxFiles)
        {
            reader.Refuse(path, $"There are more than {MaxFiles} files {Pattern} in it. Move some of them elsewhere.");
            return;
        }
        foreach (string file in files)
        {
            if (Obstacle(new FileInfo(file)) is string obstacle)
                reader.Refuse(file, obstacle);
            else
                Read(file, reader);
        }
    }

    /// <summary>
    /// A sentence for what is no file with something in it. It has to be known before the file is opened: opening a pipe waits for whoever
    /// writes to it. Pipes, sockets and devices have no length.
    /// </summary>
    private static string? Obstacle(FileInfo file)
    {
        if (file.LinkTarget is not null)
            return "It is a link. Put the file itself in its place.";
        if (file.Attributes.HasFlag(FileAttributes.Directory))
            return "It is a folder. Give it a name without .json, or take it out.";
        return file.Length == 0 ? "It is empty, or no file. Fill it, or take it out." : null;
    }

    private static void Read(string file, ProfileReader reader)
    {
        byte[] bytes = new byte[MaxFileBytes + 1];
        using FileStream stream = File.OpenRead(file);
        int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (count > MaxFileBytes)
            reader.Refuse(file, $"It has more than {MaxFileBytes} bytes. A profile needs less: shorten it.");
        else
            reader.Read(file, bytes.AsMemory(0, count));
    }
}
