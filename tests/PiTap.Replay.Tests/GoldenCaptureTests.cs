using System.Text.Json;
using PiTap.Analysis;
using PiTap.Model;

namespace PiTap.Replay.Tests;

/// <summary>Holds what PiTap makes of the repository's own captures against what their recording was meant to contain.</summary>
public sealed class GoldenCaptureTests
{
    private static readonly AnalysisOptions s_wholeCapture = new() { FlowIdleTimeoutNs = null };

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateDirectories(Repository.Captures).Select(static folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Flows_packets_and_bytes_are_those_of_the_capture(string name)
    {
        (ReplayRun run, JsonElement expected) = Load(name);
        JsonElement flows = expected.GetProperty("flows");
        Assert.Equal(flows.GetProperty("count").GetInt32(), run.Flows.Count);
        Assert.Equal(flows.GetProperty("packets").GetInt64(), run.Flows.Sum(static flow => flow.PacketsUp + flow.PacketsDown));
        Assert.Equal(flows.GetProperty("bytes").GetInt64(), run.Flows.Sum(static flow => flow.BytesUp + flow.BytesDown));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Devices_are_known_by_what_they_told(string name)
    {
        (ReplayRun run, JsonElement expected) = Load(name);
        foreach (JsonElement device in expected.GetProperty("devices").EnumerateArray())
        {
            DeviceRecord? found = run.Devices.GetValueOrDefault(device.GetProperty("id").GetString()!);
            Assert.NotNull(found);
            Assert.Equal(device.GetProperty("isMacRandomised").GetBoolean(), found.IsMacRandomised);
            Assert.Equal(Text(device, "dhcpName"), found.DhcpName);
            Assert.Equal(Text(device, "dhcpVendorClass"), found.DhcpVendorClass);
            Assert.Equal(Text(device, "mdnsName"), found.MdnsName);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Contacts_have_their_names_evidence_protocols_and_verdicts(string name)
    {
        (ReplayRun run, JsonElement expected) = Load(name);
        foreach (JsonElement contact in expected.GetProperty("contacts").EnumerateArray())
        {
            string host = contact.GetProperty("host").GetString()!;
            string? source = Text(contact, "hostSource");
            List<FlowRecord> flows =
                [.. run.Flows.Where(flow => flow.Device == Text(contact, "device") && (flow.Host ?? flow.Server.ToString()) == host
                    && flow.HostSource.Text() == source)];
            Assert.True(flows.Count > 0, $"no flow to {host}, known by {source ?? "nothing"}");
            string?[] apps = [.. contact.GetProperty("appProtos").EnumerateArray().Select(static app => app.GetString())];
            Assert.Empty(apps.Except(flows.SelectMany(static flow => flow.AppProtos).Select(static app => app.Text())));
            if (Text(contact, "verdict") is string verdict)
                Assert.Contains(verdict, flows.Select(static flow => flow.Verdict.Text()));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_question_is_found_with_its_answers(string name)
    {
        (ReplayRun run, JsonElement expected) = Load(name);
        foreach (JsonElement question in expected.GetProperty("names").EnumerateArray())
        {
            ushort type = Types[question.GetProperty("type").GetString()!];
            string asked = question.GetProperty("name").GetString()!;
            List<NameLookup> lookups = [.. run.Lookups.Where(lookup => lookup.Name == asked && lookup.Type == type)];
            Assert.True(lookups.Count > 0, $"{asked} {type} was not found");
            // What other types answer is not part of the expectations.
            if (type is not (1 or 28))
                continue;
            string[] answers = [.. question.GetProperty("answers").EnumerateArray().Select(static answer => answer.GetString()!)];
            string[] aliases = [.. question.GetProperty("cnames").EnumerateArray().Select(static alias => alias.GetString()!)];
            Assert.Contains(lookups,
                lookup => Values(lookup, isAlias: false).SequenceEqual(answers) && Values(lookup, isAlias: true).SequenceEqual(aliases));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Readable_requests_and_hellos_are_found(string name)
    {
        (ReplayRun run, JsonElement expected) = Load(name);
        List<HttpRequest> requests = [.. run.Flows.SelectMany(static flow => flow.Http)];
        foreach (JsonElement request in expected.GetProperty("http").EnumerateArray())
        {
            Assert.Contains(requests, found => found.Host == Text(request, "host") && found.Method == Text(request, "method")
                && found.Path == Text(request, "path") && found.UserAgent == Text(request, "userAgent"));
        }
        foreach (JsonElement hello in expected.GetProperty("tls").EnumerateArray())
        {
            // The name stands in the client's hello, the version that holds in the server's.
            Assert.Contains(run.Flows, flow => (Text(hello, "sni") is null || flow.Tls.Any(found => found.Sni == Text(hello, "sni")))
                && flow.Tls.Any(found => found.Version == Text(hello, "version")));
        }
    }

    private static readonly Dictionary<string, ushort> Types = new()
    {
        ["A"] = 1,
        ["NS"] = 2,
        ["CNAME"] = 5,
        ["SOA"] = 6,
        ["PTR"] = 12,
        ["MX"] = 15,
        ["TXT"] = 16,
        ["AAAA"] = 28,
        ["SRV"] = 33,
        ["HTTPS"] = 65,
        ["ANY"] = 255,
    };

    private static IEnumerable<string> Values(NameLookup lookup, bool isAlias) => lookup.Answers
        .Where(answer => answer.Section == DnsSection.Answer && answer.Type == 5 == isAlias).Select(static answer => answer.Value);

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (ReplayRun Run, JsonElement Expected) Load(string name)
    {
        string folder = Path.Combine(Repository.Captures, name);
        ReplayRun run = ReplayRun.Of(Path.Combine(folder, "capture.pcapng"), s_wholeCapture);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        return (run, document.RootElement.Clone());
    }
}
