using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826).</summary>
public readonly ref struct ArpView
{
    private const int Length = 28;
    private readonly ReadOnlySpan<byte> _packet;

    private ArpView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>1 request, 2 reply.</summary>
    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]);

    /// <summary>Who speaks.</summary>
    public MacAddress SenderMac => MacAddress.Read(_packet[8..]);

    /// <summary>The speaker's IPv4 address; unspecified in a probe (RFC 5227 section 1.1).</summary>
    public IpAddress SenderAddress => IpAddress.ReadV4(_packet[14..]);

    /// <summary>The address asked for, or the receiver's.</summary>
    public IpAddress TargetAddress => IpAddress.ReadV4(_packet[24..]);

    /// <summary>Reads the packet behind the EtherType. <see cref="ParseStatus.Unsupported"/> for other hardware or protocols.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out ArpView view)
    {
        view = default;
        if (packet.Length < Length)
            return ParseStatus.Truncated;
        // Hardware Ethernet, protocol IPv4, address lengths 6 and 4.
        if (!packet[..6].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4]))
            return ParseStatus.Unsupported;
        view = new ArpView(packet[..Length]);
        return ParseStatus.Ok;
    }
}
