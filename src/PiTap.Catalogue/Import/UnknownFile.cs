using PiTap.Catalogue.Parties;

namespace PiTap.Catalogue.Import;

/// <summary>Says what a file is that PiTap does not take.</summary>
internal static class UnknownFile
{
    /// <summary>A sentence without a full stop.</summary>
    public static string Name(ReadOnlySpan<byte> file) => Kind(file) is string kind
        ? $"it is {kind}"
        : "it is no database in MaxMind's format (mmdb), no list of ranges (csv: first, last address, country or number), and no list "
            + $"of trackers (json) by {string.Join(", ", PartyLists.All.SkipLast(1).Select(static list => list.Name))} or "
            + PartyLists.All[^1].Name;

    private static string? Kind(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            return "empty";
        if (file.StartsWith("PiTapSet"u8))
            return "a packed set of PiTap, which 'pitap' carries itself";
        return file is [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', 3, 4, ..] or [0xfd, (byte)'7', (byte)'z', ..]
            ? "compressed: unpack it first"
            : null;
    }
}
