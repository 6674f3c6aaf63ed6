namespace PiTap.Store;

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
}

/// <summary>The file's bytes make no sense. Caught inside this room: the file is set aside and a fresh one begun.</summary>
internal sealed class StoreDamagedException(string message, Exception? inner = null) : Exception(message, inner);
