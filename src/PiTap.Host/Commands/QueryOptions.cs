using System.CommandLine;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>What of one kind of record is wanted.</summary>
internal sealed record RecordWish<T>
{
    public required StoreQuery Query { get; init; }

    /// <summary>The devices that are meant; null for all.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    public string? DeviceText { get; init; }

    public HostPattern? Host { get; init; }

    public string? HostText { get; init; }

    public int? Run { get; init; }

    public Verdict? Verdict { get; init; }

    public IReadOnlyList<string> Protocols { get; init; } = [];

    public PartyFilter Party { get; init; } = PartyFilter.All;

    /// <summary>The profile of the app that devices are taken to run; null for none.</summary>
    public string? Profile { get; init; }

    public Comparison<T>? Order { get; init; }

    public int? Limit { get; init; }

    /// <summary>True to show the local network's own traffic row by row: as asked, or as it is asked for by name.</summary>
    public bool IsAll { get; init; }

    /// <summary>True if something was to be left out.</summary>
    public bool IsPart => Devices is not null || Host is not null || Verdict is not null || Protocols.Count > 0 || Run is not null
        || !Party.IsAll
        || Query.FromNs is not null || Query.ToNs is not null;

    public bool Takes(RecordKind<T> kind, T record) =>
        (Devices is null || Devices.Contains(kind.Device(record)))
        && (Host is null || kind.IsHost!(record, Host))
        && (Run is null || kind.Run is null || kind.Run(record) == Run)
        && (Verdict is null || kind.HasVerdict!(record, Verdict.Value))
        && (Party.IsAll || Party.Takes(kind.Who!(record)))
        && (Protocols.Count == 0 || Protocols.Any(protocol => kind.Speaks!(record, protocol)));
}

/// <summary>The options that say which records of one kind are wanted, and in which order.</summary>
internal sealed class QueryOptions<T>
{
    private static readonly string[] s_transports = ["tcp", "udp"];

    private readonly RecordKind<T> _kind;
    private readonly TimeProvider _clock;

    private readonly Option<string?> _device = new("--device")
    {
        Description = "Only this device: its name, MAC or address, how one of them begins, or a network such as 10.42.0.0/24.",
        HelpName = "DEVICE",
        CustomParser = static result => CommonOptions.NotEmpty(result, CommonOptions.Single(result)),
    };

    private readonly Option<string?> _host = new("--host")
    {
        Description = "Only this host. With a dot, a name and the names below it (example.net); without one, any part of a name (metrics); "
            + "a star for any text at that end (*net); an address, or a network.",
        HelpName = "HOST",
        CustomParser = static result =>
        {
            string? text = CommonOptions.NotEmpty(result, CommonOptions.Single(result));
            if (text is not null && HostPattern.Parse(text) is null)
                result.AddError($"--host: '{text}' is no host; write for example example.net, metrics or 192.0.2.1.");
            return text;
        },
    };

    private readonly Option<int?> _run = CommonOptions.Number(
        "--run", "N", "Only what this run brought, as 'stats' numbers them (default: all runs).", 1, int.MaxValue);

    private readonly PartyOptions _party = new();
    private readonly Option<Moment?> _since;
    private readonly Option<Moment?> _until;

    private readonly Option<Verdict?> _verdict = new("--verdict")
    {
        Description = "Only what has this verdict: readable, encrypted or opaque.",
        HelpName = "VERDICT",
        CustomParser = static result =>
        {
            string text = CommonOptions.Single(result);
            foreach (Verdict verdict in Enum.GetValues<Verdict>())
            {
                if (verdict.Text() == text)
                    return verdict;
            }
            result.AddError($"--verdict: '{text}' is none of readable, encrypted and opaque.");
            return null;
        },
    };

    private readonly Option<string[]> _protocol;
    private readonly Option<string?> _sort;

    private readonly Option<int?> _limit = CommonOptions.Number(
        "--limit", "N", "Print at most so many records (default: all).", 1, int.MaxValue);

    private readonly Option<bool> _all = new("--all")
    {
        Description = "In a table, also the local network's own traffic (multicast, broadcast, the router's DNS and DHCP), "
            + "which is one line otherwise. jsonl and csv always have all.",
    };

