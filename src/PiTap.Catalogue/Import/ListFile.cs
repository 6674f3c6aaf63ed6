using System.Text.Json;
using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>Which file of a list it is.</summary>
internal enum ListFileKind
{
    /// <summary>None that PiTap knows.</summary>
    None,

    /// <summary>AdGuard's trackers.</summary>
    AdGuardTrackers,

    /// <summary>AdGuard's companies.</summary>
    AdGuardCompanies,

    /// <summary>DuckDuckGo's trackers in web pages.</summary>
    DuckDuckGoWeb,

    /// <summary>DuckDuckGo's trackers in apps.</summary>
    DuckDuckGoApps,

    /// <summary>Disconnect's services.</summary>
    DisconnectServices,

    /// <summary>Disconnect's entities.</summary>
    DisconnectEntities,

    /// <summary>Exodus' trackers.</summary>
    Exodus,
}

/// <summary>Tells files of lists by what is in them.</summary>
internal static class ListFile
{
    /// <summary>Levels of a file: the deepest has six.</summary>
    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>True if a file begins like JSON.</summary>
    public static bool IsJson(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> text = WithoutMark(file).TrimStart(" \t\r\n"u8);
        return text is [(byte)'{' or (byte)'[', ..];
    }

    /// <summary>Reads a whole file; null, and a sentence in <paramref name="error"/>, if it is no JSON.</summary>
    public static JsonDocument? Open(ReadOnlyMemory<byte> file, out string? error)
    {
        try
        {
            error = null;
            return JsonDocument.Parse(file[(file.Length - WithoutMark(file.Span).Length)..], s_options);
        }
        catch (JsonException fault)
        {
            error = $"line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}: there it is no JSON any more, ends early, or has "
                + $"more than {MaxDepth} levels; get the list anew";
            return null;
        }
    }

    /// <summary>Which file it is.</summary>
    public static ListFileKind KindOf(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return ListFileKind.None;
        if (root.TryGetProperty("trackers", out JsonElement trackers))
        {
            return root.TryGetProperty("trackerDomains", out _) ? ListFileKind.AdGuardTrackers
                : ExodusList.IsOne(trackers) ? ListFileKind.Exodus
                : !HasAny(trackers, "owner") ? ListFileKind.None
                : root.TryGetProperty("packageNames", out _) ? ListFileKind.DuckDuckGoApps
                : ListFileKind.DuckDuckGoWeb;
        }
        return root.TryGetProperty("companies", out JsonElement companies) && HasAny(companies, "name") ? ListFileKind.AdGuardCompanies
            : root.TryGetProperty("entities", out JsonElement entities) && HasAny(entities, "properties") ? ListFileKind.DisconnectEntities
            : root.TryGetProperty("categories", out JsonElement categories) && HasLists(categories) ? ListFileKind.DisconnectServices
            : ExodusList.IsOne(root) ? ListFileKind.Exodus
            : ListFileKind.None;
    }

    /// <summary>Whose file that is.</summary>
    public static PartyList ListOf(ListFileKind kind) => kind switch
    {
        ListFileKind.AdGuardTrackers or ListFileKind.AdGuardCompanies => PartyLists.AdGuard,
        ListFileKind.DuckDuckGoWeb or ListFileKind.DuckDuckGoApps => PartyLists.DuckDuckGo,
        ListFileKind.DisconnectServices or ListFileKind.DisconnectEntities => PartyLists.Disconnect,
        _ => PartyLists.Exodus,
    };

    private static bool HasAny(JsonElement entries, string field) => entries.ValueKind == JsonValueKind.Object
        && entries.EnumerateObject().Any(entry => HasField(entry.Value, field));

    private static bool HasField(JsonElement entry, string field) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(field, out _);

    private static bool HasLists(JsonElement entries) => entries.ValueKind == JsonValueKind.Object
        && entries.EnumerateObject().Any(static entry => entry.Value.ValueKind == JsonValueKind.Array);

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> file) =>
        file.StartsWith(ByteOrderMark) ? file[ByteOrderMark.Length..] : file;
}
