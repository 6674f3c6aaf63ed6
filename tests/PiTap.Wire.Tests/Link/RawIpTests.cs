using System.Buffers.Binary;
using CsCheck;
using PiTap.Model;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;
using static PiTap.TestKit.Packets;

namespace PiTap.Wire.Tests.Link;

/// <summary>IP without a link layer in a file that says Ethernet, and Ethernet that looks like it.</summary>
public sealed class RawIpTests
{
    private static byte[] WithChecksum(byte[] packet)
    {
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
            sum += i == 10 ? 0u : BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~((sum & 0xffff) + (sum >> 16)));
        return packet;
    }

    private static ushort PortOf(byte[] data)
    {
        Frame.Parse(LinkType.Ethernet, data, out Frame frame);
        return frame.SourcePort;
    }

    [Theory]
    [InlineData("10.42.0.2")]
    [InlineData("0.0.0.0")]
    [InlineData("1.1.1.1")]
    [InlineData("129.0.0.1")]
    [InlineData("8.0.9.9")]
    public void IPv4_is_read_whoever_sent_it(string source)
    {
        byte[] syn = Ipv4(Ip(source), Server, IpProtocols.Tcp, Tcp(40_000, 443, 1, 0, TcpFlags.Syn));
        Assert.Equal(40_000, PortOf(WithChecksum(syn)));
        byte[] query = Ipv4(Ip(source), Server, IpProtocols.Udp, Udp(40_001, 53, new byte[30]));
        Assert.Equal(40_001, PortOf(WithChecksum(query)));
        // Cut by the capture.
        Assert.Equal(40_001, PortOf(WithChecksum(query)[..40]));
    }

    [Fact]
    public void A_checksum_that_is_left_to_the_card_asks_for_an_exact_length()
    {
        byte[] syn = Ipv4(Phone, Server, IpProtocols.Tcp, Tcp(40_000, 443, 1, 0, TcpFlags.Syn));
        Assert.Equal(40_000, PortOf(syn));
        Assert.Equal(0, PortOf([.. syn, 0]));
        syn[10] = 1;
        Assert.Equal(0, PortOf(syn));
    }

    [Theory]
    [InlineData("fd00::2")]
    [InlineData("fe80::2")]
    [InlineData("2001:db8:42::2")]
    [InlineData("2001:db8:800::2")]
    public void IPv6_is_read_whoever_sent_it(string source)
    {
        Assert.Equal(40_000, PortOf(Ipv6(Ip(source), Server6, IpProtocols.Tcp, Tcp(40_000, 443, 1, 0, TcpFlags.Syn))));
        Assert.Equal(40_001, PortOf(Ipv6(Ip(source), Server6, IpProtocols.Udp, Udp(40_001, 53, [1, 2, 3]))));
    }

    [Fact]
    public void No_frame_of_Ethernet_is_taken_for_IP_whatever_its_receiver_is_called()
    {
        byte[][] contents = [Vlan(7, EtherTypes.Ipv4, Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 2, new byte[20]))),
            [0x42, 0x42, 3, .. new byte[43]]];
        // Zero is IEEE 802.3: the length of what follows.
        ushort[] types = [EtherTypes.Vlan, 0, 0x88cc, 0x888e, 0x8899, 0x88e1, 0x9000];
        Gen.Select(Gen.Byte.Array[12], Gen.Int[0, contents.Length - 1], Gen.Int[0, types.Length - 1], Gen.Bool).Sample(
            (addresses, which, kind, isIpv6) =>
        {
            byte[] content = contents[which];
            ushort field = types[kind] == 0 ? (ushort)content.Length : types[kind];
            byte[] frame = [.. addresses, (byte)(field >> 8), (byte)field, .. content];
            // The nearest that a receiver's address can come to the beginning of an IP packet of this length.
            frame[0] = isIpv6 ? (byte)0x60 : (byte)0x45;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(isIpv6 ? 4 : 2), (ushort)(isIpv6 ? frame.Length - 40 : frame.Length));
            if (!isIpv6)
                frame[10] = frame[11] = 0;
            Frame.Parse(LinkType.Ethernet, frame, out Frame read);
            Assert.Equal(MacAddress.Read(frame.AsSpan(6)), read.SourceMac);
        }, iter: 20_000);
        foreach ((byte[] packet, ushort type) in new[] { (Ipv4(Phone, Server, 6, new byte[40]), EtherTypes.Ipv4),
            (Ipv6(Phone6, Server6, 6, new byte[40]), EtherTypes.Ipv6) })
        {
            byte[] frame = Ethernet(Mac("60:00:00:00:00:00"), RouterMac, packet, type);
            (frame[0], frame[1], frame[2], frame[3], frame[6], frame[7]) = (0x60, 0, 0, 0, 58, 1);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(4), (ushort)(frame.Length - 40));
            Frame.Parse(LinkType.Ethernet, frame, out Frame read);
            Assert.Equal(MacAddress.Read(frame.AsSpan(6)), read.SourceMac);
        }
    }
}
