using PiTap.Model;
using PiTap.Wire.Pcap;
using static PiTap.Capture.InvariantText;

namespace PiTap.Capture.Files;

/// <summary>The sentences for a file that cannot be read to its end: which file, where, and what stands there.</summary>
internal static class FileFailure
{
    /// <summary>The stream under the parser gave up.</summary>
    public static string Unreadable(string name, string? compression, Exception error, long offset)
    {
        string place = Place(offset, compression);
        if (compression is null)
            return $"{name} cannot be read on at {place}: {error.Message}{Kept(offset)}";
        return error is EndOfStreamException
            ? $"{name} is cut off: its {compression} data end early, at {place}.{Kept(offset)}"
            : $"{name} is damaged: its {compression} data cannot be decompressed beyond {place}.{Kept(offset)}";
    }

    /// <summary>The bytes are no capture any more.</summary>
    public static string Damaged(string name, string? compression, CaptureFileParser parser, int bytesLeft)
    {
        string place = Place(parser.FaultOffset, compression);
        string unit = parser.Format == CaptureFormat.Pcapng ? "block" : "packet";
        long value = parser.FaultValue;
        string what = parser.Fault switch
        {
            CaptureFault.Truncated => Invariant(
                $"is cut off at {Place(parser.Offset + bytesLeft, compression)}: what begins at {place} needs {value} bytes, and {parser.Offset + bytesLeft - parser.FaultOffset} are there"),
            CaptureFault.VersionUnknown => Invariant($"is of version {value} of the {parser.Format.ToString().ToLowerInvariant()} format, which is not known ({place})"),
            CaptureFault.PacketTooLong => Invariant($"is damaged at {place}: a packet of {value} bytes is said to stand there, and {CaptureFileParser.MaxPacketBytes} is the most there can be"),
            CaptureFault.BlockTooLong => Invariant($"is damaged at {place}: a block of {value} bytes is said to stand there, and {CaptureFileParser.MaxBlockBytes} is the most there can be"),
            CaptureFault.BlockLengthInvalid => Invariant($"is damaged at {place}: {value} bytes is no length for the block there"),
            CaptureFault.BlockLengthsDiffer => Invariant($"is damaged at {place}: the block there has another length at its end, {value}"),
            CaptureFault.PacketBeyondBlock => Invariant($"is damaged at {place}: a packet of {value} bytes does not fit into its block there"),
            CaptureFault.InterfaceUnknown => Invariant($"is damaged at {place}: the packet there belongs to interface {value}, which is not described"),
            CaptureFault.TooManyInterfaces => Invariant($"describes more than {value} interfaces ({place})"),
            CaptureFault.ByteOrderUnknown => Invariant($"is damaged at {place}: the section there begins with {value:X8}, which is no byte-order mark"),
            _ => Invariant($"is damaged at {place}: there is no {unit} there"),
        };
        return $"{name} {what}.{Kept(parser.FaultOffset)}";
    }

    /// <summary>No packet of the file can be looked into.</summary>
    public static string UnsupportedLink(string name, LinkType link) =>
        $"{name} holds packets of link type {LinkTypes.Text(link)}, which PiTap does not read. {ReadLinks}";

    /// <summary>What is read, for those who were refused.</summary>
    public const string ReadLinks = "It reads Ethernet, Wi-Fi, PPP and PPPoE, raw IP, loopback, Linux cooked captures, NFLOG and PKTAP.";

    private static string Kept(long offset) => offset > 0 ? " What came before it holds." : "";

    private static string Place(long offset, string? compression) =>
        compression is null ? Invariant($"byte {offset}") : Invariant($"byte {offset} of the decompressed data");
}
