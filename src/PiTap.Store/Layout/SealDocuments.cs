using LiteDB;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>Layout 4 had no checksum in the documents of contacts, devices and hours.</summary>
internal static class SealDocuments
{
    /// <summary>What cannot be read stays as it is, without a seal, and so is found damaged.</summary>
    public static void Apply(StoreEngine engine)
    {
        Seal(engine, Schema.Contacts, DeviceContacts.From);
        Seal(engine, Schema.Devices, Documents.ToDevice);
        Seal(engine, Schema.Hours, HourDocument.From);
    }

    private static void Seal<T>(StoreEngine engine, string collection, Func<BsonDocument, T> read)
    {
        foreach ((_, BsonDocument? document) in engine.Each(collection))
        {
            if (DocumentSeal.TryRead(document, hasSeal: false, read, out _))
                engine.Update(collection, [DocumentSeal.Seal(document!)]);
        }
    }
}
