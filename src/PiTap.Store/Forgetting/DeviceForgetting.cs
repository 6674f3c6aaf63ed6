using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Layout;
using PiTap.Store.State;

namespace PiTap.Store.Forgetting;

/// <summary>
/// The store without one device, document by document, while it is copied into a new file: free pages, and what deleted documents leave
/// in pages that are in use, are not copied, so that nothing of the device is in the new file's bytes. The journal was folded before: it
/// holds open states and no totals.
/// </summary>
internal sealed class DeviceForgetting
{
    private readonly DocumentTable _contactTable = new(hasKeys: false);
    private readonly DocumentTable _hourTable = new(hasKeys: true);
    private readonly DeviceTraces _traces;
    private readonly BlockPurge<FlowRecord> _flows;
    private readonly BlockPurge<NameLookup> _lookups;
    private long _contacts;
    private long _minutes;
    private long _devices;
    private bool _hasAddresses;

    /// <param name="state">The store.</param>
    /// <param name="device">The device.</param>
    /// <param name="alsoKnown">Devices as somebody else knows them by now.</param>
    public DeviceForgetting(StoreState state, string device, IReadOnlyList<DeviceRecord> alsoKnown)
    {
        IEnumerable<DeviceRecord> stored = TotalsReading.Devices(state.Engine, static _ => { }).SelectMany(static part => part);
        _traces = new DeviceTraces(device, stored.Concat(alsoKnown));
        _flows = new BlockPurge<FlowRecord>(state.Flows.Codec, _traces, _traces.IsIn);
        _lookups = new BlockPurge<NameLookup>(state.Lookups.Codec, _traces, _traces.IsIn);
    }

    /// <summary>What was left out so far.</summary>
    public ForgottenRecords Forgotten => new(_flows.Removed, _lookups.Removed, _contacts, _minutes, _devices);

    /// <summary>
    /// True if there is anything to leave out. Ends at the first find: for a device that is there, that is soon, as the small collections
    /// come first. Damaged blocks alone are no find. For an instance of its own: what it found counts as left out.
    /// </summary>
    public bool IsAnywhere(StoreState state)
    {
        foreach (string collection in (ReadOnlySpan<string>)[
            Schema.Devices, Schema.Contacts, Schema.Hours, Schema.Journal,
            Schema.Lookups + BlockHead.DataSuffix, Schema.Flows + BlockHead.DataSuffix])
        {
            foreach (BsonDocument document in state.Engine.All(collection))
            {
                Filter(collection, document);
                if (_hasAddresses || _flows.Removed + _lookups.Removed + _contacts + _minutes + _devices > 0)
                    return true;
            }
        }
        return false;
    }

    /// <summary>The document as it goes into the new file; null if it does not. Blocks' bytes have to come before their heads.</summary>
    public BsonDocument? Filter(string collection, BsonDocument document) => collection switch
    {
        Schema.Devices => Device(document),
        Schema.Contacts => Contacts(document),
        Schema.Hours => Hour(document),
        Schema.Journal => JournalPart(document),
        Schema.Flows => _flows.Head(document),
        Schema.Lookups => _lookups.Head(document),
        Schema.Flows + BlockHead.DataSuffix => _flows.Data(document),
        Schema.Lookups + BlockHead.DataSuffix => _lookups.Data(document),
        _ => document,
    };

    private BsonDocument? Device(BsonDocument document)
    {
        if (!_traces.IsDevice(document["_id"].AsString))
            return document;
        _devices++;
        return null;
    }

    /// <summary>All of its own; of other devices' those that are it, and its addresses.</summary>
    private BsonDocument? Contacts(BsonDocument document)
    {
        DeviceContacts contacts = DeviceContacts.From(document);
        if (_traces.IsDevice(contacts.Device))
        {
            _contacts += contacts.Count;
            return null;
        }
        int removed = contacts.RemoveHosts(_traces);
        _contacts += removed;
        bool hasAddresses = contacts.RemoveAddresses(_traces.IsAddress);
        _hasAddresses |= hasAddresses;
        return !hasAddresses && removed == 0 ? document : contacts.Count == 0 ? null : contacts.ToDocument(_contactTable);
    }

    private BsonDocument? Hour(BsonDocument document)
    {
        HourDocument hour = HourDocument.From(document);
        int removed = hour.Remove(_traces.IsDevice);
        _minutes += removed;
        return removed == 0 ? document : hour.Count == 0 ? null : hour.ToDocument(_hourTable);
    }

    private BsonDocument? JournalPart(BsonDocument document)
    {
        Replace(document, Schema.Flows, _flows.Purge);
        Replace(document, Schema.Lookups, _lookups.Purge);
        return document.ContainsKey(Schema.Flows) || document.ContainsKey(Schema.Lookups) ? document : null;
    }

    private static void Replace(BsonDocument document, string field, Func<byte[], byte[]?> purge)
    {
        if (!document[field].IsBinary)
            return;
        if (purge(document[field].AsBinary) is { } left)
            document[field] = left;
        else
            document.Remove(field);
    }
}
