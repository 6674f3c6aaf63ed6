using System.Buffers.Binary;
using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>
/// The checksum in each document of contacts, devices and hours, as LiteDB's pages have none: CRC-32C over the names, kinds and values of
/// all other fields, in their order. It tells a damaged document from a good one, so that it costs no more than itself.
/// </summary>
internal static class DocumentSeal
{
    /// <summary>The field.</summary>
    public const string Field = "crc";

    /// <summary>What a value begins with in the sum, so that none is taken for one of another kind.</summary>
    private enum Kind : byte
    {
        Null = 1,
        Bool,
        Number,
        Text,
        Bytes,
        List,
        Document,
    }

    /// <summary>Seals the document as it is now, and returns it.</summary>
    public static BsonDocument Seal(BsonDocument document)
    {
        document[Field] = unchecked((int)SumOf(document));
        return document;
    }

    /// <summary>An <see cref="InvalidDataException"/> if the document is not as it was sealed. One without a seal is older.</summary>
    public static BsonDocument Check(BsonDocument document)
    {
        if (document.TryGetValue(Field, out BsonValue sum) && (!sum.IsInt32 || unchecked((uint)sum.AsInt32) != SumOf(document)))
            throw new InvalidDataException("The document's checksum is wrong.");
        return document;
    }

    /// <summary>True if the document could be read; false if it is damaged.</summary>
    /// <param name="document">Null if LiteDB could make nothing of it.</param>
    /// <param name="hasSeal">True if the layout has seals (<see cref="Schema.HasSeals"/>).</param>
    /// <param name="read">What the document holds; it checks the seal.</param>
    /// <param name="value">That.</param>
    public static bool TryRead<T>(BsonDocument? document, bool hasSeal, Func<BsonDocument, T> read, out T value)
    {
        value = default!;
        if (document is null || hasSeal && !document.ContainsKey(Field))
            return false;
        try
        {
            value = read(document);
            return true;
        }
        catch (Exception error) when (StoreDamagedException.Is(error) || !hasSeal && StoreDamagedException.IsMistake(error))
        {
            // Without a seal a field may be of any kind, and reading it throw what a failed cast does.
            return false;
        }
    }

    private static uint SumOf(BsonDocument document) => Add(document, Crc32C.First);

    private static uint Add(BsonDocument document, uint sum)
    {
        foreach ((string name, BsonValue value) in document.GetElements())
        {
            if (name != Field)
                sum = Add(value, Add(name, sum));
        }
        return sum;
    }

    private static uint Add(BsonValue value, uint sum) => value.Type switch
    {
        BsonType.Null => Add(Kind.Null, 0, sum),
        BsonType.Boolean => Add(Kind.Bool, value.AsBoolean ? 1 : 0, sum),
        BsonType.Int32 or BsonType.Int64 => Add(Kind.Number, value.AsInt64, sum),
        BsonType.String => Add(value.AsString, sum),
        BsonType.Binary => Crc32C.Add(value.AsBinary, Add(Kind.Bytes, value.AsBinary.Length, sum)),
        BsonType.Array => value.AsArray.Aggregate(Add(Kind.List, value.AsArray.Count, sum), static (sum, item) => Add(item, sum)),
        BsonType.Document => Add(value.AsDocument, Add(Kind.Document, value.AsDocument.Count, sum)),
        _ => throw new InvalidDataException("The document has a field of a kind that is never written."),
    };

    private static uint Add(string text, uint sum) =>
        Crc32C.Add(MemoryMarshal.AsBytes(text.AsSpan()), Add(Kind.Text, text.Length, sum));

    private static uint Add(Kind kind, long value, uint sum)
    {
        Span<byte> bytes = stackalloc byte[1 + sizeof(long)];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[1..], value);
        return Crc32C.Add(bytes, sum);
    }
}
