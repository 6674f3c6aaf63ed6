using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>Layout 2 had a document for each contact.</summary>
internal static class ContactsByDevice
{
    public static void Apply(StoreEngine engine)
    {
        Dictionary<string, DeviceContacts> devices = new(StringComparer.Ordinal);
        List<BsonValue> old = [];
        foreach (BsonDocument document in engine.All(Schema.Contacts))
        {
            old.Add(document["_id"]);
            string device = document["device"].AsString;
            if (!devices.TryGetValue(device, out DeviceContacts? contacts))
                devices.Add(device, contacts = new DeviceContacts(device));
            contacts.Add(ToRecord(device, document), document[Documents.Written].AsInt64);
        }
        DocumentTable table = new(hasKeys: false);
        engine.Delete(Schema.Contacts, old);
        engine.Insert(Schema.Contacts, devices.Values.OrderByDescending(static contacts => contacts.Device, StringComparer.Ordinal)
            .Select(contacts => contacts.ToDocument(table)));
    }

    private static ContactRecord ToRecord(string device, BsonDocument document) => new()
    {
        Device = device,
        Host = document["host"].AsString,
        HostSource = KnownKinds.HostSource(document["source"].AsInt32),
        Flows = document["flows"].AsInt64,
        FlowsEncrypted = document["encrypted"].AsInt64,
        FlowsReadable = document["readable"].AsInt64,
        FlowsOpaque = document["opaque"].AsInt64,
        AppProtos = (ulong)document["apps"].AsInt64,
        PacketsUp = document["packetsUp"].AsInt64,
        PacketsDown = document["packetsDown"].AsInt64,
        BytesUp = document["bytesUp"].AsInt64,
        BytesDown = document["bytesDown"].AsInt64,
        FirstSeenNs = document["first"].AsInt64,
        LastSeenNs = document["last"].AsInt64,
    };
}
