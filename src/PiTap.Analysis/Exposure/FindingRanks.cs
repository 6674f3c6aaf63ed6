namespace PiTap.Analysis.Exposure;

/// <summary>Which finding counts if there are several: a table of its own, so that a new kind takes the place that it deserves.</summary>
internal static class FindingRanks
{
    private static readonly FindingKind[] s_strongestFirst =
    [
        // A handshake that agreed on no encryption is no protection, whatever else was seen of it.
        FindingKind.NullCipher,
        // A handshake inside a tunnel speaks for one of the flows in it only.
        FindingKind.TunnelledRequest,
        // What was spoken before a handshake was readable; what comes behind it is not.
        FindingKind.Handshake,
        FindingKind.EspPackets,
        FindingKind.ReadableProtocol,
        FindingKind.Icmp,
        FindingKind.PlainText,
        // Headers that say what it is, and nothing of what is in it.
        FindingKind.RtpHeader,
        FindingKind.RtcpHeader,
        FindingKind.QuicWithoutHandshake,
        FindingKind.TlsWithoutHandshake,
        FindingKind.ForeignProtocol,
        FindingKind.NothingTelling,
    ];

    private static readonly int[] s_ranks = Ranks();

    /// <summary>Higher is stronger; no two kinds have the same.</summary>
    public static int Of(FindingKind kind) => s_ranks[(int)kind];

    private static int[] Ranks()
    {
        int[] ranks = new int[s_strongestFirst.Length];
        for (int place = 0; place < s_strongestFirst.Length; place++)
            ranks[(int)s_strongestFirst[place]] = s_strongestFirst.Length - place;
        return Array.IndexOf(ranks, 0) < 0 ? ranks : throw new InvalidOperationException("each finding has one place in the table of ranks");
    }
}
