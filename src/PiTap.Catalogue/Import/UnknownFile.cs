namespace PiTap.Catalogue.Import;

/// <summary>Says what a file is that PiTap does not take.</summary>
internal static class UnknownFile
{
    private const string ListOfTrackers = ", which PiTap does not read: its own table, and third-party-web, name companies";

    /// <summary>A sentence without a full stop.</summary>
    public static string Name(ReadOnlySpan<byte> file) => Kind(file) is string kind
        ? $"it is {kind}"
        : "it is neither a database in MaxMind's format (mmdb) nor a list of ranges (csv: first, last address, country or number)";

    private static string? Kind(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
            return "empty";
        if (file.StartsWith("PiTapSet"u8))
            return "a packed set of PiTap, which 'pitap' carries itself";
        if (file is [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', 3, 4, ..] or [0xfd, (byte)'7', (byte)'z', ..])
            return "compressed: unpack it first";
        if (file.IndexOf("\"network_signature\""u8) >= 0)
            return "a list of trackers by Exodus" + ListOfTrackers;
        if (file.IndexOf("\"default\""u8) >= 0 && file.IndexOf("\"owner\""u8) >= 0)
            return "a list of trackers by DuckDuckGo" + ListOfTrackers;
        if (file.IndexOf("\"categoryId\""u8) >= 0 || file.IndexOf("\"timeUpdated\""u8) >= 0)
            return "a list of companies by AdGuard" + ListOfTrackers;
        return file.IndexOf("\"categories\""u8) >= 0 && file.IndexOf("\"Advertising\""u8) >= 0
            ? "a list of trackers by Disconnect" + ListOfTrackers
            : null;
    }
}
