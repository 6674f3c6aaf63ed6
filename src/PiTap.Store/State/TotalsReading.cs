using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// Contacts, devices and hours as they are now: the documents, and what the journal has on top of them. Contacts and devices are read in
/// parts of bounded size, however many there are, and each device's are those of one moment. Documents and parts of the journal that
/// cannot be read are counted.
/// </summary>
internal static class TotalsReading
{
    /// <summary>A part at a time, in order of the devices' identifiers.</summary>
    /// <param name="engine">The store.</param>
    /// <param name="tell">Hears how many were damaged so far.</param>
    public static IEnumerable<DeviceContacts[]> Contacts(StoreEngine engine, Action<int> tell) => InParts(
        engine, Schema.Contacts, DeviceContacts.From, static contacts => contacts.Device, static (devices, part, writtenNs, isIn) =>
        {
            foreach (ContactRecord delta in part.Contacts)
            {
                string device = Documents.WellFormed(delta.Device);
                if (isIn(device))
                    Of(devices, device, static key => new DeviceContacts(key)).Add(delta, writtenNs);
            }
        }, tell);

    /// <summary>A part at a time, in order of their identifiers.</summary>
    /// <param name="engine">The store.</param>
    /// <param name="tell">Hears how many were damaged so far.</param>
    public static IEnumerable<DeviceRecord[]> Devices(StoreEngine engine, Action<int> tell) => InParts(
        engine, Schema.Devices, Documents.ToDevice, static device => device.Record.Id, static (devices, part, writtenNs, isIn) =>
        {
            foreach (DeviceRecord state in part.Devices)
            {
                string device = Documents.WellFormed(state.Id);
                if (isIn(device))
                    Of(devices, device, _ => new StoredDevice(state, writtenNs)).Join(state, writtenNs);
            }
        }, tell).Select(static part => Array.ConvertAll(part, static device => device.Record));

    /// <summary>In order of time.</summary>
    public static List<HourDocument> Hours(StoreEngine engine, out int damaged)
    {
        Dictionary<long, HourDocument> hours = ReadHours(engine, out List<(TotalsPart Part, long WrittenNs)> journal, out damaged);
        foreach ((TotalsPart part, long writtenNs) in journal)
        {
            foreach (MinuteRecord delta in part.Minutes)
                Of(hours, HourDocument.HourOf(delta.MinuteNs), static hourNs => new HourDocument { HourNs = hourNs }).Add(delta, writtenNs);
        }
        return [.. hours.Values.OrderBy(static hour => hour.HourNs)];
    }

    /// <summary>Both as they are at one moment: a fold between the two would count what it moves twice.</summary>
    private static Dictionary<long, HourDocument> ReadHours(
        StoreEngine engine, out List<(TotalsPart Part, long WrittenNs)> journal, out int damaged)
    {
        List<(BsonValue Id, BsonDocument? Document)> documents;
        bool hasSeals;
        lock (engine.Gate)
        {
            hasSeals = Schema.HasSeals(engine);
            documents = [.. engine.Each(Schema.Hours)];
            (journal, damaged) = Journal.ReadTotals(engine);
            damaged += TakenOut(engine, Schema.Hours);
        }
        Dictionary<long, HourDocument> known = [];
        foreach ((_, BsonDocument? document) in documents)
        {
            if (DocumentSeal.TryRead(document, hasSeals, HourDocument.From, out HourDocument hour))
                known[hour.HourNs] = hour;
            else
                damaged++;
        }
        return known;
    }

    /// <summary>
    /// What a few documents say, with what the journal has on top of these, then the next few. A fold may come between two parts, but not
    /// into one: nothing of a device counts twice.
    /// </summary>
    private static IEnumerable<TValue[]> InParts<TValue>(StoreEngine engine, string collection, Func<BsonDocument, TValue> read,
        Func<TValue, string> keyOf, Action<Dictionary<string, TValue>, TotalsPart, long, Predicate<string>> join, Action<int> tell)
    {
        int damagedDocuments = 0;
        BsonValue? after = null;
        string? afterKey = null;
        for (bool isLast = false; !isLast;)
        {
            List<(BsonValue Id, BsonDocument? Document)> documents;
            List<(TotalsPart Part, long WrittenNs)> journal;
            bool hasSeals;
            int damaged;
            lock (engine.Gate)
            {
                hasSeals = Schema.HasSeals(engine);
                documents = engine.EachPage(collection, after, out isLast);
                (journal, damaged) = Journal.ReadTotals(engine);
                damaged += TakenOut(engine, collection);
            }
            Dictionary<string, TValue> known = new(StringComparer.Ordinal);
            foreach ((_, BsonDocument? document) in documents)
            {
                if (DocumentSeal.TryRead(document, hasSeals, read, out TValue value))
                    known[keyOf(value)] = value;
                else
                    damagedDocuments++;
            }
            // An identifier that is no text is a damaged document's.
            string? upTo = isLast ? null : documents.FindLast(static entry => entry.Id.IsString).Id?.AsString ?? afterKey ?? "";
            bool isIn(string key) => (afterKey is null || string.CompareOrdinal(key, afterKey) > 0)
                && (upTo is null || string.CompareOrdinal(key, upTo) <= 0);
            foreach ((TotalsPart part, long writtenNs) in journal)
                join(known, part, writtenNs, isIn);
            tell(damaged + damagedDocuments);
            yield return [.. known.Keys.Order(StringComparer.Ordinal).Select(key => known[key])];
            after = isLast ? null : documents[^1].Id;
            afterKey = upTo;
        }
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
