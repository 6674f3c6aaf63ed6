using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// Contacts, devices and hours as they are now: the documents, and what the journal has on top of them. They are read in parts of bounded
/// size, however many there are, and those of one device or hour are those of one moment. Documents and parts of the journal that
/// cannot be read are counted.
/// </summary>
internal static class TotalsReading
{
    /// <summary>A part at a time, in order of the devices' identifiers.</summary>
    /// <param name="engine">The store.</param>
    /// <param name="tell">Hears how many were damaged so far.</param>
    public static IEnumerable<DeviceContacts[]> Contacts(StoreEngine engine, Action<int> tell) => InParts(
        engine, Schema.Contacts, DeviceContacts.From, static contacts => contacts.Device, TextOf,
        StringComparer.Ordinal, static (devices, part, writtenNs, isIn) =>
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
        engine, Schema.Devices, Documents.ToDevice, static device => device.Record.Id, TextOf,
        StringComparer.Ordinal, static (devices, part, writtenNs, isIn) =>
        {
            foreach (DeviceRecord state in part.Devices)
            {
                string device = Documents.WellFormed(state.Id);
                if (isIn(device))
                    Of(devices, device, _ => new StoredDevice(state, writtenNs)).Join(state, writtenNs);
            }
        }, tell).Select(static part => Array.ConvertAll(part, static device => device.Record));

    /// <summary>A part at a time, in order of time.</summary>
    /// <param name="engine">The store.</param>
    /// <param name="tell">Hears how many were damaged so far.</param>
    public static IEnumerable<HourDocument[]> Hours(StoreEngine engine, Action<int> tell) => InParts(
        engine, Schema.Hours, HourDocument.From, static hour => hour.HourNs, static id => (id.IsInt64, id.IsInt64 ? id.AsInt64 : 0),
        Comparer<long>.Default, static (hours, part, writtenNs, isIn) =>
        {
            foreach (MinuteRecord delta in part.Minutes)
            {
                long hour = HourDocument.HourOf(delta.MinuteNs);
                if (isIn(hour))
                    Of(hours, hour, static hourNs => new HourDocument { HourNs = hourNs }).Add(delta, writtenNs);
            }
        }, tell);

    /// <summary>
    /// What a few documents say, with what the journal has on top of these, then the next few. A fold may come between two parts, but not
    /// into one: nothing of a device counts twice.
    /// </summary>
    private static IEnumerable<TValue[]> InParts<TKey, TValue>(StoreEngine engine, string collection, Func<BsonDocument, TValue> read,
        Func<TValue, TKey> keyOf, Func<BsonValue, (bool IsKey, TKey Key)> keyOfId, IComparer<TKey> order,
        Action<Dictionary<TKey, TValue>, TotalsPart, long, Predicate<TKey>> join, Action<int> tell)
        where TKey : notnull
    {
        int damagedDocuments = 0;
        BsonValue? after = null;
        (bool IsKey, TKey Key) afterKey = default, upTo = default;
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
            Dictionary<TKey, TValue> known = [];
            foreach ((BsonValue id, BsonDocument? document) in documents)
            {
                if (DocumentSeal.TryRead(document, hasSeals, read, out TValue value))
                    known[keyOf(value)] = value;
                else
                    damagedDocuments++;
                // An identifier of another kind is a damaged document's.
                upTo = keyOfId(id) is { IsKey: true } last ? last : upTo;
            }
            bool isAll = isLast;
            bool isIn(TKey key) => (!afterKey.IsKey || order.Compare(key, afterKey.Key) > 0)
                && (isAll || (upTo.IsKey && order.Compare(key, upTo.Key) <= 0));
            foreach ((TotalsPart part, long writtenNs) in journal)
                join(known, part, writtenNs, isIn);
            tell(damaged + damagedDocuments);
            yield return [.. known.Keys.Order(order).Select(key => known[key])];
            after = isLast ? null : documents[^1].Id;
            afterKey = upTo;
        }
    }

    private static (bool IsKey, string Key) TextOf(BsonValue id) => (id.IsString, id.IsString ? id.AsString : "");

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
