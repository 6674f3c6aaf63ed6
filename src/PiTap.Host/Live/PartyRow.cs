using PiTap.Analysis.Attribution;
using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>A party of the run: its contacts, and what is left of those that gave way.</summary>
internal sealed class PartyRow(string device, long nowNs)
{
    private readonly HashSet<ContactRow> _contacts = [];
    private ContactRecord? _gone;
    private long _goneContacts;
    private long _lastNs = nowNs;

    public string Device => device;

    public long FirstNs { get; private set; } = nowNs;

    /// <summary>When it last moved, by the run's clock.</summary>
    public long LastNs => Math.Max(_lastNs, _contacts.Select(static row => row.LastNs).DefaultIfEmpty().Max());

    public bool HasContacts => _contacts.Count > 0;

    /// <summary>True once all its contacts turned out to be other parties'.</summary>
    public bool IsEmpty => _contacts.Count == 0 && _gone is null;

    public long Bytes => _contacts.Sum(static row => row.Bytes) + (_gone is null ? 0 : _gone.BytesUp + _gone.BytesDown);

    public long BytesPerSecond(long nowNs) => _contacts.Sum(row => row.BytesPerSecond(nowNs));

    public void Add(ContactRow contact)
    {
        _contacts.Add(contact);
        FirstNs = Math.Min(FirstNs, contact.FirstNs);
    }

    /// <summary>It is no party any more; a contact that moves again makes another.</summary>
    public void Disband()
    {
        foreach (ContactRow contact in _contacts)
            contact.Party = null;
    }

    public void Remove(ContactRow contact) => _contacts.Remove(contact);

    /// <summary>The contact gives way; what went counts on.</summary>
    public void Fold(ContactRow contact)
    {
        _contacts.Remove(contact);
        _lastNs = Math.Max(_lastNs, contact.LastNs);
        ContactRecord sum = contact.Counts();
        _gone = _gone is null ? sum : _gone.Plus(sum) with { Attribution = sum.Attribution };
        _goneContacts++;
    }

    /// <summary>Takes out what is left of contacts that gave way, if it tells of a device.</summary>
    public void Forget(DeviceTraces traces)
    {
        // The reasons of what is local name an address, which may be any that gave way.
        if (_gone is { } gone && (gone.Attribution!.Role == PartyRole.Local || traces.IsIn(gone.Host, gone.Aliases)
            || gone.Addresses.Any(entry => traces.IsAddress(entry.Address))))
        {
            (_gone, _goneContacts) = (null, 0);
        }
    }

    public LiveParty ToRecord(string deviceName, long nowNs)
    {
        ContactRecord[] contacts = [.. _contacts.Select(static row => row.Counts())];
        PartyRecord record = PartyRollup.Sum(_gone is null ? contacts : [.. contacts, _gone]);
        return new LiveParty
        {
            Record = record with
            {
                Hosts = [.. record.Hosts.Take(LiveParty.MaxHosts)],
                Contacts = contacts.Length + _goneContacts,
            },
            DeviceName = deviceName,
            UpPerSecond = _contacts.Sum(row => row.UpPerSecond(nowNs)),
            DownPerSecond = _contacts.Sum(row => row.DownPerSecond(nowNs)),
            AgeNs = nowNs - FirstNs,
            IdleNs = nowNs - LastNs,
        };
    }
}
