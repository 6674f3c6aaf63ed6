using PiTap.Model;
using PiTap.Wire.Frames;
using PiTap.Wire.Link;
using static PiTap.TestKit.Packets;
using static PiTap.TestKit.WifiBytes;

namespace PiTap.Wire.Tests.Link;

public sealed class WifiReceiverTests
{
    private static readonly byte[] s_packet = Ipv4(Phone, Server, IpProtocols.Udp, Udp(40_000, 53, [1, 2, 3, 4, 5]));
    private static readonly byte[] s_other = Ipv6(Phone6, Server6, IpProtocols.Udp, Udp(40_001, 443, [6, 7]));

    private static WifiOutcome Receive(WifiReceiver receiver, byte[] frame, out string ports, long nowNs = 0,
        LinkType link = LinkType.Ieee80211, int cut = 0)
    {
        WifiOutcome outcome = receiver.Receive(link, frame, frame.Length + cut, nowNs, out WifiPackets packets);
        List<string> found = [];
        while (outcome == WifiOutcome.Packets && packets.TryTake(out LinkView packet))
        {
            Frame.Parse(packet, out Frame read);
            found.Add($"{read.SourceMac} {read.SourcePort} {read.Payload.Length}");
        }
        ports = string.Join(", ", found);
        return outcome;
    }

    private static WifiOutcome Receive(WifiReceiver receiver, byte[] frame, long nowNs = 0) => Receive(receiver, frame, out _, nowNs);

    private static byte[] Up(byte flags = 0, int sequence = 1, int qos = -1, MacAddress? source = null) =>
        Data(source ?? PhoneMac, RouterMac, (byte)(ToSystem | flags), Snap(s_packet), sequence, qos: qos);

