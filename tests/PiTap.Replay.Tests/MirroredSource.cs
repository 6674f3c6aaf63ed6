using System.Buffers.Binary;
using PiTap.Capture.Files;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Link;

namespace PiTap.Replay.Tests;

/// <summary>
/// A capture whose IP addresses are mirrored inside their subnet, so that of two neighbours the lower one becomes the higher one. Group
/// addresses stay.
/// </summary>
internal sealed class MirroredSource(string path) : IPacketSource
{
    private readonly FilePacketSource _source = FilePacketSource.Open(path);
    private byte[] _copy = [];

    public string Name => _source.Name;

    public string? Failure => _source.Failure;

    public static IpAddress Mirror(IpAddress address)
    {
        if (address.IsMulticast || address.IsLimitedBroadcast || address.IsUnspecified)
            return address;
        return address.IsV4 ? new IpAddress(address.High, address.Low ^ 0xff) : new IpAddress(address.High, ~address.Low);
    }

    public ReadStatus Read(out CapturedPacket packet)
    {
        ReadStatus status = _source.Read(out packet);
        if (status != ReadStatus.Packet)
            return status;
        _copy = packet.Data.ToArray();
        if (LinkLayer.Parse(packet.Link, _copy, out LinkView link) == ParseStatus.Ok)
            MirrorAddresses(link.EtherType, _copy.AsSpan(_copy.Length - link.Payload.Length));
        packet = new CapturedPacket
        {
            TimeNs = packet.TimeNs,
            Link = packet.Link,
            OriginalLength = packet.OriginalLength,
            Data = _copy,
            Interface = packet.Interface,
        };
        return status;
    }

    public SourceCounters Counters() => _source.Counters();

    public void Dispose() => _source.Dispose();

    private static void MirrorAddresses(ushort etherType, Span<byte> ip)
    {
        if (etherType == EtherTypes.Ipv4 && ip.Length >= 20)
        {
            Replace(ip.Slice(12, 4));
            Replace(ip.Slice(16, 4));
        }
        else if (etherType == EtherTypes.Ipv6 && ip.Length >= 40)
        {
            Replace(ip.Slice(8, 16));
            Replace(ip.Slice(24, 16));
        }
    }

    private static void Replace(Span<byte> bytes)
    {
        IpAddress mirrored = Mirror(bytes.Length == 4 ? IpAddress.ReadV4(bytes) : IpAddress.ReadV6(bytes));
        if (bytes.Length == 4)
            BinaryPrimitives.WriteUInt32BigEndian(bytes, mirrored.V4);
        else
            mirrored.WriteTo(bytes);
    }
}
