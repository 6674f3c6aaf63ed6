using System.Buffers.Binary;
using PiTap.Model;
using PiTap.Wire;

namespace PiTap.TestKit.Scenarios;

/// <summary>Where a host of a scene is: its network card and its address.</summary>
public readonly record struct SceneHost(MacAddress Mac, IpAddress Address);

/// <summary>A packet of a scene.</summary>
/// <param name="TimeNs">When, in nanoseconds since the Unix epoch.</param>
/// <param name="Frame">Its bytes, from the Ethernet header on.</param>
/// <param name="Comment">What a reader should see beside it; empty for nothing.</param>
public sealed record ScenePacket(long TimeNs, byte[] Frame, string Comment);

/// <summary>
/// A made-up network and its packets, which are the same whenever they are made: no clock, and noise from a generator of its own. All
/// checksums are right, as those are that a tap receives.
/// </summary>
public sealed class Scene(long startNs)
{
    private const long NsPerMs = 1_000_000;

    private readonly List<ScenePacket> _packets = [];
    private ulong _noise;
    private ushort _identification;

    /// <summary>What a comment says of the packets that are added from here on.</summary>
    public string Comment { get; set; } = "";

    /// <summary>All packets by time; those of one time in the order in which they were added.</summary>
    public IEnumerable<ScenePacket> Packets => _packets.OrderBy(static packet => packet.TimeNs);

    /// <summary>When a millisecond of the scene is, in nanoseconds since the Unix epoch.</summary>
    public long TimeNs(long ms) => startNs + ms * NsPerMs;

    /// <summary>A UDP datagram from one host to another.</summary>
    public void Udp(long ms, SceneHost from, ushort fromPort, SceneHost to, ushort toPort, ReadOnlySpan<byte> payload) =>
        Add(ms, from, to, IpProtocols.Udp, TestKit.Packets.Udp(fromPort, toPort, payload), checksumOffset: 6);

    /// <summary>A TCP segment from one host to another.</summary>
    public void Tcp(long ms, SceneHost from, SceneHost to, byte[] segment) =>
        Add(ms, from, to, IpProtocols.Tcp, segment, checksumOffset: 16);

    /// <summary>Bytes that look like chance (SplitMix64).</summary>
    public byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        Span<byte> word = stackalloc byte[8];
        for (int i = 0; i < length; i += word.Length)
        {
            _noise += 0x9e37_79b9_7f4a_7c15;
            ulong mixed = (_noise ^ (_noise >> 30)) * 0xbf58_476d_1ce4_e5b9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
            BinaryPrimitives.WriteUInt64LittleEndian(word, mixed ^ (mixed >> 31));
            word[..Math.Min(word.Length, length - i)].CopyTo(noise.AsSpan(i));
        }
        return noise;
    }

    private void Add(long ms, SceneHost from, SceneHost to, byte protocol, byte[] payload, int checksumOffset)
    {
        uint sum = protocol + (uint)payload.Length + Sum(Bytes(from.Address)) + Sum(Bytes(to.Address)) + Sum(payload);
        // Zero would say that there is none (RFC 768).
        ushort checksum = Fold(sum);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(checksumOffset), checksum == 0 ? ushort.MaxValue : checksum);
        byte[] packet = TestKit.Packets.Ipv4(from.Address, to.Address, protocol, payload, ++_identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Fold(Sum(packet.AsSpan(0, 20))));
        _packets.Add(new ScenePacket(TimeNs(ms), TestKit.Packets.Ethernet(from.Mac, to.Mac, packet), Comment));
    }

    private static byte[] Bytes(IpAddress address)
    {
        byte[] bytes = new byte[4];
        address.WriteTo(bytes);
        return bytes;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i++)
            sum += (uint)bytes[i] << (i % 2 == 0 ? 8 : 0);
        return sum;
    }

    /// <summary>The Internet checksum of a sum (RFC 1071).</summary>
    private static ushort Fold(uint sum)
    {
        while (sum > 0xffff)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
