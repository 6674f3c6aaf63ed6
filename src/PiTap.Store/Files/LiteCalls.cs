using LiteDB;

namespace PiTap.Store.Files;

/// <summary>
/// Tells what LiteDB trips over from mistakes of the program's. It trusts its pages, and throws whatever comes of what they say: null
/// references, indices out of range, failed casts. Thrown in here that is damage; the same thrown anywhere else is not.
/// </summary>
internal sealed class LiteCalls
{
    /// <summary>What was thrown by the caller's own documents, which LiteDB asks for in the middle of a call.</summary>
    private Exception? _ofDocuments;

    /// <summary>Calls LiteDB. Its own exceptions and the disk's stay as they are; any other is a <see cref="StoreDamagedException"/>.</summary>
    public T Ask<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (!ReferenceEquals(error, _ofDocuments) && IsTrip(error))
        {
            throw new StoreDamagedException(error.Message, error);
        }
    }

    /// <summary>As <see cref="Ask{T}"/>, without an answer.</summary>
    public void Do(Action call) => Ask(() =>
    {
        call();
        return true;
    });

    /// <summary>The documents, one at a time: a mistake in making one is no fault of the store's.</summary>
    public IEnumerable<BsonDocument> Handed(IEnumerable<BsonDocument> documents)
    {
        using IEnumerator<BsonDocument> each = documents.GetEnumerator();
        while (Next(each))
            yield return each.Current;
    }

    private bool Next(IEnumerator<BsonDocument> each)
    {
        try
        {
            return each.MoveNext();
        }
        catch (Exception error)
        {
            _ofDocuments = error;
            throw;
        }
    }

    private static bool IsTrip(Exception error) => error is not (LiteException or StoreDamagedException or StoreException or InvalidDataException
        or IOException or UnauthorizedAccessException or OutOfMemoryException);
}
