namespace PiTap.Store.Files;

/// <summary>What stands under a name, which is not followed where it is a link.</summary>
public enum FileKind
{
    /// <summary>No such name, or one that this user may not see.</summary>
    Nothing,

    /// <summary>A file with bytes in it.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, whatever it leads to.</summary>
    Link,

    /// <summary>A named pipe (fifo(7)): opening it may wait for ever.</summary>
    Pipe,

    /// <summary>A Unix socket.</summary>
    Socket,

    /// <summary>A device node.</summary>
    Device,
}

/// <summary>Looks without opening: to open a device is to use it.</summary>
public static class FileKinds
{
    /// <summary>The kind of file under a name.</summary>
    public static FileKind Of(string path)
    {
        if (OperatingSystem.IsLinux())
            return FileFacts.Of(path)?.Kind ?? FileKind.Nothing;
        if (Directory.Exists(path))
            return FileKind.Folder;
        FileInfo file = new(path);
        return file.LinkTarget is not null ? FileKind.Link : file.Exists ? FileKind.Regular : FileKind.Nothing;
    }

    /// <summary>The kind in words, with its article; null if a store may stand there.</summary>
    public static string? Obstacle(FileKind kind) => kind switch
    {
        FileKind.Nothing or FileKind.Regular => null,
        FileKind.Folder => "a folder",
        FileKind.Link => "a link",
        FileKind.Pipe => "a named pipe",
        FileKind.Socket => "a socket",
        _ => "a device",
    };
}
