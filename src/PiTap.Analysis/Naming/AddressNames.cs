using PiTap.Analysis.Devices;
using PiTap.Model;

namespace PiTap.Analysis.Naming;

/// <summary>A name that an address was given.</summary>
/// <param name="Host">The name asked for, lower case.</param>
/// <param name="Aliases">The names between it and the address (RFC 1034 section 3.6.2), in order.</param>
internal sealed record AddressName(string Host, IReadOnlyList<string> Aliases);

/// <summary>
/// Which names addresses have: by the DNS answers that each device got, and by multicast announcements, which all get. A later answer replaces an earlier
/// one: addresses are shared and re-used. Bounded, oldest first out.
/// </summary>
internal sealed class AddressNames(Losses losses)
{
    private readonly Dictionary<(Device?, IpAddress), AddressName> _names = [];
    private readonly Queue<(Device?, IpAddress)> _byAge = new();

    /// <summary>Notes an answer that a device got.</summary>
    public void AddAnswer(Device device, IpAddress address, AddressName name) => Add((device, address), name);

    /// <summary>Notes a multicast announcement.</summary>
    public void AddAnnouncement(IpAddress address, AddressName name) => Add((null, address), name);

    /// <summary>The name of an address as a device knows it.</summary>
    public AddressName? Find(Device device, IpAddress address, out HostSource source)
    {
        source = HostSource.Dns;
        if (_names.TryGetValue((device, address), out AddressName? name))
            return name;
        source = HostSource.Mdns;
        return _names.GetValueOrDefault((null, address));
    }

    private void Add((Device?, IpAddress) key, AddressName name)
    {
        if (!_names.TryGetValue(key, out AddressName? known))
        {
            if (_names.Count >= Limits.NamedAddresses)
            {
                _names.Remove(_byAge.Dequeue());
                losses.Count(Losses.NamesEvicted);
            }
            _byAge.Enqueue(key);
        }
        else if (known.Host == name.Host && known.Aliases.Count == name.Aliases.Count)
        {
            return;
        }
        _names[key] = name;
    }
}
