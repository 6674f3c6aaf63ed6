using System.Collections.Concurrent;
using LiteDB;
using LiteDB.Engine;

namespace PiTap.Store.Files;

/// <summary>
/// Tells what LiteDB trips over from mistakes of the program's. It trusts its pages, and throws whatever comes of what they say: null
/// references, indices out of range, failed casts. Thrown in here that is damage; the same thrown anywhere else is not.
/// </summary>
internal sealed class LiteCalls
{
    /// <summary>
    /// Engines that tripped, for ever: a transaction that LiteDB could not end throws in its finalizer, which ends the process. One that
    /// is reachable is not finalized.
    /// </summary>
    private static readonly ConcurrentBag<LiteEngine> s_tripped = [];

    private bool _hasTripped;

    /// <summary>What was thrown by the caller's own documents, which LiteDB asks for in the middle of a call.</summary>
    private Exception? _ofDocuments;

    /// <summary>Calls LiteDB. Its own exceptions and the disk's stay; any other is a <see cref="StoreDamagedException"/>.</summary>
    public T Ask<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (LiteException)
        {
            _hasTripped = true;
            throw;
        }
        catch (Exception error) when (!ReferenceEquals(error, _ofDocuments) && IsTrip(error))
        {
            _hasTripped = true;
            throw new StoreDamagedException(error.Message, error);
        }
    }

    /// <summary>Ends an engine.</summary>
    public void End(LiteEngine engine)
    {
        if (_hasTripped)
            s_tripped.Add(engine);
        Do(engine.Dispose);
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

    private static bool IsTrip(Exception error) => error is not (LiteException or StoreDamagedException or StoreException
        or InvalidDataException or IOException or UnauthorizedAccessException or OutOfMemoryException);
}
