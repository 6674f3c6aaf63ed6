using System.Text;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;

namespace PiTap.Store.Layout;

/// <summary>A contact with the wall-clock time of its latest change, which retention goes by.</summary>
internal readonly record struct StoredContact(ContactRecord Record, long WrittenNs);

/// <summary>
/// All contacts of one device: one document. LiteDB's price is by the document and its place in the index, hardly by its bytes, and a
/// device that is active at all changes several of its contacts.
/// </summary>
internal sealed class DeviceContacts(string device)
{
    /// <summary>The most hosts that a device keeps, beside <see cref="OtherHosts"/>; a scan finds more.</summary>
    public const int MaxHosts = 16_384;

    /// <summary>
    /// The most bytes that its document may come to, reckoned from above, so that it stays far below LiteDB's 16 MiB whatever hosts are
    /// called.
    /// </summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>A host in the list: its number there, type, length and end (BSON 1.1).</summary>
    private const int HostBytes = 16;

    /// <summary>The columns of a contact but its addresses, each a number of up to 10 bytes.</summary>
    private const int ColumnsBytes = 160;

    /// <summary>An address in the table of addresses, its number and its bytes.</summary>
    private const int AddressBytes = 40;

    /// <summary>An alias's length and number in the table of texts.</summary>
    private const int AliasBytes = 16;

    /// <summary>Without room this part of the hosts gives way at once: looking for the least useful takes a look at all.</summary>
    private const int PartThatGoes = 16;

    /// <summary>What hosts beyond <see cref="MaxHosts"/> and <see cref="MaxBytes"/> are counted as.</summary>
    public const string OtherHosts = "(other hosts)";

    /// <summary>The field of the hosts.</summary>
    public const string Hosts = "hosts";

    private readonly Dictionary<string, StoredContact> _byHost = new(StringComparer.Ordinal);
    private long _bytes;
    private long _recordBytes;
    private int _unnamed;

    public string Device { get; } = device;

    public int Count => _byHost.Count;

    /// <summary>Bytes of memory that all of it takes.</summary>
    public long HeldBytes => _recordBytes + RecordWeight.PlacesBytes;

    /// <summary>Bytes that its document comes to, reckoned from above.</summary>
    public long DocumentBytes => _bytes;

    /// <summary>Bytes that went to and from all hosts.</summary>
    public long TrafficBytes { get; private set; }

    /// <summary>Hosts that gave way to others since this was read, and are counted among <see cref="OtherHosts"/>.</summary>
    public long Folded { get; private set; }

    public IEnumerable<ContactRecord> Records => _byHost.Values.Select(static contact => contact.Record);

    /// <summary>Adds what came on top; a contact that comes to no flows is removed.</summary>
    public void Add(ContactRecord delta, long writtenNs)
    {
        string host = Documents.WellFormed(delta.Host);
        bool isKnown = _byHost.TryGetValue(host, out StoredContact stored);
        // A hello may name whatever it likes.
        if (host == OtherHosts && delta.HostSource != HostSource.None)
        {
            AddToOthers(delta, writtenNs);
            return;
        }
        if (!isKnown && host != OtherHosts && (delta.Flows <= 0 ? _byHost.ContainsKey(OtherHosts) : !HasRoom(host, delta)))
        {
            AddToOthers(delta, writtenNs);
            return;
        }
        // A delta may have more addresses than a sum keeps.
        ContactRecord sum = isKnown
            ? stored.Record.Plus(delta)
            : delta with { Host = host, Addresses = ContactAddresses.Add([], delta.Addresses) };
        if (sum.Flows > 0)
        {
            Set(host, new StoredContact(sum, writtenNs));
            if (_bytes > MaxBytes)
                MakeRoom(static _ => true);
            return;
        }
        RemoveHost(host);
        // More is taken away than this host has: the rest was moved to the others before.
        if (sum.Flows < 0 && _byHost.ContainsKey(OtherHosts))
            AddToOthers(sum, writtenNs);
    }

    /// <summary>
    /// True if there is room for a new host, or room was made: the addresses without a name that were seen longest ago go first, and only
    /// a host with a name takes the place of others with names.
    /// </summary>
    private bool HasRoom(string host, ContactRecord newcomer)
    {
        long bytes = BytesOf(host, newcomer);
        if (!IsFull(bytes))
            return true;
        if (_unnamed > 0)
            MakeRoom(static record => record.HostSource == HostSource.None);
        if (IsFull(bytes) && newcomer.HostSource != HostSource.None)
            MakeRoom(static record => record.HostSource != HostSource.None);
        if (!IsFull(bytes))
            return true;
        Folded++;
        return false;
    }

    private bool IsFull(long bytes) => _byHost.Count - (_byHost.ContainsKey(OtherHosts) ? 1 : 0) >= MaxHosts || _bytes + bytes > MaxBytes;

