using System.Globalization;
using System.Text.Json;
using PiTap.Model;

namespace PiTap.Conformance.Tests;

/// <summary>A value that the truth has and the replay has not, or the other way round.</summary>
/// <param name="Field">What kind of value: <c>tls-sni</c>, <c>ja3</c>, ...</param>
/// <param name="Capture">The capture, relative to the folder.</param>
/// <param name="Value">The value.</param>
/// <param name="IsExtra">True where the truth does not have it.</param>
internal sealed record Difference(string Field, string Capture, string Value, bool IsExtra)
{
    public override string ToString() => $"| {Field} | {(IsExtra ? "extra" : "missing")} | {Capture} | `{Value}` |";
}

/// <summary>Holds the replay of captures against their truth, value by value and flow by flow.</summary>
internal sealed class Comparison
{
    private readonly Dictionary<string, int> _expected = [];

    public List<Difference> Differences { get; } = [];

    public int Flows { get; private set; }

    /// <summary>How many values the truth has of a field.</summary>
    public int Expected(string field) => _expected.GetValueOrDefault(field);

    public IEnumerable<string> Fields => _expected.Keys.Order(StringComparer.Ordinal);

    public void Add(string capture, ReplayResult replay)
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(CaptureFolder.TruthOf(capture)));
        Dictionary<string, FlowRecord> ours = replay.Flows.ToDictionary(Key);
        Dictionary<string, HashSet<string>> asked = replay.Lookups.Where(static lookup => lookup.AppProto == AppProtocol.Dns)
            .GroupBy(Key).ToDictionary(static group => group.Key, static group => Names(group.Select(static lookup => lookup.Name)));
        foreach (JsonElement flow in truth.RootElement.GetProperty("flows").EnumerateArray())
        {
            string proto = flow.GetProperty("proto").GetString()!;
            // Ports tell flows apart; without them tshark's protocol names differ from ours, and later fragments stand apart.
            if (proto is not ("tcp" or "udp") || Number(flow, "a_port") + Number(flow, "b_port") == 0)
                continue;
            Flows++;
            string key = Key(proto, Address(flow, "a"), (int)Number(flow, "a_port"), Address(flow, "b"), (int)Number(flow, "b_port"));
            if (!ours.Remove(key, out FlowRecord? mine))
            {
                Differences.Add(new Difference("flow", capture, key, false));
                continue;
            }
            CompareCounts(capture, key, flow, mine);
            CompareNames(capture, flow, mine, asked.GetValueOrDefault(key) ?? []);
        }
        foreach ((string key, FlowRecord flow) in ours)
        {
            if (flow.ClientPort + flow.ServerPort > 0)
                Differences.Add(new Difference("flow", capture, key, true));
        }
        CompareAddresses(capture, truth.RootElement, replay);
    }

    private void CompareCounts(string capture, string key, JsonElement flow, FlowRecord mine)
    {
        Count("packets", 1);
        Count("bytes", 1);
        long packets = Number(flow, "packets_ab") + Number(flow, "packets_ba");
        long bytes = Number(flow, "bytes_wire_ab") + Number(flow, "bytes_wire_ba");
        if (mine.PacketsUp + mine.PacketsDown != packets)
        {
            Differences.Add(
                new Difference("packets", capture,
                    string.Create(CultureInfo.InvariantCulture, $"{key}: {mine.PacketsUp + mine.PacketsDown} for {packets}"), false));
        }
        if (mine.BytesUp + mine.BytesDown != bytes)
        {
            Differences.Add(
                new Difference("bytes", capture,
                    string.Create(CultureInfo.InvariantCulture, $"{key}: {mine.BytesUp + mine.BytesDown} for {bytes}"), false));
        }
    }

    private void CompareNames(string capture, JsonElement flow, FlowRecord mine, HashSet<string> asked)
    {
        bool isQuic = mine.AppProtos.Contains(AppProtocol.Quic) || mine.AppProtos.Contains(AppProtocol.Gquic);
        IEnumerable<TlsHello> hellos = mine.Tls.Where(static hello => !hello.Version.StartsWith("DTLS", StringComparison.Ordinal));
        IEnumerable<string> sni = hellos.Select(static hello => hello.Sni).OfType<string>();
        Compare("tls-sni", capture, Names(flow, "tls_sni"), Names(isQuic ? [] : sni));
        Compare("quic-sni", capture, Names(flow, "quic_sni"), Names(isQuic ? sni : []));
        Compare("http-host", capture, Names(flow, "http_hosts"), Names(mine.Http.Select(static request => request.Host).OfType<string>()));
        Compare("sd-rtn", capture, Names(flow, "agora_sni"), Names(mine.HostSource == HostSource.SdRtn ? [mine.Host!] : []));
        Compare("dns-name", capture, Names(flow, "dns_names"), asked);
        Compare("ja3", capture, Values(flow, "ja3"), [.. hellos.Select(static hello => hello.Ja3).OfType<string>()]);
        Compare("ja3s", capture, Values(flow, "ja3s"), [.. hellos.Select(static hello => hello.Ja3s).OfType<string>()]);
        Compare("ja4", capture, Values(flow, "ja4"), [.. hellos.Select(static hello => hello.Ja4).OfType<string>()]);
        Compare("ech", capture, Flag(flow, "ech"), hellos.Any(static hello => hello.Ech != EchState.None) ? ["ech"] : []);
        CompareApps(capture, flow, mine);
    }

    private void CompareApps(string capture, JsonElement flow, FlowRecord mine)
    {
        HashSet<string> spoken = Values(flow, "protocols");
        Compare("stun", capture, spoken.Contains("classicstun") ? ["stun"] : Flag(flow, "stun"),
            mine.AppProtos.Contains(AppProtocol.Stun) ? ["stun"] : []);
        Compare("dtls", capture, Flag(flow, "dtls"), mine.AppProtos.Contains(AppProtocol.Dtls) ? ["dtls"] : []);
        HashSet<string> quic = spoken.Contains("quic") || spoken.Contains("gquic") ? ["quic"] : [];
        Compare("quic", capture, quic, mine.AppProtos.Contains(AppProtocol.Quic) || mine.AppProtos.Contains(AppProtocol.Gquic) ? ["quic"]
            : []);
        // The truth has RTP only where signalling announced it: more of it is no mistake.
        if (flow.TryGetProperty("rtp", out _))
            Compare("rtp", capture, ["rtp"], mine.AppProtos.Contains(AppProtocol.Rtp) ? ["rtp"] : []);
    }

    private void CompareAddresses(string capture, JsonElement truth, ReplayResult replay)
    {
        var expected = new HashSet<string>();
        foreach (JsonProperty name in truth.GetProperty("dns_addresses").EnumerateObject())
        {
            foreach (JsonElement address in name.Value.EnumerateArray())
                expected.Add($"{Name(name.Name)} {Address(address.GetString()!)}");
        }
        var found = new HashSet<string>();
        foreach (NameLookup lookup in replay.Lookups)
        {
            foreach (NameAnswer answer in lookup.AppProto == AppProtocol.Dns ? lookup.Answers : [])
            {
                if (answer.Type == 5)
                    continue;
                found.Add($"{Name(answer.Name)} {answer.Value}");
                found.Add($"{Name(lookup.Name)} {answer.Value}");
            }
        }
        Compare("dns-address", capture, expected, found);
    }

    private void Compare(string field, string capture, HashSet<string> expected, HashSet<string> found)
    {
        Count(field, expected.Count);
        Differences.AddRange(expected.Except(found).Select(value => new Difference(field, capture, value, false)));
        Differences.AddRange(found.Except(expected).Select(value => new Difference(field, capture, value, true)));
    }

    private void Count(string field, int count) => _expected[field] = _expected.GetValueOrDefault(field) + count;

    private static HashSet<string> Names(JsonElement flow, string property) => Names(Values(flow, property));

    private static HashSet<string> Names(IEnumerable<string> names) => [.. names.Select(Name)];

    private static HashSet<string> Values(JsonElement flow, string property) =>
        flow.TryGetProperty(property, out JsonElement list) ? [.. list.EnumerateArray().Select(static value => value.GetString()!)] : [];

    private static HashSet<string> Flag(JsonElement flow, string property) => flow.TryGetProperty(property, out JsonElement value)
        && value.ValueKind != JsonValueKind.False && !(value.ValueKind == JsonValueKind.Number && value.GetInt32() == 0) ? [property] : [];

    /// <summary>Lower case, without final dot and without a port: as the truth's own judge compares.</summary>
    private static string Name(string name)
    {
        name = name.ToLowerInvariant().TrimEnd('.');
        int colon = name.LastIndexOf(':');
        bool isAddress = name.Count(static c => c == ':') > 1 && !name.StartsWith('[');
        return colon < 0 || isAddress || !name[(colon + 1)..].All(char.IsAsciiDigit) ? name : name[..colon];
    }

    private static long Number(JsonElement flow, string property) => flow.GetProperty(property).GetInt64();

    private static string Address(JsonElement flow, string property) => Address(flow.GetProperty(property).GetString()!);

    private static string Address(string text) => IpAddress.TryParse(text, out IpAddress address) ? address.ToString() : text;

    private static string Key(FlowRecord flow) =>
        Key(KindNames.ProtocolText(flow.Protocol), flow.Client.ToString(), flow.ClientPort, flow.Server.ToString(), flow.ServerPort);

    private static string Key(NameLookup lookup) =>
        Key(KindNames.ProtocolText(lookup.Protocol), lookup.Client.ToString(), lookup.ClientPort, lookup.Server.ToString(),
            lookup.ServerPort);

    private static string Key(string proto, string a, int aPort, string b, int bPort)
    {
        string first = string.Create(CultureInfo.InvariantCulture, $"{a}:{aPort}");
        string second = string.Create(CultureInfo.InvariantCulture, $"{b}:{bPort}");
        return string.CompareOrdinal(first, second) <= 0 ? $"{proto} {first} {second}" : $"{proto} {second} {first}";
    }
}
