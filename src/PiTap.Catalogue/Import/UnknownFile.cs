namespace PiTap.Catalogue.Import;

/// <summary>Says what a file is that PiTap does not take.</summary>
internal static class UnknownFile
{
    /// <summary>Bytes at a file's head that are looked at.</summary>
    private const int MaxHeadBytes = 64 << 10;

    private const string ListOfTrackers = ", which PiTap does not read: its own table, and third-party-web, name companies";

    /// <summary>A sentence without a full stop.</summary>
    public static string Name(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> head = file[..Math.Min(file.Length, MaxHeadBytes)];
        return Kind(head) is string kind
            ? $"it is {kind}"
            : "it is neither a database in MaxMind's format (mmdb) nor a list of ranges (csv: first, last address, country or number)";
    }

    private static string? Kind(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
            return "empty";
        if (head.StartsWith("PiTapSet"u8))
            return "a packed set of PiTap, which 'pitap' carries itself";
        if (head is [0x1f, 0x8b, ..] or [(byte)'P', (byte)'K', 3, 4, ..] or [0xfd, (byte)'7', (byte)'z', ..])
            return "compressed: unpack it first";
        if (head.IndexOf("\"network_signature\""u8) >= 0)
            return "a list of trackers by Exodus" + ListOfTrackers;
        if (head.IndexOf("\"default\""u8) >= 0 && head.IndexOf("\"owner\""u8) >= 0)
            return "a list of trackers by DuckDuckGo" + ListOfTrackers;
        if (head.IndexOf("\"categoryId\""u8) >= 0 || head.IndexOf("\"timeUpdated\""u8) >= 0)
            return "a list of companies by AdGuard" + ListOfTrackers;
        return head.IndexOf("\"categories\""u8) >= 0 && head.IndexOf("\"Advertising\""u8) >= 0
            ? "a list of trackers by Disconnect" + ListOfTrackers
            : null;
    }
}
