using PiTap.Analysis.Attribution;
using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>
/// A party of the run: its contacts, and what is left of those that gave way. Its sums follow each change of a contact, so that nobody has
/// to walk through thousands to rank it, and so does what they say of it, as far as nothing is taken back.
/// </summary>
internal sealed class PartyRow(PartyKey key, long nowNs)
{
    private readonly HashSet<ContactRow> _contacts = [];
    private TrafficCounts _counts;
    private RateMeter _up, _down;
    private ContactRecord? _gone;
    private long _goneContacts;
    private PartyDescription? _description;

    /// <summary>What tells it from others.</summary>
    public PartyKey Key => key;

    public string Device => key.Device;

    public long FirstNs { get; private set; } = nowNs;

    /// <summary>When it last moved, by the run's clock.</summary>
    public long LastNs { get; private set; } = nowNs;

    public bool HasContacts => _contacts.Count > 0;

    /// <summary>True once all its contacts turned out to be other parties'.</summary>
    public bool IsEmpty => _contacts.Count == 0 && _gone is null;

    public long Bytes => _counts.Bytes;

    public long BytesPerSecond(long nowNs) => _up.PerSecond(nowNs) + _down.PerSecond(nowNs);

    public void Add(ContactRow contact)
    {
        _contacts.Add(contact);
        _counts += contact.Counts;
        _up.Add(contact.Up);
        _down.Add(contact.Down);
        FirstNs = Math.Min(FirstNs, contact.FirstNs);
        LastNs = Math.Max(LastNs, contact.LastNs);
        _description?.Put(contact.Record);
    }

    /// <summary>One of its contacts moved.</summary>
    /// <param name="contact">The contact, as it is by now.</param>
    /// <param name="change">By how much its counts did.</param>
    /// <param name="delta">What came on top.</param>
    /// <param name="nowNs">By the run's clock.</param>
    public void Change(ContactRow contact, in TrafficCounts change, ContactRecord delta, long nowNs)
    {
        _counts += change;
        _up.Add(delta.BytesUp, nowNs);
        _down.Add(delta.BytesDown, nowNs);
        LastNs = Math.Max(LastNs, contact.LastNs);
        // Of less bytes, others may be larger.
        if (change.Bytes >= 0)
            _description?.Put(contact.Record);
        else
            _description = null;
    }

    /// <summary>Something else is known of one of its contacts.</summary>
    public void Renew() => _description = null;

    /// <summary>It is no party any more; a contact that moves again makes another.</summary>
    public void Disband()
    {
        foreach (ContactRow contact in _contacts)
            contact.Party = null;
    }

    /// <summary>The contact goes with all that it had.</summary>
    public void Remove(ContactRow contact)
    {
        if (!_contacts.Remove(contact))
            return;
        _counts -= contact.Counts;
        _up.Subtract(contact.Up);
        _down.Subtract(contact.Down);
        _description = null;
    }

    /// <summary>The contact gives way; what went counts on, and what it said stays.</summary>
    public void Fold(ContactRow contact)
    {
        _contacts.Remove(contact);
        ContactRecord sum = contact.ToSum();
        _gone = _gone is null ? sum : _gone.Plus(sum) with { Attribution = sum.Attribution };
        _goneContacts++;
    }

    /// <summary>Takes out what is left of contacts that gave way, if it tells of a device.</summary>
    public void Forget(DeviceTraces traces)
    {
        _description = null;
        // The reasons of what is local name an address, which may be any that gave way.
        if (_gone is { } gone && (gone.Attribution!.Role == PartyRole.Local || traces.IsIn(gone.Host, gone.Aliases)
            || gone.Addresses.Any(entry => traces.IsAddress(entry.Address))))
        {
            _counts -= gone.Counts();
            (_gone, _goneContacts) = (null, 0);
        }
    }

    public LiveParty ToRecord(string deviceName, long nowNs) => new()
    {
        Record = (_description ??= Describe()).ToRecord().With(_counts) with { Contacts = _contacts.Count + _goneContacts },
        DeviceName = deviceName,
        UpPerSecond = _up.PerSecond(nowNs),
        DownPerSecond = _down.PerSecond(nowNs),
        AgeNs = nowNs - FirstNs,
        IdleNs = nowNs - LastNs,
    };

    private PartyDescription Describe()
    {
        PartyDescription description = new(LiveParty.MaxHosts);
        foreach (ContactRow contact in _contacts)
            description.Put(contact.Record);
        if (_gone is not null)
            description.Put(_gone);
        return description;
    }
}

/// <summary>What tells a party from others.</summary>
internal readonly record struct PartyKey(string Device, string Party, PartyRole Role);