    [Fact]
    public void A_frame_that_is_sent_again_is_received_once()
    {
        var receiver = new WifiReceiver();
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up()));
        Assert.Equal(WifiOutcome.Repeated, Receive(receiver, Up(Retry)));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(sequence: 2)));
        Assert.Equal(WifiOutcome.Repeated, Receive(receiver, Up(Retry)));
    }

    [Fact]
    public void A_repetition_whose_first_sending_was_not_heard_is_new()
    {
        var receiver = new WifiReceiver();
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(Retry)));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(sequence: 5)));
        // Sent together with the one before and heard only now.
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(Retry, sequence: 3)));
        Assert.Equal(WifiOutcome.Repeated, Receive(receiver, Up(Retry, sequence: 3)));
    }

    [Fact]
    public void Numbers_are_each_pair_s_and_each_class_s_own_and_begin_anew()
    {
        var receiver = new WifiReceiver();
        Receive(receiver, Up(sequence: 4_095, qos: 0));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(Retry, sequence: 4_095, qos: 5)));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(Retry, sequence: 4_095, source: AccessPoint)));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(Retry, sequence: 0, qos: 0)));
        Assert.Equal(WifiOutcome.Repeated, Receive(receiver, Up(Retry, sequence: 4_095, qos: 0)));
        // A second later the same number is another packet's.
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Up(Retry, sequence: 0, qos: 0), 2 * WifiReceiver.LifetimeNs));
    }

    [Fact]
    public void A_packet_is_put_together_from_its_parts_once()
    {
        var receiver = new WifiReceiver();
        byte[] body = Snap(s_packet);
        byte[] Part(int fragment, Range range, byte flags) =>
            Data(PhoneMac, RouterMac, (byte)(ToSystem | flags), body.AsSpan(range), 9, fragment);
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Part(0, ..20, MoreFragments)));
        Assert.Equal(WifiOutcome.Repeated, Receive(receiver, Part(0, ..20, MoreFragments | Retry)));
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Part(1, 20..30, MoreFragments)));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Part(2, 30.., 0), out string ports));
        Assert.Equal($"{PhoneMac} 40000 5", ports);
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Part(2, 30.., Retry)));
        Assert.Equal(0, receiver.GivenUp);
    }

    [Fact]
    public void A_packet_with_a_missing_part_is_given_up_and_counted()
    {
        var receiver = new WifiReceiver();
        byte[] body = Snap(s_packet);
        Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | MoreFragments, body.AsSpan(..20), 9));
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(30..), 9, 2)));
        Assert.Equal(1, receiver.GivenUp);
        // One that waits too long, and the oldest of too many.
        Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | MoreFragments, body.AsSpan(..20), 10));
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(20..), 10, 1),
            2 * WifiReceiver.LifetimeNs));
        for (int i = 0; i <= WifiReceiver.MaxPartials; i++)
        {
            Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | MoreFragments, body.AsSpan(..20), 20 + i),
                3 * WifiReceiver.LifetimeNs + i);
        }
        Assert.Equal(3, receiver.GivenUp);
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(20..), 20, 1),
            3 * WifiReceiver.LifetimeNs));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(20..), 21, 1),
            3 * WifiReceiver.LifetimeNs));
    }

    [Fact]
    public void Parts_that_make_more_than_a_packet_can_hold_are_given_up()
    {
        var receiver = new WifiReceiver();
        byte[] half = new byte[WifiReceiver.MaxPacketBytes / 2 + 1];
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | MoreFragments, half, 9)));
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem, half, 9, 1)));
        Assert.Equal(1, receiver.GivenUp);
    }

    [Fact]
    public void All_packets_of_an_aggregate_are_found_with_their_own_addresses()
    {
        byte[] body = [.. Part(PhoneMac, RouterMac, Snap(s_packet)), .. Part(RouterMac, PhoneMac, Snap(s_other), isLast: true)];
        byte[] frame = Data(PhoneMac, RouterMac, ToSystem, body, qos: 0x80);
        Assert.Equal(WifiOutcome.Packets, Receive(new WifiReceiver(), frame, out string ports));
        Assert.Equal($"{PhoneMac} 40000 5, {RouterMac} 40001 2", ports);
        // The first one by itself is what a link without memory gives.
        Frame.Parse(LinkType.Ieee80211, frame, out Frame first);
        Assert.Equal((PhoneMac, (ushort)40_000), (first.SourceMac, first.SourcePort));
    }

    [Fact]
    public void An_aggregate_that_is_cut_or_lies_gives_what_is_there()
    {
        byte[] first = Part(PhoneMac, RouterMac, Snap(s_packet));
        byte[] second = Part(RouterMac, PhoneMac, Snap(s_other), isLast: true);
        for (int length = 0; length < second.Length; length++)
        {
            Receive(new WifiReceiver(), Data(PhoneMac, RouterMac, ToSystem, [.. first, .. second[..length]], qos: 0x80), out string ports);
            Assert.StartsWith($"{PhoneMac} 40000 5", ports, StringComparison.Ordinal);
        }
        second[12] = 0xff;
        Receive(new WifiReceiver(), Data(PhoneMac, RouterMac, ToSystem, [.. first, .. second], qos: 0x80), out string both);
        Assert.Equal($"{PhoneMac} 40000 5, {RouterMac} 40001 2", both);
        second[12] = second[13] = 0;
        Receive(new WifiReceiver(), Data(PhoneMac, RouterMac, ToSystem, [.. first, .. second], qos: 0x80), out string one);
        Assert.Equal($"{PhoneMac} 40000 5", one);
    }

    [Fact]
    public void Only_what_is_encrypted_is_called_so()
    {
        byte[] cipher = [1, 2, 0, 0x20, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9];
        var receiver = new WifiReceiver();
        Assert.Equal(WifiOutcome.Encrypted, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | Protected, cipher, 1)));
        // Decrypted by the card, which left the bit.
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | Protected, Snap(s_packet), 2)));
        Assert.Equal(WifiOutcome.NoData, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | Protected, [], 3)));
        // Encrypted management frames hold no packets (IEEE 802.11w).
        Assert.Equal(WifiOutcome.NoData, Receive(receiver, [0xc0, Protected, .. new byte[40]]));
        Frame.Parse(LinkType.Ieee80211, Data(PhoneMac, RouterMac, ToSystem | Protected, cipher, 1), out Frame frame);
        Assert.Equal((ParseStatus.Ok, false, PhoneMac), (frame.Status, frame.IsIp, frame.SourceMac));
    }

    [Fact]
    public void A_checksum_is_taken_off_the_last_part_unless_the_capture_cut_it()
    {
        byte[] body = Snap(s_packet);
        byte[] first = Radiotap([.. Data(PhoneMac, RouterMac, ToSystem | MoreFragments, body.AsSpan(..20), 9), 1, 2, 3, 4], flags: 0x10);
        byte[] last = Radiotap(Data(PhoneMac, RouterMac, ToSystem, body.AsSpan(20..), 9, 1), flags: 0x10);
        var receiver = new WifiReceiver();
        Assert.Equal(WifiOutcome.Fragment, Receive(receiver, first, out _, link: LinkType.Ieee80211Radiotap));
        Assert.Equal(WifiOutcome.Packets, Receive(receiver, last, out string ports, link: LinkType.Ieee80211Radiotap, cut: 4));
        Assert.Equal($"{PhoneMac} 40000 5", ports);
    }

    [Fact]
    public void What_came_damaged_is_not_read()
    {
        byte[] radiotap = Radiotap(Up(), flags: 0x40, hasTime: true, moreWords: 2);
        Assert.Equal(WifiOutcome.Damaged, Receive(new WifiReceiver(), radiotap, out _, link: LinkType.Ieee80211Radiotap));
        Assert.Equal(WifiOutcome.Damaged, Receive(new WifiReceiver(), Ppi(Up(), 105, flags: 4), out _, link: LinkType.Ppi));
        Assert.Equal(WifiOutcome.Packets, Receive(new WifiReceiver(), Ppi(Up(), 105, flags: 1), out _, link: LinkType.Ppi));
        Frame.Parse(LinkType.Ieee80211Radiotap, radiotap, out Frame frame);
        Assert.Equal((ParseStatus.Ok, false, true), (frame.Status, frame.IsIp, frame.SourceMac.IsNone));
    }

    [Fact]
    public void Frames_of_other_links_and_beacons_are_left_alone()
    {
        Assert.Equal(WifiOutcome.NoData, Receive(new WifiReceiver(), Up(), out _, link: LinkType.Ethernet));
        Assert.Equal(WifiOutcome.NoData, Receive(new WifiReceiver(), Ppi(s_packet, 101), out _, link: LinkType.Ppi));
        Assert.Equal(WifiOutcome.NoData, Receive(new WifiReceiver(), [0x80, 0, .. new byte[60]]));
        Assert.Equal(WifiOutcome.NoData, Receive(new WifiReceiver(), [0xd4, 0, 0, 0, 1, 2, 3, 4, 5, 6]));
    }

    [Fact]
    public void Any_bytes_are_survived_and_nothing_is_allocated()
    {
        var receiver = new WifiReceiver();
        byte[] sample = Radiotap(Data(PhoneMac, RouterMac, ToSystem,
            [.. Part(PhoneMac, RouterMac, Snap(s_packet)), .. Part(RouterMac, PhoneMac, Snap(s_other), true)], qos: 0x80), 0x10, true, 1);
        long time = 0;
        void Read(byte[] bytes)
        {
            foreach (LinkType link in (ReadOnlySpan<LinkType>)
                [LinkType.Ieee80211, LinkType.Ieee80211Radiotap, LinkType.Ieee80211Prism, LinkType.Ieee80211Avs, LinkType.Ppi])
            {
                receiver.Receive(link, bytes, bytes.Length, time += 1_000_000, out WifiPackets packets);
                while (packets.TryTake(out LinkView packet))
                    HostileBytes.Require(packet.Payload.Length <= WifiReceiver.MaxPacketBytes, "a packet longer than a frame");
            }
        }
        HostileBytes.EveryPrefix(sample, Read);
        HostileBytes.EveryByteChange(sample, Read);
        HostileBytes.Random(sample, Read);
        Assert.Equal(0, HostileBytes.Allocated(() => Read(sample)));
    }
}
