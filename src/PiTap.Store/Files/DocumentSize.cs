using LiteDB;

namespace PiTap.Store.Files;

/// <summary>About how many bytes a document has, which LiteDB does not say: what bounds the documents that are in memory at one time.</summary>
internal static class DocumentSize
{
    /// <summary>Type, name and end of a field or a place in a list, and a number.</summary>
    private const int ValueBytes = 24;

    public static long Of(BsonValue value)
    {
        long bytes = ValueBytes;
        if (value.IsString)
        {
            bytes += value.AsString.Length;
        }
        else if (value.IsBinary)
        {
            bytes += value.AsBinary.Length;
        }
        else if (value.IsArray)
        {
            foreach (BsonValue item in value.AsArray)
                bytes += Of(item);
        }
        else if (value.IsDocument)
        {
            foreach (BsonValue field in value.AsDocument.Values)
                bytes += Of(field);
        }
        return bytes;
    }
}
