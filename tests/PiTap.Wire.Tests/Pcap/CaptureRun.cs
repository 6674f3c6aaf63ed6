using PiTap.Model;
using PiTap.Wire.Pcap;

namespace PiTap.Wire.Tests.Pcap;

/// <summary>A packet as a test compares it.</summary>
internal sealed record ReadPacket(long TimeNs, LinkType Link, int OriginalLength, int Interface, string Data);

/// <summary>What came of reading a whole file.</summary>
internal sealed record CaptureRun(IReadOnlyList<ReadPacket> Packets, CaptureParseStatus Status, CaptureFault Fault, long FaultOffset,
    long FaultValue)
{
    /// <summary>The longest packet, and 64 KiB of what describes it.</summary>
    public const int MostBytesNeeded = 262_144 + 65_536;

    /// <summary>Reads a file through a window that grows by so many bytes at a time, and never more than was asked for.</summary>
    public static CaptureRun Read(ReadOnlySpan<byte> file, int stepBytes = int.MaxValue)
    {
        var parser = new CaptureFileParser();
        var packets = new List<ReadPacket>();
        int position = 0;
        int end = Math.Min(file.Length, stepBytes);
        // Each round takes a packet, shows more of the file, or ends: the file's length bounds them.
        for (int rounds = 0; rounds <= 3 * file.Length + 10; rounds++)
        {
            CaptureParseStatus status =
                parser.TryRead(file[position..end], end == file.Length, out int consumed, out CapturedPacket packet);
            Assert.InRange(consumed, 0, end - position);
            position += consumed;
            Assert.Equal(position, parser.Offset);
            if (status == CaptureParseStatus.Packet)
            {
                packets.Add(
                    new ReadPacket(packet.TimeNs, packet.Link, packet.OriginalLength, packet.Interface, Convert.ToHexString(packet.Data)));
                continue;
            }
            if (status != CaptureParseStatus.NeedMore)
            {
                // What ended stays ended.
                Assert.Equal(status, parser.TryRead(file[position..end], true, out _, out _));
                return new CaptureRun(packets, status, parser.Fault, parser.FaultOffset, parser.FaultValue);
            }
            Assert.InRange(parser.BytesNeeded, end - position + 1, MostBytesNeeded);
            Assert.True(end < file.Length, "More was asked for at the end of the file.");
            end = (int)Math.Min(file.Length, Math.Max((long)end + 1, Math.Min((long)end + stepBytes, (long)position + parser.BytesNeeded)));
        }
        throw new InvalidOperationException("The parser does not come to an end.");
    }
}