    /// <summary>Of the hosts of a kind those that were seen longest ago are counted as others from now on, until a part is free.</summary>
    private void MakeRoom(Predicate<ContactRecord> isOfKind)
    {
        const int mostHosts = MaxHosts - MaxHosts / PartThatGoes, mostBytes = MaxBytes - MaxBytes / PartThatGoes;
        StoredContact[] inTurn =
        [
            .. _byHost.Values.Where(contact => contact.Record.Host != OtherHosts && isOfKind(contact.Record))
                .OrderBy(static contact => contact.Record.LastSeenNs).ThenBy(static contact => contact.Record.Host, StringComparer.Ordinal),
        ];
        for (int i = 0; i < inTurn.Length && (_byHost.Count > mostHosts || _bytes > mostBytes); i++)
        {
            RemoveHost(inTurn[i].Record.Host);
            AddToOthers(inTurn[i].Record, inTurn[i].WrittenNs);
            Folded++;
        }
    }

    private void AddToOthers(ContactRecord delta, long writtenNs)
    {
        delta = delta with { Host = OtherHosts, HostSource = HostSource.None, Addresses = [], Aliases = [] };
        bool isKnown = _byHost.TryGetValue(OtherHosts, out StoredContact others);
        ContactRecord sum = isKnown ? others.Record.Plus(delta) : delta;
        if (sum.Flows > 0)
            Set(OtherHosts, new StoredContact(sum, Math.Max(writtenNs, others.WrittenNs)));
        else
            RemoveHost(OtherHosts);
    }

    private void Set(string host, StoredContact contact)
    {
        RemoveHost(host);
        _byHost[host] = contact;
        _bytes += BytesOf(host, contact.Record);
        _recordBytes += RecordWeight.Of(contact.Record);
        _unnamed += IsUnnamed(contact.Record) ? 1 : 0;
        TrafficBytes += contact.Record.BytesUp + contact.Record.BytesDown;
    }

    private void RemoveHost(string host)
    {
        if (!_byHost.Remove(host, out StoredContact old))
            return;
        _bytes -= BytesOf(host, old.Record);
        _recordBytes -= RecordWeight.Of(old.Record);
        _unnamed -= IsUnnamed(old.Record) ? 1 : 0;
        TrafficBytes -= old.Record.BytesUp + old.Record.BytesDown;
    }

    private static bool IsUnnamed(ContactRecord record) => record.HostSource == HostSource.None && record.Host != OtherHosts;

    private static long BytesOf(string host, ContactRecord record) =>
        Encoding.UTF8.GetByteCount(host) + HostBytes + ColumnsBytes + record.Addresses.Count * AddressBytes
        + record.Aliases.Sum(static alias => Encoding.UTF8.GetByteCount(alias) + AliasBytes);

    /// <summary>All of it counts among those of another device from now on.</summary>
    public void MoveTo(DeviceContacts other)
    {
        foreach (StoredContact contact in _byHost.Values.ToArray())
        {
            RemoveHost(contact.Record.Host);
            other.Add(contact.Record with { Device = other.Device }, contact.WrittenNs);
        }
    }

    /// <summary>Takes out what was last changed before a time. Returns how many that were.</summary>
    public int Remove(Predicate<long> isOld)
    {
        List<string> old = [.. _byHost.Where(pair => isOld(pair.Value.WrittenNs)).Select(static pair => pair.Key)];
        old.ForEach(RemoveHost);
        return old.Count;
    }

    /// <summary>Takes out the hosts that are a device's. Returns how many that were.</summary>
    public int RemoveHosts(DeviceTraces traces)
    {
        List<string> hosts = [.. _byHost.Where(pair => traces.IsIn(pair.Key, pair.Value.Record.Aliases)).Select(static pair => pair.Key)];
        hosts.ForEach(RemoveHost);
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
            Set(host, contact with { Record = contact.Record with { Addresses = left } });
        }
        return hasAny;
    }

    /// <summary>Hosts in order, for people who look into the file; what goes with each stands in the same order in one field.</summary>
    public BsonDocument ToDocument(DocumentTable table)
    {
        KeyValuePair<string, StoredContact>[] ordered = [.. _byHost];
        Array.Sort(ordered, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return DocumentSeal.Seal(new BsonDocument
        {
            ["_id"] = Documents.WellFormed(Device),
            [Hosts] = new BsonArray(ordered.Select(static pair => new BsonValue(pair.Key))),
            [DocumentTable.Field] = table.Encode<StoredContact, StoredContactSchema>(ordered.Select(static pair => pair.Value)),
        });
    }

    /// <summary>Of this layout or the one before: a store that is only read is not brought up to date.</summary>
    public static DeviceContacts From(BsonDocument document)
    {
        DeviceContacts contacts = new(DocumentSeal.Check(document).Text("_id"));
        BsonArray hosts = document[Hosts].AsArray;
        TableReader table = DocumentTable.Open<StoredContact, StoredContactSchema>(document[DocumentTable.Field].AsBinary, hasKeys: false, out int rows);
        if (rows != hosts.Count)
            throw new InvalidDataException("A device's contacts do not fit its hosts.");
        foreach (BsonValue host in hosts)
        {
            StoredContact blank = new(ContactSchema.Blank with { Device = contacts.Device, Host = host.AsString }, 0);
            contacts.Set(host.AsString, table.Read<StoredContact, StoredContactSchema>(blank));
        }
        return contacts;
    }

    /// <summary>A contact as it is, for a migration.</summary>
    public void Put(StoredContact contact) => Set(contact.Record.Host, contact);
}
