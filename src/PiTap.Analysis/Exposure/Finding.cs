using PiTap.Model;

namespace PiTap.Analysis.Exposure;

/// <summary>What can be found of a flow's secrecy. Not stored; what outranks what is said in <see cref="FindingRanks"/>.</summary>
internal enum FindingKind : byte
{
    NullCipher,
    TunnelledRequest,
    Handshake,
    EspPackets,
    ReadableProtocol,
    Icmp,
    PlainText,
    RtpHeader,
    RtcpHeader,
    QuicWithoutHandshake,
    TlsWithoutHandshake,
    ForeignProtocol,
    NothingTelling,
}

/// <summary>Something found of a flow: the one of the highest rank is its verdict.</summary>
/// <param name="Kind">What was found.</param>
/// <param name="Rank">How much it counts beside others; see <see cref="FindingRanks"/>.</param>
/// <param name="Verdict">What it makes of the flow.</param>
/// <param name="Reason">A sentence for people.</param>
internal readonly record struct Finding(FindingKind Kind, int Rank, Verdict Verdict, string Reason);
