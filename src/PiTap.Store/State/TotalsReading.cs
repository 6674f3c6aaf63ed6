using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// Contacts, devices and hours as they are now: the documents, and what the journal has on top of them. Documents and parts of the journal
/// that cannot be read are counted.
/// </summary>
internal static class TotalsReading
{
    /// <summary>In no order.</summary>
    public static List<ContactRecord> Contacts(StoreEngine engine, out int damaged)
    {
        Dictionary<string, DeviceContacts> devices = Read(engine, Schema.Contacts, DeviceContacts.From, static contacts => contacts.Device, out List<(TotalsPart Part, long WrittenNs)> journal, out damaged);
        foreach ((TotalsPart part, long writtenNs) in journal)
        {
            foreach (ContactRecord delta in part.Contacts)
                Of(devices, Documents.WellFormed(delta.Device), static device => new DeviceContacts(device)).Add(delta, writtenNs);
        }
        return [.. devices.Values.SelectMany(static contacts => contacts.Records)];
    }

    /// <summary>In no order.</summary>
    public static List<DeviceRecord> Devices(StoreEngine engine, out int damaged)
    {
        Dictionary<string, StoredDevice> devices = Read(engine, Schema.Devices, Documents.ToDevice, static device => device.Record.Id, out List<(TotalsPart Part, long WrittenNs)> journal, out damaged);
        foreach ((TotalsPart part, long writtenNs) in journal)
        {
            foreach (DeviceRecord state in part.Devices)
                Of(devices, Documents.WellFormed(state.Id), _ => new StoredDevice(state, writtenNs)).Join(state, writtenNs);
        }
        return [.. devices.Values.Select(static device => device.Record)];
    }

    /// <summary>In order of time.</summary>
    public static List<HourDocument> Hours(StoreEngine engine, out int damaged)
    {
        Dictionary<long, HourDocument> hours = Read(engine, Schema.Hours, HourDocument.From, static hour => hour.HourNs, out List<(TotalsPart Part, long WrittenNs)> journal, out damaged);
        foreach ((TotalsPart part, long writtenNs) in journal)
        {
            foreach (MinuteRecord delta in part.Minutes)
                Of(hours, HourDocument.HourOf(delta.MinuteNs), static hourNs => new HourDocument { HourNs = hourNs }).Add(delta, writtenNs);
        }
        return [.. hours.Values.OrderBy(static hour => hour.HourNs)];
    }

    /// <summary>Both as they are at one moment: a fold between the two would count what it moves twice.</summary>
    private static Dictionary<TKey, TValue> Read<TKey, TValue>(StoreEngine engine, string collection, Func<BsonDocument, TValue> read, Func<TValue, TKey> keyOf,
        out List<(TotalsPart Part, long WrittenNs)> journal, out int damaged)
        where TKey : notnull
    {
        List<(BsonValue Id, BsonDocument? Document)> documents;
        bool hasSeals;
        lock (engine.Gate)
        {
            hasSeals = Schema.HasSeals(engine);
            documents = [.. engine.Each(collection)];
            (journal, damaged) = Journal.ReadTotals(engine);
            damaged += TakenOut(engine, collection);
        }
        Dictionary<TKey, TValue> known = [];
        foreach ((_, BsonDocument? document) in documents)
        {
            if (DocumentSeal.TryRead(document, hasSeals, read, out TValue value))
                known[keyOf(value)] = value;
            else
                damaged++;
        }
        return known;
    }

    /// <summary>Documents of a collection that were damaged and are no longer there.</summary>
    public static int TakenOut(StoreEngine engine, string collection) =>
        engine.All(Schema.Damaged).Count(note => note[Schema.DamagedFrom] == collection);

    private static TValue Of<TKey, TValue>(Dictionary<TKey, TValue> known, TKey key, Func<TKey, TValue> make)
        where TKey : notnull
    {
        ref TValue? value = ref CollectionsMarshal.GetValueRefOrAddDefault(known, key, out bool isKnown);
        if (!isKnown)
            value = make(key);
        return value!;
    }
}