    public QueryOptions(RecordKind<T> kind, TimeProvider clock)
    {
        _kind = kind;
        _clock = clock;
        _since = CommonOptions.MomentOption("--since", "Only what ended at or after this time: 2021-02-12T17:00:00Z, 2021-02-12 or "
            + "14:13:45 in the zone that tables show (of the last day in the store), or 2h for two hours ago.", clock);
        _until = CommonOptions.MomentOption("--until", "Only what began before this time.", clock);
        _protocol = new Option<string[]>("--protocol")
        {
            Description = "Only what speaks one of these protocols, separated by commas: tls, dns, http, "
                + (kind.HasTransport ? "tcp, ..." : "..."),
            HelpName = "LIST",
            CustomParser = result =>
            {
                string[] known = [.. KindNames.Names(ulong.MaxValue), .. kind.HasTransport ? s_transports : []];
                string[] asked = [.. CommonOptions.Items(result).Select(static item => item.ToLowerInvariant())];
                foreach (string unknown in asked.Except(known, StringComparer.Ordinal))
                    result.AddError($"--protocol: '{unknown}' is none of {string.Join(", ", known)}.");
                if (asked.Length == 0)
                    result.AddError("--protocol needs a value that is not empty.");
                return asked;
            },
        };
        string standard = kind.IsTableSorted ? $"{kind.Orders[0].Name} in a table, by device elsewhere" : kind.Orders[0].Name;
        string orders = string.Join(", ", kind.Orders.Select(static order => order.Name));
        _sort = new Option<string?>("--sort")
        {
            Description = $"Sort by one of {orders} (default: {standard}). Sizes and counts: most first.",
            HelpName = "BY",
            CustomParser = result =>
            {
                string text = CommonOptions.Single(result);
                if (!kind.Orders.Any(order => order.Name == text))
                    result.AddError($"--sort: '{text}' is none of {orders}.");
                return text;
            },
        };
    }

    public void AddTo(Command command)
    {
        command.Add(_device);
        if (_kind.IsHost is not null)
            command.Add(_host);
        if (_kind.Speaks is not null)
            command.Add(_protocol);
        if (_kind.HasVerdict is not null)
            command.Add(_verdict);
        if (_kind.Who is not null)
            _party.AddTo(command);
        command.Add(_run);
        command.Add(_since);
        command.Add(_until);
        command.Add(_sort);
        command.Add(_limit);
        if (_kind.IsLocal is not null)
            command.Add(_all);
    }

    public RecordWish<T> Read(ParseResult parsed, bool isTable, Roster roster, IReadOnlyList<DeviceRecord> devices)
    {
        string? device = parsed.GetValue(_device);
        string? hostText = _kind.IsHost is null ? null : parsed.GetValue(_host);
        HostPattern? host = hostText is null ? null : HostPattern.Parse(hostText);
        string[] protocols = _kind.Speaks is null ? [] : parsed.GetValue(_protocol) ?? [];
        IReadOnlyList<string>? meant = device is null ? null : roster.Find(device);
        long lastNs = devices.Count == 0 ? 0 : devices.Max(static one => one.LastSeenNs);
        string? sort = parsed.GetValue(_sort) ?? (isTable && _kind.IsTableSorted ? _kind.Orders[0].Name : null);
        return new RecordWish<T>
        {
            Query = new StoreQuery(
                parsed.GetValue(_since)?.At(_clock.LocalTimeZone, lastNs), parsed.GetValue(_until)?.At(_clock.LocalTimeZone, lastNs),
                meant is { Count: 1 } ? meant[0] : null),
            Devices = meant,
            DeviceText = device,
            Host = host,
            HostText = hostText,
            Run = parsed.GetValue(_run),
            Verdict = _kind.HasVerdict is null ? null : parsed.GetValue(_verdict),
            Protocols = protocols,
            Party = _kind.Who is null ? PartyFilter.All : _party.Read(parsed),
            Profile = _kind.Who is null ? null : _party.Profile(parsed),
            Order = sort is null ? null : _kind.Orders.First(order => order.Name == sort).Compare,
            Limit = parsed.GetValue(_limit),
            IsAll = !isTable || _kind.IsLocal is null || parsed.GetValue(_all) || host is not null || protocols.Length > 0,
        };
    }
}
