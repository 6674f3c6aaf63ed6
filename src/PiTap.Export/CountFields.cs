using System.Text.Json;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>The counts of a contact or a party: one list of names for all formats.</summary>
internal static class CountFields
{
    private static readonly (string Name, Func<TrafficCounts, long> Value)[] s_fields =
    [
        ("flows", static counts => counts.Flows),
        ("flowsEncrypted", static counts => counts.FlowsEncrypted),
        ("flowsReadable", static counts => counts.FlowsReadable),
        ("flowsOpaque", static counts => counts.FlowsOpaque),
        ("packetsUp", static counts => counts.PacketsUp),
        ("packetsDown", static counts => counts.PacketsDown),
        ("bytesUp", static counts => counts.BytesUp),
        ("bytesDown", static counts => counts.BytesDown),
    ];

    /// <summary>The names, in order.</summary>
    public static IEnumerable<string> Names => s_fields.Select(static one => one.Name);

    public static void Write(Utf8JsonWriter json, TrafficCounts counts)
    {
        foreach ((string name, Func<TrafficCounts, long> value) in s_fields)
            json.WriteNumber(name, value(counts));
    }

    public static void Write(CsvRow row, TrafficCounts counts)
    {
        foreach ((_, Func<TrafficCounts, long> value) in s_fields)
            row.Number(value(counts));
    }
}
