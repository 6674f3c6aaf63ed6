using PiTap.Capture.Files;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Benchmarks;

/// <summary>Packets of the repository's own captures.</summary>
internal static class Recorded
{
    public static List<TimedPacket> Packets(string name)
    {
        List<TimedPacket> packets = [];
        using FilePacketSource source = FilePacketSource.Open(Path.Combine(AppContext.BaseDirectory, name));
        for (ReadStatus status = source.Read(out CapturedPacket packet); status is ReadStatus.Packet
            or ReadStatus.Idle; status = source.Read(out packet))
        {
            if (status == ReadStatus.Packet)
                packets.Add(new TimedPacket(packet.TimeNs, packet.Data.ToArray(), packet.Link));
        }
        return packets;
    }
}
