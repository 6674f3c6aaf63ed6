using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>Layout 1 had a document for each minute, and did not know which protocols a contact spoke.</summary>
internal static class MinutesToHours
{
    private const string Minutes = "minutes";

    public static void Apply(StoreEngine engine)
    {
        DocumentTable table = new(hasKeys: true);
        HourDocument? hour = null;
        // In order of time, so that each hour is whole before the next one begins.
        foreach (BsonDocument document in engine.All(Minutes))
        {
            long minuteNs = document["_id"].AsInt64;
            long hourNs = HourDocument.HourOf(minuteNs);
            if (hour is not null && hour.HourNs != hourNs)
                engine.Insert(Schema.Hours, hour.ToDocument(table));
            if (hour?.HourNs != hourNs)
                hour = new HourDocument { HourNs = hourNs };
            long writtenNs = HourDocument.WrittenOf(document);
            ColumnReader reader = new(document["totals"].AsBinary);
            for (int left = reader.Count(); left > 0; left--)
                hour.Add(new MinuteRecord(minuteNs, reader.Text(), reader.Int(), reader.Int(), reader.Int(), reader.Int()), writtenNs);
        }
        if (hour is not null)
            engine.Insert(Schema.Hours, hour.ToDocument(table));
        engine.Delete(Minutes, [.. engine.All(Minutes).Select(static document => document["_id"])]);
        engine.Update(Schema.Contacts, engine.All(Schema.Contacts).Select(static document =>
        {
            document["apps"] = 0L;
            return document;
        }));
    }
}
