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
    /// Whatever LiteDB throws that is neither the disk's refusal nor a sentence of ours: it trusts its pages, and trips over what they
    /// say.
    /// </summary>
    public static bool Is(Exception error) =>
        error is not (StoreException or IOException or UnauthorizedAccessException or OutOfMemoryException);

    /// <summary>True if LiteDB takes one document for too large: that says nothing of the store.</summary>
    public static bool IsRefusal(Exception error) =>
        error is LiteDB.LiteException && error.Message.StartsWith("Document size exceed", StringComparison.Ordinal);
}
