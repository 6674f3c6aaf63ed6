using LiteDB;

namespace PiTap.Store.Files;

/// <summary>
/// About how many bytes a document has, which LiteDB does not say: it bounds the documents that are in memory at one time.
/// </summary>
internal static class DocumentSize
{
    /// <summary>Type, name and end of a field or a place in a list, and a number.</summary>
    private const int ValueBytes = 24;

    public static long Of(BsonValue value) => ValueBytes + value.Type switch
    {
        BsonType.String => value.AsString.Length,
        BsonType.Binary => value.AsBinary.Length,
        BsonType.Array => value.AsArray.Sum(static item => Of(item)),
        BsonType.Document => value.AsDocument.Values.Sum(static field => Of(field)),
        _ => 0L,
    };
}
