using System.Runtime.InteropServices;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Layout;

/// <summary>A contact with the wall-clock time of its latest change, which retention goes by.</summary>
internal readonly record struct StoredContact(ContactRecord Record, long WrittenNs);

/// <summary>
/// All contacts of one device: one document. LiteDB's price is by the document and its place in the index, hardly by its bytes, and a
/// device that is active at all changes several of its contacts.
/// </summary>
internal sealed class DeviceContacts(string device)
{
    /// <summary>
    /// The most hosts that a device keeps, beside <see cref="OtherHosts"/>, so that the document stays far below LiteDB's 16 MiB; a scan
    /// finds more.
    /// </summary>
    public const int MaxHosts = 16_384;

    /// <summary>What hosts beyond <see cref="MaxHosts"/> are counted as.</summary>
    public const string OtherHosts = "(other hosts)";

    /// <summary>The field of the hosts.</summary>
    public const string Hosts = "hosts";

    private readonly Dictionary<string, StoredContact> _byHost = new(StringComparer.Ordinal);

    public string Device { get; } = device;

    public int Count => _byHost.Count;

    public IEnumerable<ContactRecord> Records => _byHost.Values.Select(static contact => contact.Record);

    /// <summary>Adds what came on top; a contact that comes to no flows is removed.</summary>
    public void Add(ContactRecord delta, long writtenNs)
    {
        string host = Documents.WellFormed(delta.Host);
        if (!_byHost.ContainsKey(host) && (delta.Flows <= 0 ? _byHost.ContainsKey(OtherHosts) : _byHost.Count >= MaxHosts && !TryMakeRoom(delta)))
            (host, delta) = (OtherHosts, delta with { Host = OtherHosts, HostSource = HostSource.None, Addresses = [] });
        ref StoredContact stored = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHost, host, out bool isKnown);
        // A delta may have more addresses than a sum keeps.
        ContactRecord sum = isKnown
            ? stored.Record.Plus(delta)
            : delta with { Addresses = ContactAddresses.Add([], delta.Addresses) };
        if (sum.Flows > 0)
            stored = new StoredContact(sum, writtenNs);
        else
            _byHost.Remove(host);
    }

    /// <summary>
    /// A host with a name takes the place of the address without one that was seen longest ago: names are what people come for.
    /// </summary>
    private bool TryMakeRoom(ContactRecord newcomer)
    {
        ContactRecord? oldest = null;
        if (newcomer.HostSource != HostSource.None)
            oldest = Records.Where(static record => record.HostSource == HostSource.None && record.Host != OtherHosts).MinBy(static record => record.LastSeenNs);
        if (oldest is null)
            return false;
        long writtenNs = _byHost[oldest.Host].WrittenNs;
        _byHost.Remove(oldest.Host);
        ContactRecord rest = oldest with { Host = OtherHosts, Addresses = [] };
        _byHost[OtherHosts] = _byHost.TryGetValue(OtherHosts, out StoredContact others)
            ? new StoredContact(others.Record.Plus(rest), Math.Max(others.WrittenNs, writtenNs))
            : new StoredContact(rest, writtenNs);
        return true;
    }

    /// <summary>Takes out what was last changed before a time. Returns how many that were.</summary>
    public int Remove(Predicate<long> isOld)
    {
        List<string> old = [.. _byHost.Where(pair => isOld(pair.Value.WrittenNs)).Select(static pair => pair.Key)];
        foreach (string host in old)
            _byHost.Remove(host);
        return old.Count;
    }

    /// <summary>Takes out these hosts. Returns how many that were.</summary>
    public int RemoveHosts(Predicate<string> isOne)
    {
        List<string> hosts = [.. _byHost.Keys.Where(host => isOne(host))];
        foreach (string host in hosts)
            _byHost.Remove(host);
        return hosts.Count;
    }

    /// <summary>Takes these addresses out of all contacts. True if there were any.</summary>
    public bool RemoveAddresses(Predicate<IpAddress> isOne)
    {
        bool hasAny = false;
        foreach ((string host, StoredContact contact) in _byHost.ToArray())
        {
            ContactAddress[] left = [.. contact.Record.Addresses.Where(entry => !isOne(entry.Address))];
            if (left.Length == contact.Record.Addresses.Count)
                continue;
            hasAny = true;
            _byHost[host] = contact with { Record = contact.Record with { Addresses = left } };
        }
        return hasAny;
    }

    /// <summary>Hosts in order, for people who look into the file; what goes with each stands in the same order in one field.</summary>
    public BsonDocument ToDocument(DocumentTable table)
    {
        KeyValuePair<string, StoredContact>[] ordered = [.. _byHost];
        Array.Sort(ordered, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new BsonDocument
        {
            ["_id"] = Documents.WellFormed(Device),
            [Hosts] = new BsonArray(ordered.Select(static pair => new BsonValue(pair.Key))),
            [DocumentTable.Field] = table.Encode<StoredContact, StoredContactSchema>(ordered.Select(static pair => pair.Value)),
        };
    }

    /// <summary>Of this layout or the one before: a store that is only read is not brought up to date.</summary>
    public static DeviceContacts From(BsonDocument document)
    {
        if (RowsToTables.Reads(document))
            return RowsToTables.ReadContacts(document);
        DeviceContacts contacts = new(document["_id"].AsString);
        BsonArray hosts = document[Hosts].AsArray;
        TableReader table = DocumentTable.Open<StoredContact, StoredContactSchema>(document[DocumentTable.Field].AsBinary, hasKeys: false, out int rows);
        if (rows != hosts.Count)
            throw new InvalidDataException("A device's contacts do not fit its hosts.");
        foreach (BsonValue host in hosts)
        {
            StoredContact blank = new(ContactSchema.Blank with { Device = contacts.Device, Host = host.AsString }, 0);
            contacts._byHost[host.AsString] = table.Read<StoredContact, StoredContactSchema>(blank);
        }
        return contacts;
    }

    /// <summary>A contact as it is, for a migration.</summary>
    public void Put(StoredContact contact) => _byHost[contact.Record.Host] = contact;
}
