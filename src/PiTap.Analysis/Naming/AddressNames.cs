using System.Runtime.CompilerServices;
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
    private readonly Dictionary<Key, AddressName> _names = [];
    private readonly Queue<Key> _byAge = new();

    /// <summary>Notes an answer that a device got.</summary>
    public void AddAnswer(Device device, IpAddress address, AddressName name) => Add(new Key(device, address), name);

    /// <summary>Notes a multicast announcement.</summary>
    public void AddAnnouncement(IpAddress address, AddressName name) => Add(new Key(null, address), name);

    /// <summary>The name of an address as a device knows it.</summary>
    public AddressName? Find(Device device, IpAddress address, out HostSource source)
    {
        source = HostSource.Dns;
        if (_names.TryGetValue(new Key(device, address), out AddressName? name))
            return name;
        source = HostSource.Mdns;
        return _names.GetValueOrDefault(new Key(null, address));
    }

    private void Add(in Key key, AddressName name)
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

    /// <summary>An address as one device, or everybody, knows it.</summary>
    private readonly struct Key(Device? device, IpAddress address) : IEquatable<Key>
    {
        private readonly Device? _device = device;
        private readonly IpAddress _address = address;

        public bool Equals(Key other) => _device == other._device && _address == other._address;

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(_device), _address.High, _address.Low);
    }
}
