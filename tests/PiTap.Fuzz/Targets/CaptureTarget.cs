using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Pcap;

namespace PiTap.Fuzz.Targets;

/// <summary>Capture files, pcap and pcapng, read through a window that grows by as many bytes as the first byte says.</summary>
internal sealed class CaptureTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        int step = 1 + data[0];
        ReadOnlySpan<byte> file = data[1..];
        CaptureFileParser parser = new();
        int position = 0;
        int end = Math.Min(step, file.Length);
        for (int rounds = 0; ; rounds++)
        {
            Property.Holds(rounds <= 3 * file.Length + 10, "a file without an end");
            CaptureParseStatus status =
                parser.TryRead(file[position..end], end == file.Length, out int consumed, out CapturedPacket packet);
            Property.Holds(consumed >= 0 && consumed <= end - position, "more taken than given");
            position += consumed;
            Property.Holds(parser.Offset == position, "an offset that is not what was taken");
            if (status == CaptureParseStatus.Packet)
            {
                Property.IsInside(packet.Data, file);
                Property.Holds(packet.Data.Length <= CaptureFileParser.MaxPacketBytes && packet.OriginalLength >= 0,
                    "a packet beyond its cap");
                Property.Holds(packet.Interface < parser.Interfaces && parser.LinkOf(packet.Interface) == packet.Link,
                    "a packet of no interface");
                continue;
            }
            if (status != CaptureParseStatus.NeedMore)
                return;
            Property.Holds(end < file.Length, "more is wanted than there is");
            Property.Holds(parser.BytesNeeded > end - position && parser.BytesNeeded <= CaptureFileParser.MaxBytesNeeded,
                "a wish beyond its cap");
            end = (int)Math.Min(file.Length, Math.Max((long)end + step, (long)position + parser.BytesNeeded));
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] frame =
            Packets.Ethernet(Packets.PhoneMac, Packets.RouterMac, Packets.Ip(Packets.Phone, Packets.Server, 17, Packets.Udp(1, 2, [3])));
        byte[] header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
        byte[] record = [1, 0, 0, 0, 2, 0, 0, 0, (byte)frame.Length, 0, 0, 0, (byte)frame.Length, 0, 0, 0, .. frame];
        yield return [255, .. header, .. record, .. record];
        byte[] section = Block(0x0a0d_0d0a, [0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, .. Enumerable.Repeat((byte)0xff, 8)]);
        byte[] description = Block(1, [1, 0, 0, 0, 0, 0, 4, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]);
        byte[] packet = Block(6, [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, (byte)frame.Length, 0, 0, 0, (byte)frame.Length, 0, 0, 0, .. frame]);
        byte[] simple = Block(3, [(byte)frame.Length, 0, 0, 0, .. frame]);
        yield return [30, .. section, .. description, .. packet, .. simple];
    }

    private static byte[] Block(uint type, byte[] body)
    {
        byte[] padded = [.. body, .. new byte[-body.Length & 3]];
        byte[] length = BitConverter.GetBytes(12 + padded.Length);
        return [.. BitConverter.GetBytes(type), .. length, .. padded, .. length];
    }
}
