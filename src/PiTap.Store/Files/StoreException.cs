namespace PiTap.Store.Files;

/// <summary>Why a store cannot be opened or read: a sentence for people, with the file's name in it.</summary>
public sealed class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public StoreException()
    {
    }

    /// <summary>True if it cannot be read because another process writes it, which may have ended in a moment.</summary>
    public bool IsHeld { get; init; }
}

/// <summary>The file's bytes make no sense. Caught inside this room: the file is set aside and a fresh one begun.</summary>
internal sealed class StoreDamagedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// The one decision what is damage: what LiteDB says or trips over (<see cref="LiteCalls"/>), and what the formats refuse to read. A
    /// null reference or a failed cast of the program's is none: it is told as an error, and the store stays in its place.
    /// </summary>
    public static bool Is(Exception error) => error is StoreDamagedException or LiteDB.LiteException or InvalidDataException;

    /// <summary>True for what is neither damage nor the disk's: a mistake of the program's, which no repair of the store mends.</summary>
    public static bool IsMistake(Exception error) =>
        !Is(error) && error is not (StoreException or IOException or UnauthorizedAccessException or OutOfMemoryException);

    /// <summary>True if LiteDB takes one document for too large: that says nothing of the store.</summary>
    public static bool IsRefusal(Exception error) =>
        error is LiteDB.LiteException && error.Message.StartsWith("Document size exceed", StringComparison.Ordinal);
}
