using System.Globalization;
using System.Text;

namespace PiTap.Model;

/// <summary>
/// How a device shows in records: by its identifier in its own; in other devices' by the names and addresses of its record, as far as no
/// other device had them as well. An address that went from one device to the next, or a name that two bear, tells nothing of one. A device
/// chooses its names, and what it sends from, itself: only what can mean nothing but a device of the local network counts, so that none
/// takes everybody's records of a server with it.
/// </summary>
public sealed class DeviceTraces
{
    // Under which a device's own name is known on its network (RFC 6762, RFC 8375, and what routers make of it).
    private static readonly string[] s_localDomains =
        ["", ".local", ".lan", ".home", ".home.arpa", ".internal", ".localdomain", ".fritz.box"];

    private readonly string _device;
    private readonly HashSet<IpAddress> _addresses = [];

    // DNS names compare without case (RFC 4343).
    private readonly HashSet<string> _texts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The traces of a device.</summary>
    /// <param name="device">The device (<see cref="DeviceRecord.Id"/>).</param>
    /// <param name="known">All devices; of one that is in it several times, everything counts.</param>
    public DeviceTraces(string device, IEnumerable<DeviceRecord> known)
    {
        ArgumentException.ThrowIfNullOrEmpty(device);
        ArgumentNullException.ThrowIfNull(known);
        _device = device;
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        List<DeviceRecord> others = [];
        foreach (DeviceRecord record in known)
        {
            if (record.Id != device)
            {
                others.Add(record);
                continue;
            }
            _addresses.UnionWith(record.Addresses);
            if (IpAddress.TryParse(device, out IpAddress itself))
                _addresses.Add(itself);
            names.UnionWith(NamesOf(record));
        }
        // Whatever else a packet claims to come from may be a server's. Nothing says which prefix of IPv6 is the network's own, so its
        // global addresses do not count either. Loopback all devices share.
        _addresses.RemoveWhere(static address => !address.IsLocal || address.IsLoopback);
        foreach (DeviceRecord other in others)
        {
            _addresses.ExceptWith(other.Addresses);
            names.ExceptWith(NamesOf(other));
        }
        foreach (string name in names)
        {
            if (name.Contains('.', StringComparison.Ordinal))
            {
                // Several labels mean the device below their own domain alone.
                _texts.Add(name);
                continue;
            }
            _texts.UnionWith(s_localDomains.Select(domain => name + domain));
            // In names of DNS the same bytes are written as \DDD: those of UTF-8, or of ISO 8859-1 where it was none.
            foreach (Encoding encoding in (ReadOnlySpan<Encoding>)(Ascii.IsValid(name) ? [] : [Encoding.UTF8, Encoding.Latin1]))
                _texts.UnionWith(s_localDomains.Select(domain => Escaped(encoding.GetBytes(name)) + domain));
        }
        foreach (IpAddress address in _addresses)
        {
            _texts.Add(address.ToString());
            _texts.Add(ReverseName(address));
        }
        // A hardware address, not what may be the name or the address of a host.
        if (device.Contains(':', StringComparison.Ordinal) && !IpAddress.TryParse(device, out _))
            _texts.Add(device);
    }

    /// <summary>True for its identifier, unless that is an address, and for a name or an address of its own as text.</summary>
    public bool IsText(string? text) => text is not null && _texts.Contains(text.EndsWith('.') ? text[..^1] : text);

    /// <summary>True for an address of its own.</summary>
    public bool IsAddress(IpAddress address) => _addresses.Contains(address);

    /// <summary>True for a row under its identifier.</summary>
    public bool IsDevice(string device) => string.Equals(device, _device, StringComparison.Ordinal);

    /// <summary>True for its own flows, and for those of others with it.</summary>
    public bool IsIn(FlowRecord flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return IsDevice(flow.Device) || IsAddress(flow.Client) || IsAddress(flow.Server)
            || IsIn(flow.Host, flow.HostAliases, flow.Tls, flow.Http);
    }

    /// <summary>True if one of a flow's names is one of its own.</summary>
    public bool IsIn(string? host, IReadOnlyList<string> aliases, IReadOnlyList<TlsHello> tls, IReadOnlyList<HttpRequest> http) =>
        IsText(host) || aliases.Any(IsText) || tls.Any(hello => IsText(hello.Sni)) || http.Any(request => IsText(request.Host));

    /// <summary>True for what others have of its own name, be it as an alias.</summary>
    public bool IsIn(string host, IReadOnlyList<string> aliases) => IsText(host) || aliases.Any(IsText);

    /// <summary>
    /// True for its own lookups, and for those of others that it answered, or that asked or were told its name or address.
    /// </summary>
    public bool IsIn(NameLookup lookup) => IsDevice(lookup.Device) || IsAddress(lookup.Client) || IsAddress(lookup.Server)
        || IsText(lookup.Name) || lookup.Answers.Any(answer => IsText(answer.Name) || IsText(answer.Value));

    private static IEnumerable<string> NamesOf(DeviceRecord record) =>
        new[] { record.DhcpName, record.MdnsName, record.NetBiosName }.OfType<string>()
            .Select(static name => name.TrimEnd('.')).Where(IsLocalName)
            .Select(static name => name[..^DomainOf(name).Length] is string label
                && !label.Contains('.', StringComparison.Ordinal) ? label : name);

    /// <summary>
    /// True for a name of one label, or of several in a domain that is no part of the public tree. Addresses and device identifiers as
    /// names, and what stands for hosts without a name, are others'.
    /// </summary>
    private static bool IsLocalName(string name) =>
        name.Length > 0 && name[0] != '(' && !name.Contains(':', StringComparison.Ordinal)
        && (!name.Contains('.', StringComparison.Ordinal) || DomainOf(name).Length > 0);

    /// <summary>The local domain that a name ends with; empty if it ends with none.</summary>
    private static string DomainOf(string name) => s_localDomains.FirstOrDefault(
        domain => domain.Length > 0 && name.Length > domain.Length && name.EndsWith(domain, StringComparison.OrdinalIgnoreCase), "");

    private static string Escaped(byte[] name)
    {
        StringBuilder escaped = new();
        foreach (byte b in name)
        {
            if (b is (byte)'.' or (byte)'\\')
                escaped.Append('\\').Append((char)b);
            else if (b is > 0x20 and < 0x7f)
                escaped.Append((char)b);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"\\{b:D3}");
        }
        return escaped.ToString();
    }

    /// <summary>The name under which DNS is asked for an address's name (RFC 1035 section 3.5, RFC 3596 section 2.5).</summary>
    private static string ReverseName(IpAddress address)
    {
        StringBuilder name = new();
        if (address.IsV4)
        {
            uint v4 = address.V4;
            for (int i = 0; i < 4; i++)
                name.Append(CultureInfo.InvariantCulture, $"{v4 >> 8 * i & 0xff}.");
            return name.Append("in-addr.arpa").ToString();
        }
        foreach (ulong half in (ReadOnlySpan<ulong>)[address.Low, address.High])
        {
            for (int i = 0; i < 16; i++)
                name.Append(CultureInfo.InvariantCulture, $"{half >> 4 * i & 0xf:x}.");
        }
        return name.Append("ip6.arpa").ToString();
    }
}
