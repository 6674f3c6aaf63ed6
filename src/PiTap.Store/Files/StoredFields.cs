using LiteDB;

namespace PiTap.Store.Files;

/// <summary>
/// Fields of documents that have no checksum, as they were written: one that is missing or of another kind is damage, an
/// <see cref="InvalidDataException"/>. LiteDB's own accessors give null or whatever a cast throws.
/// </summary>
internal static class StoredFields
{
    public static string Text(this BsonDocument document, string field) =>
        document[field] is { IsString: true } value ? value.AsString : throw Wrong(field);

    public static string? TextOrNull(this BsonDocument document, string field) => document[field].IsNull ? null : document.Text(field);

    public static int Int(this BsonDocument document, string field) =>
        document[field] is { IsInt32: true } value ? value.AsInt32 : throw Wrong(field);

    public static long Long(this BsonDocument document, string field) =>
        document[field] is { IsInt64: true } or { IsInt32: true } ? document[field].AsInt64 : throw Wrong(field);

    public static bool Flag(this BsonDocument document, string field) =>
        document[field] is { IsBoolean: true } value ? value.AsBoolean : throw Wrong(field);

    public static byte[] Bytes(this BsonDocument document, string field) =>
        document[field] is { IsBinary: true } value ? value.AsBinary : throw Wrong(field);

    public static BsonArray List(this BsonDocument document, string field) =>
        document[field] is { IsArray: true } value ? value.AsArray : throw Wrong(field);

    /// <summary>A list of documents.</summary>
    public static IEnumerable<BsonDocument> Documents(this BsonDocument document, string field) =>
        document.List(field).Select(item => item.IsDocument ? item.AsDocument : throw Wrong(field));

    private static InvalidDataException Wrong(string field) => new($"A document's field '{field}' is missing or of another kind.");
}
