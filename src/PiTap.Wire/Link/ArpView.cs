using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>
/// An ARP packet for IPv4 over Ethernet (RFC 826).
/// <code>
///  0  hardware type: 1             8  sender's MAC, 6 bytes
///  2  protocol type: 0x0800       14  sender's IPv4 address
///  4  address lengths: 6 and 4    18  target's MAC, 6 bytes
///  6  operation                   24  target's IPv4 address
/// </code>
/// </summary>
public readonly ref struct ArpView
{
    private const int OperationOffset = 6;
    private const int SenderMacOffset = 8;
    private const int SenderAddressOffset = 14;
    private const int TargetAddressOffset = 24;
    private const int Length = 28;
    private readonly ReadOnlySpan<byte> _packet;

    private ArpView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>1 request, 2 reply.</summary>
    public ushort Operation => BinaryPrimitives.ReadUInt16BigEndian(_packet[OperationOffset..]);

    /// <summary>Who speaks.</summary>
    public MacAddress SenderMac => MacAddress.Read(_packet[SenderMacOffset..]);

    /// <summary>The speaker's IPv4 address; unspecified in a probe (RFC 5227 section 1.1).</summary>
    public IpAddress SenderAddress => IpAddress.ReadV4(_packet[SenderAddressOffset..]);

    /// <summary>The address asked for, or the receiver's.</summary>
    public IpAddress TargetAddress => IpAddress.ReadV4(_packet[TargetAddressOffset..]);

    /// <summary>Reads the packet behind the EtherType. <see cref="ParseStatus.Unsupported"/> for other hardware or protocols.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out ArpView view)
    {
        view = default;
        if (packet.Length < Length)
            return ParseStatus.Truncated;
        // Hardware Ethernet, protocol IPv4, address lengths 6 and 4.
        if (!packet[..OperationOffset].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4]))
            return ParseStatus.Unsupported;
        view = new ArpView(packet[..Length]);
        return ParseStatus.Ok;
    }
}
