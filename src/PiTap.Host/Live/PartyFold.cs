using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>
/// Adds contacts up to parties. Belongs to the analysis thread. Bounded: where there is no room, the party that was silent for longest
/// gives way and is counted, but for those with the most bytes.
/// </summary>
/// <param name="who">Says who a contact is.</param>
internal sealed class PartyFold(Func<ContactRecord, ContactRecord> who)
{
    /// <summary>Parties kept.</summary>
    public const int MaxParties = 1_024;

    private readonly Dictionary<PartyKey, PartyRow> _parties = [];

    public int Count => _parties.Count;

    public long Evicted { get; private set; }

    public IReadOnlyCollection<PartyRow> Rows => _parties.Values;

    /// <summary>Puts a contact to its party, or to another one than before if more is known of it now.</summary>
    public void Place(ContactRow contact, long nowNs)
    {
        if (!contact.TryAttribute(who) && contact.Party is not null)
            return;
        contact.Party?.Renew();
        PartyAttribution attribution = contact.Attribution!;
        PartyKey key = new(contact.Device, attribution.Party, attribution.Role);
        if (!_parties.TryGetValue(key, out PartyRow? party))
            _parties.Add(key, party = new PartyRow(key, nowNs));
        if (contact.Party == party)
            return;
        Remove(contact);
        party.Add(contact);
        contact.Party = party;
        if (_parties.Count > MaxParties)
            Evict(party);
    }

    /// <summary>Takes a contact out that is none any more, or another party's.</summary>
    public void Remove(ContactRow contact)
    {
        PartyRow? left = contact.Party;
        contact.Party = null;
        left?.Remove(contact);
        if (left is { IsEmpty: true })
            _parties.Remove(left.Key);
    }

    /// <summary>The contact gives way to others; its party keeps what went.</summary>
    public static void Fold(ContactRow contact)
    {
        contact.Party?.Fold(contact);
        contact.Party = null;
    }

    /// <summary>Leaves nothing of a device, and nothing of others that may tell of it.</summary>
    public void Forget(DeviceTraces traces)
    {
        foreach (PartyRow row in _parties.Values.Where(row => traces.IsDevice(row.Device) || !row.HasContacts).ToArray())
            _parties.Remove(row.Key);
        foreach (PartyRow row in _parties.Values)
            row.Forget(traces);
    }

    private void Evict(PartyRow newest)
    {
        // The largest stay, however silent: whoever makes names up by the thousand must not hide whom a phone talked to.
        HashSet<PartyRow> kept = [newest, .. _parties.Values.OrderByDescending(static row => row.Bytes).Take(LiveState.MaxParties)];
        // An eighth at once: looking for the oldest costs a walk through all of them.
        PartyRow[] oldest =
            [.. _parties.Values.Where(row => !kept.Contains(row)).OrderBy(static row => row.LastNs).Take(MaxParties / 8)];
        foreach (PartyRow row in oldest)
        {
            row.Disband();
            _parties.Remove(row.Key);
        }
        Evicted += oldest.Length;
    }
}
