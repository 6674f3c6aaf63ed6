using System.Globalization;
using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>The devices of a store under the names that tables show, which are also the names that they are asked for by.</summary>
internal sealed class Roster
{
    /// <summary>Devices with a name, and as many without one, that are kept of a store: one that was flooded has a million.</summary>
    public const int MaxDevices = 32_768;

    private readonly IReadOnlyList<DeviceRecord> _devices;
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly HashSet<IpAddress> _addresses = [];

    public Roster(IEnumerable<DeviceRecord> devices)
    {
        _devices = [.. devices];
        Dictionary<string, int> uses = new(StringComparer.OrdinalIgnoreCase);
        foreach (DeviceRecord device in _devices)
        {
            uses[device.DisplayName] = uses.GetValueOrDefault(device.DisplayName) + 1;
            _addresses.UnionWith(device.Addresses);
        }
        foreach (DeviceRecord device in _devices)
        {
            // Two of one name are told apart by the end of what identifies them.
            _labels[device.Id] = uses[device.DisplayName] == 1 || device.DisplayName == device.Id
                ? device.DisplayName
                : string.Create(CultureInfo.InvariantCulture, $"{device.DisplayName} ({device.Id[^Math.Min(5, device.Id.Length)..]})");
        }
    }

    public static Roster Empty { get; } = new([]);

    /// <summary>Of a store's devices as many as are kept: those that come first, and the one that was seen last.</summary>
    public static IEnumerable<DeviceRecord> Kept(IEnumerable<DeviceRecord> devices)
    {
        int named = 0, nameless = 0;
        DeviceRecord? latest = null;
        bool isLatestKept = true;
        foreach (DeviceRecord device in devices)
        {
            bool isKept = (device.DisplayName == device.Id ? nameless++ : named++) < MaxDevices;
            if (isKept)
                yield return device;
            if (device.LastSeenNs > (latest?.LastSeenNs ?? long.MinValue))
                (latest, isLatestKept) = (device, isKept);
        }
        if (!isLatestKept)
            yield return latest!;
    }

    /// <summary>What tables call a device; its identifier if nothing else is known.</summary>
    public string Label(string id) => id.Length == 0 ? "(none)" : _labels.GetValueOrDefault(id, id);

    public bool Knows(string id) => _labels.ContainsKey(id);

    /// <summary>What tables call each of them.</summary>
    public IEnumerable<string> Labels => _labels.Values;

    /// <summary>True if one of the devices had this address.</summary>
    public bool Has(IpAddress address) => _addresses.Contains(address);

    /// <summary>
    /// The devices that a person means: those with this identifier, name or address; else those whose address is in this network; else
    /// those whose identifier, name or an address begins so. An identifier that no device has is itself.
    /// </summary>
    public IReadOnlyList<string> Find(string text)
    {
        string wanted = text.Trim();
        string id = DeviceText.Id(wanted)!;
        bool isAddress = IpAddress.TryParse(wanted, out IpAddress address);
        // Its name a device chooses itself, and may choose another one's identifier.
        if (!isAddress && _labels.ContainsKey(id))
            return [id];
        string[] exact = Ids(device => device.Id == id || Names(device).Contains(wanted, StringComparer.OrdinalIgnoreCase)
            || (isAddress && device.Addresses.Contains(address)));
        if (exact.Length > 0)
            return exact;
        if (DeviceText.IsId(wanted))
            return [id];
        if (AddressRange.TryParse(wanted, out AddressRange? range))
        {
            return Ids(device => device.Addresses.Any(range.Contains)
                || (IpAddress.TryParse(device.Id, out IpAddress own) && range.Contains(own)));
        }
        return Ids(device => Begins(device.Id, wanted.Replace('-', ':')) || Names(device).Any(name => Begins(name, wanted))
            || device.Addresses.Any(own => Begins(own.ToString(), wanted)));
    }

    private static bool Begins(string text, string wanted) => text.StartsWith(wanted, StringComparison.OrdinalIgnoreCase);

    private string[] Ids(Func<DeviceRecord, bool> isMeant) => [.. _devices.Where(isMeant).Select(static device => device.Id)];

    private IEnumerable<string> Names(DeviceRecord device) =>
        new[] { device.DhcpName, device.MdnsName, device.NetBiosName }.Select(DeviceRecord.OwnName)
            .Append(device.DisplayName).Append(_labels[device.Id]).OfType<string>();
}
