namespace PiTap.Store.Files;

/// <summary>What the operating system's refusals mean, in sentences.</summary>
internal static class DiskErrors
{
    // .NET hands the raw errno of Linux and macOS on in HResult.
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;
    private const int DiskFullWindows = unchecked((int)0x80070070);

    public static bool IsFull(Exception error) => error is IOException { HResult: NoSpace or QuotaLinux or QuotaMac or DiskFullWindows };

    /// <summary>Why the store cannot be opened, with its name.</summary>
    public static StoreException OnOpen(string path, Exception error) => new(error switch
    {
        StoreException => error.Message,
        UnauthorizedAccessException => $"No permission to write the store {path} or its folder.",
        _ when IsFull(error) => $"The disk that holds the store {path} is full.",
        IOException { HResult: ReadOnly } => $"The store {path} is on a disk that can only be read.",
        DirectoryNotFoundException => $"The folder of the store {path} does not exist and cannot be made.",
        _ => $"The store {path} cannot be opened: {error.Message}",
    }, error);

    /// <summary>Why writing stopped for now.</summary>
    public static string OnWrite(string path, Exception error) => IsFull(error)
        ? $"The disk that holds the store {path} is full: records wait in memory and are written as soon as there is room."
        : $"The store {path} cannot be written: {error.Message} Records wait in memory, and writing is tried again each second.";
}
