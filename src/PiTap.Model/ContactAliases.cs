namespace PiTap.Model;

/// <summary>
/// The aliases of a contact's host: who really runs a name often shows in what it is an alias of only. The first ones told are kept, so
/// that they are the same however packets fall into batches.
/// </summary>
public static class ContactAliases
{
    /// <summary>How many a contact keeps: the last ones before the address.</summary>
    public const int MaxKept = 4;

    /// <summary>The aliases to keep of all that a DNS answer has, in its order.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Count <= MaxKept ? answer : [.. answer.Skip(answer.Count - MaxKept)];
    }

    /// <summary>Those of a sum with those that came on top.</summary>
    public static IReadOnlyList<string> Join(IReadOnlyList<string> earlier, IReadOnlyList<string> later)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return earlier.Count > 0 ? earlier : later;
    }
}
