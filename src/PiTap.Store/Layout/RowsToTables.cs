using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>Layout 3 had the values of contacts and of hours one behind the other, row by row, and nothing that said which ones they were.</summary>
internal static class RowsToTables
{
    private const string Totals = "totals";

    public static void Apply(StoreEngine engine)
    {
        DocumentTable contacts = new(hasKeys: false), hours = new(hasKeys: true);
        Replace(engine, Schema.Contacts, document => ReadContacts(document).ToDocument(contacts));
        Replace(engine, Schema.Hours, document => ReadHour(document).ToDocument(hours));
    }

    /// <summary>Those of a store of layout 1 or 2 have tables by now.</summary>
    private static void Replace(StoreEngine engine, string collection, Func<BsonDocument, BsonDocument> replace) =>
        engine.Update(collection, engine.All(collection).Where(Reads).Select(replace).ToList());

    /// <summary>True for a document of layout 3.</summary>
    private static bool Reads(BsonDocument document) => document.ContainsKey(Totals);

    private static DeviceContacts ReadContacts(BsonDocument document)
    {
        DeviceContacts contacts = new(document["_id"].AsString);
        ColumnReader reader = new(document[Totals].AsBinary);
        foreach (BsonValue host in document[DeviceContacts.Hosts].AsArray)
        {
            ContactRecord record = new()
            {
                Device = contacts.Device,
                Host = host.AsString,
                HostSource = KnownKinds.HostSource(reader.Byte()),
                Flows = reader.Int(),
                FlowsEncrypted = reader.Int(),
                FlowsReadable = reader.Int(),
                FlowsOpaque = reader.Int(),
                AppProtos = reader.UInt(),
                PacketsUp = reader.Int(),
                PacketsDown = reader.Int(),
                BytesUp = reader.Int(),
                BytesDown = reader.Int(),
                FirstSeenNs = reader.Int(),
                LastSeenNs = reader.Int(),
            };
            contacts.Put(new StoredContact(record, reader.Int()));
        }
        return contacts;
    }

    private static HourDocument ReadHour(BsonDocument document)
    {
        HourDocument hour = HourDocument.Begin(document);
        ColumnReader reader = new(document[Totals].AsBinary);
        int count = reader.Count();
        if (count > TableSource.MaxRows)
            throw new InvalidDataException("An hour's totals have too many devices.");
        string[] devices = new string[count];
        for (int i = 0; i < devices.Length; i++)
            devices[i] = reader.Text();
        for (int left = reader.Count(); left > 0; left--)
        {
            long minute = (long)Math.Min(reader.UInt(), 60);
            ulong device = reader.UInt();
            if (device >= (uint)devices.Length)
                throw new InvalidDataException("An hour's totals name a device that is not there.");
            hour.AddNumbered(new MinuteRecord(minute, devices[device], reader.Int(), reader.Int(), reader.Int(), reader.Int()));
        }
        return hour;
    }
}
