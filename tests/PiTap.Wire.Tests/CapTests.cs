using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.Rtp;
using PiTap.Wire.Application.SdRtn;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Frames;
using PiTap.Wire.Legacy;
using PiTap.Wire.Link;
using PiTap.Wire.Network;
using PiTap.Wire.Pcap;
using static PiTap.TestKit.Packets;
using static PiTap.TestKit.WifiBytes;

namespace PiTap.Wire.Tests;

/// <summary>
/// What a view walks over at most, as numbers of their own: a cap that is taken out fails here, or in the view's own tests.
/// </summary>
public sealed class CapTests
{
    [Theory]
    [InlineData(15, true)]
    [InlineData(40, false)]
    [Trait("cap", "Wire.ExtensionHeaders.MaxHeaders")]
    public void Extension_headers_are_followed_so_far(int headers, bool isFollowed)
    {
        byte[] padding = [0, 1, 4, 0, 0, 0, 0];
        byte[] chain = [.. Enumerable.Range(1, headers).SelectMany(i => (byte[])[(byte)(i < headers ? 0 : 17), .. padding]), 1, 2, 3];
        Assert.Equal(isFollowed, ExtensionHeaders.Walk(0, chain, out _) == ParseStatus.Ok);
    }

    [Fact]
    [Trait("cap", "Wire.FragmentReassembler.MaxDatagramBytes")]
    public void A_datagram_that_would_be_longer_than_IP_carries_is_given_up()
    {
        FragmentReassembler reassembler = new();
        reassembler.Add(Fragment(65_528, 7), 0, out _, out _);
        Assert.Equal(0, reassembler.GivenUp);
        reassembler.Add(Fragment(65_528, 16, identification: 8), 0, out _, out _);
        Assert.Equal(1, reassembler.GivenUp);
    }

    [Fact]
    [Trait("cap", "Wire.FragmentReassembler.MaxParts")]
    public void A_datagram_of_too_many_parts_is_given_up()
    {
        FragmentReassembler reassembler = new();
        for (int part = 0; part <= 1_400; part++)
        {
            Assert.Equal(0, reassembler.GivenUp);
            // With gaps between them: parts that touch become one.
            reassembler.Add(Fragment(16 * part, 8, more: true), 0, out _, out _);
        }
        Assert.Equal(1, reassembler.GivenUp);
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(100, true)]
    [Trait("cap", "Wire.FragmentReassembler.MaxBufferedBytes")]
    public void Datagrams_in_the_making_hold_so_many_bytes_in_total(int datagrams, bool isOneDue)
    {
        FragmentReassembler reassembler = new();
        for (int i = 0; i < datagrams; i++)
            reassembler.Add(Fragment(0, 60_000, more: true, identification: (ushort)i), 0, out _, out _);
        Assert.Equal(isOneDue, reassembler.TryExpire(0, out _));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [Trait("cap", "Wire.GquicFrames.MaxFrames")]
    public void The_handshake_of_old_QUIC_is_looked_for_in_so_many_frames(int pings, bool isFound)
    {
        const byte ping = 7, stream = 0x80;
        byte[] frames = [.. Enumerable.Repeat(ping, pings), stream, 1, 5, 6, 7];
        Assert.Equal(isFound, GquicFrames.FindHandshake(frames, 43, 1).Length > 0);
    }

    [Theory]
    [InlineData(8, ParseStatus.Ok)]
    [InlineData(9, ParseStatus.Malformed)]
    [Trait("cap", "Wire.GtpUHeader.MaxExtensionHeaders")]
    public void Extension_headers_of_GTP_U_are_followed_so_far(int headers, ParseStatus status)
    {
        byte[] chain = [.. Enumerable.Range(1, headers).SelectMany(i => (byte[])[1, 0, 0, (byte)(i < headers ? 0x85 : 0)])];
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Udp, Udp(1, 9, [1]));
        byte[] message = [0x34, 255, 0, (byte)(4 + chain.Length + packet.Length), 0, 0, 0, 1, 0, 0, 0, 0x85, .. chain, .. packet];
        Assert.Equal(status, GtpUHeader.Skip(message, out _));
    }

