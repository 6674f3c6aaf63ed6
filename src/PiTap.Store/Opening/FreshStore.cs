using LiteDB;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.State;

namespace PiTap.Store.Opening;

/// <summary>
/// Tells a store that is damaged from records that no store takes, and from mistakes of the program's: a fresh store in memory refuses the
/// latter, too.
/// </summary>
internal static class FreshStore
{
    /// <summary>True if a fresh one refuses it.</summary>
    public static bool Refuses(Action<StoreState> trial) => Refuses([], trial);

    /// <summary>
    /// True if a fresh one refuses to fold the journal of this one, with the documents that it is added to. What cannot be read is damage.
    /// </summary>
    public static bool RefusesJournal(StoreState state, int? currentRun, long nowNs)
    {
        List<(string, BsonDocument)> documents;
        try
        {
            documents = [.. OfJournal(state.Engine)];
        }
        catch (Exception error) when (StoreDamagedException.Is(error) || error is IOException)
        {
            return false;
        }
        return Refuses(documents, fresh => fresh.Fold(currentRun, nowNs));
    }

    private static bool Refuses(IEnumerable<(string Collection, BsonDocument Document)> documents, Action<StoreState> trial)
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        try
        {
            engine.Transact(() =>
            {
                engine.Upsert(Schema.Meta, [Schema.NewMeta(Schema.Version)]);
                foreach ((string collection, BsonDocument document) in documents)
                    engine.Insert(collection, document);
            });
            StoreState state = new(engine);
            state.Load(nowNs: 0);
            trial(state);
            return false;
        }
        catch (Exception error) when (StoreDamagedException.Is(error) || StoreDamagedException.IsMistake(error))
        {
            return true;
        }
    }

    private static IEnumerable<(string Collection, BsonDocument Document)> OfJournal(StoreEngine engine)
    {
        foreach (BsonDocument document in engine.All(Schema.Journal))
            yield return (Schema.Journal, document);
        HashSet<(string Collection, BsonValue Id)> added = [];
        foreach ((TotalsPart part, _) in Journal.ReadTotals(engine).Parts)
        {
            added.UnionWith(part.Contacts.Select(static contact => (Schema.Contacts, new BsonValue(Documents.WellFormed(contact.Device)))));
            added.UnionWith(part.Devices.Select(static device => (Schema.Devices, new BsonValue(Documents.WellFormed(device.Id)))));
            added.UnionWith(part.Minutes.Select(static minute => (Schema.Hours, new BsonValue(HourDocument.HourOf(minute.MinuteNs)))));
        }
        foreach ((string collection, BsonValue id) in added)
        {
            if (engine.Find(collection, id) is { } document)
                yield return (collection, document);
        }
    }
}
