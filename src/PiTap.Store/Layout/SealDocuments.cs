using LiteDB;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>Layout 4 had no checksum in the documents of contacts, devices and hours.</summary>
internal static class SealDocuments
{
    /// <summary>What LiteDB cannot read stays as it is, without a seal, and so is found damaged.</summary>
    public static void Apply(StoreEngine engine)
    {
        foreach (string collection in Schema.Sealed)
        {
            foreach ((_, BsonDocument? document) in engine.Each(collection))
            {
                if (document is not null)
                    engine.Update(collection, [DocumentSeal.Seal(document)]);
            }
        }
    }
}
