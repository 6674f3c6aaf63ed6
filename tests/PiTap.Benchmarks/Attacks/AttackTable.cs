namespace PiTap.Benchmarks.Attacks;

/// <summary>All attacks, in the order of the table in SECURITY.md.</summary>
internal static class AttackTable
{
    public static readonly Attack[] All =
    [
        new("quic-initials-garbage", 6_000, "keys derived and tried, 8 a datagram",
            static count => QuicAttacks.ManyInitials(count, 1, isGarbage: true)),
        new("quic-initials-good", 3_000, "keys derived, 8 packets opened a datagram",
            static count => QuicAttacks.ManyInitials(count, 1, isGarbage: false)),
        new("quic-initials-draft29", 6_000, "the same with a draft's keys",
            static count => QuicAttacks.ManyInitials(count, 0xff00001d, isGarbage: true)),
        new("quic-flows", 6_000, "one Initial a flow, ports anew", QuicAttacks.OneInitialAFlow),
        new("dns-answers-44", 12_000, "44 address records an answer", static count => NameAttacks.Answers(count, 44)),
        new("dns-answers-250", 3_000, "250 address records an answer", static count => NameAttacks.Answers(count, 250)),
        new("dns-questions-16", 6_000, "16 questions a message", NameAttacks.ManyQuestions),
        new("dns-unanswered", 250_000, "random names, never answered", NameAttacks.Unanswered),
        new("mdns-announcements", 6_000, "announcements with many records", NameAttacks.Announcements),
        new("dhcp-names", 20_000, "a new client with a name of 255 bytes each", NameAttacks.Dhcp),
        new("sni-distinct", 30_000, "a new server name a connection", HelloAttacks.DistinctNames),
        new("hello-a-packet", 6_000, "a whole hello with 300 extensions a packet", HelloAttacks.BigHellos),
        new("hello-halves", 25_000, "63 bytes of a hello, then silence", HelloAttacks.Halves),
        new("http-requests", 8_000, "60 requests a packet", StreamAttacks.PipelinedRequests),
        new("http-hosts", 20_000, "a Host field of 1,000 bytes each", StreamAttacks.LongHosts),
        new("tcp-bytes", 100_000, "segments of one byte, every other one missing", StreamAttacks.SingleBytes),
        new("syn-flood-v4", 1_000_000, "a connection a packet", static count => FloodAttacks.Syn(count, isV6: false)),
        new("syn-flood-v6", 1_000_000, "the same by IPv6", static count => FloodAttacks.Syn(count, isV6: true)),
        new("udp-flows", 200_000, "a datagram a flow", FloodAttacks.Udp),
        new("macs", 1_000_000, "a device a packet", FloodAttacks.Macs),
        new("macs-answered", 400_000, "a device a packet and a forged answer", static count => FloodAttacks.AnsweredMacs(count, 1)),
        new("macs-talking", 800_000, "a device each 16 packets, half of them forged answers",
            static count => FloodAttacks.AnsweredMacs(count, 8)),
        new("fragments", 100_000, "first fragments without the rest", FloodAttacks.Fragments),
    ];
}
