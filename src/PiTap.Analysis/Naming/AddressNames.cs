using System.Runtime.CompilerServices;
using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Naming;

/// <summary>A name that an address was given.</summary>
/// <param name="Host">The name asked for, lower case.</param>
/// <param name="Aliases">The names between it and the address (RFC 1034 section 3.6.2), in order.</param>
internal sealed record AddressName(string Host, IReadOnlyList<string> Aliases);

/// <summary>
/// Which names addresses have: by the DNS answers that each device got, and by multicast announcements, which all get. A later answer
/// replaces an earlier one: addresses are shared and re-used. Bounded; of a device that fills the table its own oldest go first.
/// </summary>
internal sealed class AddressNames(EngineClock clock, Losses losses)
{
    /// <summary>How long an answer counts at least: what ran out is still used for a day and more (RFC 8767 section 5).</summary>
    private const long MinValidNs = 86_400 * PacketTime.NanosecondsPerSecond;

    /// <summary>
    /// Of an IPv4 address that was asked for over IPv4 the asking address counts too: behind one MAC there may be a router with many
    /// clients.
    /// </summary>
    private readonly record struct Key(Device? Device, IpAddress Client, IpAddress Address)
    {
        // The generated ones go through a comparer for each part.
        public bool Equals(Key other) => Device == other.Device && Client == other.Client && Address == other.Address;

        public override int GetHashCode() => HashCode.Combine(RuntimeHelpers.GetHashCode(Device), Client.Low, Address.High, Address.Low);
    }

    private readonly record struct Entry(AddressName Name, long LearntNs, long ValidNs);

    private readonly Dictionary<Key, Entry> _names = [];
    private readonly FairQueue<Key> _byAge = new();
    private bool _hasAnnouncements;

    /// <summary>Notes an answer that the client of a flow got.</summary>
    public void AddAnswer(Flow flow, IpAddress address, AddressName name, uint validSeconds)
    {
        IpAddress client = flow.Client.IsV4 && address.IsV4 ? flow.Client : default;
        flow.Device.HasAnswers = true;
        Add(new Key(flow.Device, client, address), flow.Device, name, validSeconds);
    }

    /// <summary>Notes a multicast announcement. One that holds for no time takes itself back (RFC 6762 section 10.1).</summary>
    public void AddAnnouncement(Device sender, IpAddress address, AddressName name, uint validSeconds)
    {
        _hasAnnouncements = true;
        var key = new Key(null, default, address);
        if (validSeconds > 0)
            Add(key, sender, name, validSeconds);
        else if (_names.TryGetValue(key, out Entry known) && known.Name.Host == name.Host)
            _names[key] = known with { ValidNs = 0 };
    }

    /// <summary>Gives a flow the name that its server has by the device's DNS answers or by multicast DNS.</summary>
    public void NameServer(Flow flow)
    {
        if (flow.ClientIsLow != flow.DeviceIsLow)
            return;
        AddressName? name = Find(flow, out HostSource source);
        if (name is not null)
            flow.Facts.Name(name.Host, source, name.Aliases);
    }

    /// <summary>Forgets what a device was told, and what others were told or heard of its addresses and by its name.</summary>
    public void Forget(Device? device, DeviceTraces traces)
    {
        bool isOfDevice(in Key key) => (key.Device is not null && key.Device == device) || traces.IsAddress(key.Address)
            || traces.IsAddress(key.Client) || traces.IsText(_names[key].Name.Host) || _names[key].Name.Aliases.Any(traces.IsText);
        _byAge.RemoveWhere(key => isOfDevice(key), key => _names.Remove(key));
    }

    /// <summary>What the client of a flow calls its server.</summary>
    private AddressName? Find(Flow flow, out HostSource source)
    {
        source = HostSource.Dns;
        // Most devices in a capture of many are servers and asked for nothing; most addresses were never announced.
        if (flow.Device.HasAnswers)
        {
            IpAddress client = flow.Client.IsV4 && flow.Server.IsV4 ? flow.Client : default;
            AddressName? name = Find(new Key(flow.Device, client, flow.Server));
            if (name is null && client != default)
                name = Find(new Key(flow.Device, default, flow.Server));
            if (name is not null)
                return name;
        }
        source = HostSource.Mdns;
        return _hasAnnouncements ? Find(new Key(null, default, flow.Server)) : null;
    }

    private AddressName? Find(in Key key) =>
        _names.TryGetValue(key, out Entry entry) && clock.NowNs - entry.LearntNs < entry.ValidNs ? entry.Name : null;

    private void Add(in Key key, Device owner, AddressName name, uint validSeconds)
    {
        if (!_names.ContainsKey(key))
        {
            if (_names.Count >= Limits.NamedAddresses)
            {
                _names.Remove(_byAge.TakeLeastUseful());
                losses.Count(Losses.NamesEvicted);
            }
            _byAge.Add(key, owner);
        }
        _names[key] = new Entry(name, clock.NowNs, Math.Max(MinValidNs, validSeconds * PacketTime.NanosecondsPerSecond));
    }
}