    [Theory]
    [InlineData(255, ParseStatus.Truncated)]
    [InlineData(256, ParseStatus.Malformed)]
    [Trait("cap", "Wire.Socks4View.MaxTextBytes")]
    public void A_text_of_SOCKS_4_has_so_many_bytes(int bytes, ParseStatus status)
    {
        byte[] request = [4, 1, 0, 80, 192, 0, 2, 1, .. Enumerable.Repeat((byte)'u', bytes)];
        Assert.Equal(status, Socks4View.ParseRequest(request, out _));
    }

    [Theory]
    [InlineData(16, ParseStatus.Ok)]
    [InlineData(17, ParseStatus.Malformed)]
    [Trait("cap", "Wire.SdRtnView.MaxTags")]
    public void A_packet_of_SD_RTN_has_so_many_tags(int tags, ParseStatus status)
    {
        byte[] packet = [1, 0, 0, 0, 0, 0, 0x23, 0, 0, 0, 0, 0, (byte)tags,
            .. Enumerable.Range(0, tags).SelectMany(static _ => (byte[])[.. "PEID"u8, 1, 0, 9])];
        Assert.Equal(status, SdRtnView.Parse(packet, out _));
    }

    [Theory]
    [InlineData(1_500, true)]
    [InlineData(3_000, false)]
    [Trait("cap", "Wire.SipMessage.MaxLineBytes")]
    public void The_first_line_of_SIP_ends_within_so_many_bytes(int characters, bool isMessage) =>
        Assert.Equal(isMessage, SipMessage.IsMessage(Encoding.ASCII.GetBytes($"INVITE sip:{new string('a', characters)} SIP/2.0\r\n\r\n")));

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    [Trait("cap", "Wire.CertificateNames.MaxNameLength")]
    public void A_host_name_in_a_certificate_has_so_many_characters(int characters, bool isName) =>
        Assert.Equal(isName, CertificateNames.LooksLikeHostName(Encoding.ASCII.GetBytes(new string('a', characters))));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [Trait("cap", "Wire.QuicClassifier.MaxOfferedVersions")]
    public void A_version_negotiation_offers_so_many_versions(int versions, bool looksLikeQuic)
    {
        byte[] id = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] packet =
            [0xc0, 0, 0, 0, 0, 8, .. id, 8, .. id, .. Enumerable.Range(0, versions).SelectMany(static _ => (byte[])[0, 0, 0, 1])];
        Assert.Equal(looksLikeQuic, QuicClassifier.LooksLike(packet));
    }

    [Theory]
    [InlineData(32_769, true)]
    [InlineData(32_770, false)]
    [Trait("cap", "Wire.DnsView.MaxAssignedType")]
    public void A_question_is_for_a_type_that_was_given_a_number(ushort type, bool looksLikeDns) =>
        Assert.Equal(looksLikeDns, DnsView.LooksLikeDns(new DnsBytes(DnsBytes.Query).Question("example.com", type).ToArray()));

    [Theory]
    [InlineData(32, ParseStatus.Ok)]
    [InlineData(33, ParseStatus.Malformed)]
    [Trait("cap", "Wire.Sslv2ClientHelloView.MaxChallengeLength")]
    public void The_challenge_of_SSL_2_has_so_many_bytes(int bytes, ParseStatus status)
    {
        byte[] hello = [0x80, (byte)(9 + 3 + bytes), 1, 3, 1, 0, 3, 0, 0, 0, (byte)bytes, 0, 0, 0x35, .. new byte[bytes]];
        Assert.Equal(status, Sslv2ClientHelloView.Parse(hello, out _));
    }

    [Theory]
    [InlineData(0x7f3f, true)]
    [InlineData(0x7f40, false)]
    [Trait("cap", "Wire.TlsDrafts.MaxDrafts")]
    public void Drafts_of_TLS_have_numbers_of_their_time(ushort version, bool isDraft) =>
        Assert.Equal(isDraft, TlsDrafts.Contains(version));

    [Theory]
    [InlineData(63, 63)]
    [InlineData(64, 0)]
    [Trait("cap", "Wire.DomainName.MaxLabelLength")]
    public void A_label_of_a_name_has_so_many_bytes(byte bytes, int length) =>
        Assert.Equal(length, DomainName.FirstLabel([bytes, .. new byte[bytes]]).Length);

    [Fact]
    [Trait("cap", "Wire.DnsView.MaxNameTextBytes")]
    [Trait("cap", "Wire.NbnsView.MaxNameTextBytes")]
    public void The_room_for_a_name_holds_one_of_which_every_byte_is_written_out_and_hardly_more()
    {
        // Four labels with three dots between; 15 bytes.
        Assert.InRange(DnsView.MaxNameTextBytes, 4 * 250 + 3, 4 * 255);
        Assert.Equal(4 * 15, NbnsView.MaxNameTextBytes);
    }

    [Fact]
    [Trait("cap", "Wire.SvcbText.MaxBytes")]
    public void The_text_of_a_service_binding_leaves_out_what_makes_it_long()
    {
        byte[] data = DnsBytes.ServiceBinding(1, [0], (1, [2, (byte)'h', (byte)'2']), (100, new byte[200]));
        Assert.Equal(ParseStatus.Ok, DnsView.Parse(new DnsBytes(DnsBytes.Response).Answer([0], 65, data).ToArray(), out DnsView message));
        DnsRecordEnumerator records = message.Records;
        Assert.True(records.MoveNext());
        byte[] text = new byte[4_096];
        Assert.True(SvcbText.TryWrite(message, records.Current, text, out int written));
        Assert.Equal("1 . alpn=\"h2\" ...", Encoding.ASCII.GetString(text, 0, written));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [Trait("cap", "Wire.RtpTracker.MaxStep")]
    public void The_numbers_of_RTP_jump_by_so_much(int step, bool isRtp)
    {
        RtpTracker tracker = default;
        bool isDecided = false;
        for (int i = 0; i < 10; i++)
            isDecided = Observe(ref tracker, source: 1, i * step);
        Assert.Equal(isRtp, isDecided);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [Trait("cap", "Wire.RtpTracker.MaxSources")]
    public void So_many_sources_of_RTP_take_turns(int sources, bool isRtp)
    {
        RtpTracker tracker = default;
        bool isDecided = false;
        for (int i = 0; i < 40; i++)
            isDecided |= Observe(ref tracker, i % sources, i / sources);
        Assert.Equal(isRtp, isDecided);
    }

    [Theory]
    [InlineData(28, 1)]
    [InlineData(29, 0)]
    [InlineData(30, 0)]
    [Trait("cap", "Wire.PcapngClock.MaxDecimalExponent")]
    public void Units_of_time_are_as_small_as_64_bits_can_tell(byte resolution, long timeNs) =>
        Assert.Equal(timeNs, PcapngClock.Create(resolution, 0).ToNanoseconds(ulong.MaxValue));

    [Theory]
    [InlineData(65_527, true)]
    [InlineData(65_528, false)]
    [Trait("cap", "Wire.QuicClassifier.MaxDatagramLength")]
    public void A_packet_of_QUIC_says_that_it_has_so_many_bytes(int bytes, bool looksLikeQuic)
    {
        byte[] id = [1, 2, 3, 4, 5, 6, 7, 8];
        byte[] packet = [0xc0, 0, 0, 0, 1, 8, .. id, 8, .. id, 0, .. QuicPacketBuilder.VarInt((ulong)bytes), .. new byte[1_200]];
        Assert.Equal(looksLikeQuic, QuicClassifier.LooksLike(packet));
    }

    [Theory]
    [InlineData(1_300, true)]
    [InlineData(1_600, false)]
    [Trait("cap", "Wire.QuicConnection.MaxEarlyBytes")]
    public void An_answer_before_its_question_is_kept_if_it_has_so_many_bytes(int bytes, bool isKept)
    {
        byte[] answer = QuicPacketBuilder.Server([1, 2, 3, 4, 5, 6, 7, 8], [9, 9, 9, 9], QuicPacketBuilder.Crypto(0, new byte[bytes]));
        using QuicInitialDecryptor decryptor = new();
        QuicConnection connection = new();
        connection.Observe(answer, fromClient: false, decryptor);
        Assert.Equal(isKept ? answer.Length : 0, connection.HeldBytes);
    }

    [Fact]
    [Trait("cap", "Wire.ByteEntropy.MaxBytes")]
    public void So_many_bytes_are_looked_at_for_how_even_they_are()
    {
        byte[] late = new byte[2_000];
        new Random(1).NextBytes(late.AsSpan(512));
        Assert.Equal(0, ByteEntropy.BitsPerByte(late));
    }

    [Fact]
    [Trait("cap", "Wire.WifiReceiver.MaxStreams")]
    public void Of_a_thousand_streams_it_is_known_what_was_sent_before()
    {
        static byte[] Frame(int stream, byte flags) =>
            Data(new MacAddress(0x02_00_00_00_00_00u + (ulong)stream), RouterMac, (byte)(ToSystem | flags), new byte[40]);
        WifiReceiver receiver = new();
        for (int i = 0; i < 4_000; i++)
            Assert.Equal(WifiOutcome.Packets, Receive(receiver, Frame(i, 0)));
        int known = Enumerable.Range(0, 4_000).Count(i => Receive(receiver, Frame(i, Retry)) == WifiOutcome.Repeated);
        Assert.InRange(known, 1, 1_024);
    }

    [Fact]
    [Trait("cap", "Wire.WifiReceiver.MaxPartials")]
    public void So_many_packets_of_a_wireless_network_are_in_the_making()
    {
        WifiReceiver receiver = new();
        for (int i = 0; i < 20; i++)
            Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | MoreFragments, new byte[20], sequence: i));
        Assert.Equal(20 - 16, receiver.GivenUp);
    }

    [Theory]
    [InlineData(2_048, WifiOutcome.Packets)]
    [InlineData(2_049, WifiOutcome.Fragment)]
    [Trait("cap", "Wire.WifiReceiver.MaxPacketBytes")]
    public void A_packet_of_a_wireless_network_has_so_many_bytes(int half, WifiOutcome outcome)
    {
        WifiReceiver receiver = new();
        Receive(receiver, Data(PhoneMac, RouterMac, ToSystem | MoreFragments, new byte[half], 9));
        Assert.Equal(outcome, Receive(receiver, Data(PhoneMac, RouterMac, ToSystem, new byte[half], 9, fragment: 1)));
    }

    private static bool Observe(ref RtpTracker tracker, int source, int number)
    {
        byte[] packet = [0x80, 96, (byte)(number >> 8), (byte)number, 0, 0, 0, 0, 0, 0, 0, (byte)source, 1, 2, 3, 4];
        Assert.Equal(ParseStatus.Ok, RtpView.Parse(packet, out RtpView view));
        return tracker.Observe(view, isExpected: false);
    }

    private static WifiOutcome Receive(WifiReceiver receiver, byte[] frame) =>
        receiver.Receive(LinkType.Ieee80211, frame, frame.Length, 0, out _);

    private static Frame Fragment(int offset, int length, bool more = false, ushort identification = 7)
    {
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Udp, new byte[length], identification, offset, more);
        Frame.Parse(LinkType.Raw, packet, out Frame frame);
        return frame;
    }
}
