using System.Text;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;
using PiTap.Wire.Application.Http;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Application.SdRtn;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Frames;
using PiTap.Wire.Legacy;
using PiTap.Wire.Network;
using static PiTap.TestKit.Packets;

namespace PiTap.Wire.Tests;

/// <summary>
/// What a view walks over at most, as numbers of their own: a cap that is taken out fails here, or in the view's own tests.
/// </summary>
public sealed class CapTests
{
    [Theory]
    [InlineData(15, true)]
    [InlineData(40, false)]
    public void Extension_headers_are_followed_so_far(int headers, bool isFollowed)
    {
        byte[] padding = [0, 1, 4, 0, 0, 0, 0];
        byte[] chain = [.. Enumerable.Range(1, headers).SelectMany(i => (byte[])[(byte)(i < headers ? 0 : 17), .. padding]), 1, 2, 3];
        Assert.Equal(isFollowed, ExtensionHeaders.Walk(0, chain, out _) == ParseStatus.Ok);
    }

    [Fact]
    public void A_datagram_that_would_be_longer_than_IP_carries_is_given_up()
    {
        FragmentReassembler reassembler = new();
        reassembler.Add(Fragment(65_528, 7), 0, out _, out _);
        Assert.Equal(0, reassembler.GivenUp);
        reassembler.Add(Fragment(65_528, 16, identification: 8), 0, out _, out _);
        Assert.Equal(1, reassembler.GivenUp);
    }

    [Fact]
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
    public void The_handshake_of_old_QUIC_is_looked_for_in_so_many_frames(int pings, bool isFound)
    {
        const byte ping = 7, stream = 0x80;
        byte[] frames = [.. Enumerable.Repeat(ping, pings), stream, 1, 5, 6, 7];
        Assert.Equal(isFound, GquicFrames.FindHandshake(frames, 43, 1).Length > 0);
    }

    [Theory]
    [InlineData(8, ParseStatus.Ok)]
    [InlineData(9, ParseStatus.Malformed)]
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
    public void A_text_of_SOCKS_4_has_so_many_bytes(int bytes, ParseStatus status)
    {
        byte[] request = [4, 1, 0, 80, 192, 0, 2, 1, .. Enumerable.Repeat((byte)'u', bytes)];
        Assert.Equal(status, Socks4View.ParseRequest(request, out _));
    }

    [Theory]
    [InlineData(16, ParseStatus.Ok)]
    [InlineData(17, ParseStatus.Malformed)]
    public void A_packet_of_SD_RTN_has_so_many_tags(int tags, ParseStatus status)
    {
        byte[] packet = [1, 0, 0, 0, 0, 0, 0x23, 0, 0, 0, 0, 0, (byte)tags,
            .. Enumerable.Range(0, tags).SelectMany(static _ => (byte[])[.. "PEID"u8, 1, 0, 9])];
        Assert.Equal(status, SdRtnView.Parse(packet, out _));
    }

    [Theory]
    [InlineData(63, 66)]
    [InlineData(64, 65)]
    public void So_many_requests_are_awaited_and_a_further_one_is_taken_for_GET(int before, int responses)
    {
        List<string> heads = [];
        HttpStreamReader client = new(), server = new();
        (client.Peer, server.Peer) = (server, client);
        string get = "GET / HTTP/1.1\r\n\r\n", empty = "HTTP/1.1 204 None\r\n\r\n";
        Feed(client, string.Concat(Enumerable.Repeat(get, before)) + "HEAD / HTTP/1.1\r\n\r\n" + get, []);
        // The answer to HEAD has no body whatever it says; that to GET takes the next one for its body.
        string head = $"HTTP/1.1 200 OK\r\nContent-Length: {empty.Length}\r\n\r\n";
        Feed(server, string.Concat(Enumerable.Repeat(empty, before)) + head + empty + string.Concat(Enumerable.Repeat(empty, 64 - before)),
            heads);
        Assert.Equal(responses, heads.Count);
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    public void A_method_of_HTTP_has_so_many_characters(int characters, bool isMethod)
    {
        string method = new('A', characters);
        Assert.Equal(isMethod, HttpHeadView.LooksLikeStart(Encoding.ASCII.GetBytes(method + " / HTTP/1.1\r\n")));
        Assert.Equal(isMethod, HttpHeadView.MayBecomeStart(Encoding.ASCII.GetBytes(method)));
    }

    [Theory]
    [InlineData(7_000, true)]
    [InlineData(9_000, false)]
    public void The_end_of_a_first_line_is_waited_for_so_long(int characters, bool isWaitedFor) =>
        Assert.Equal(isWaitedFor, HttpHeadView.MayBecomeStart(Encoding.ASCII.GetBytes("GET /" + new string('a', characters))));

    [Theory]
    [InlineData(1_500, true)]
    [InlineData(3_000, false)]
    public void The_first_line_of_SIP_ends_within_so_many_bytes(int characters, bool isMessage) =>
        Assert.Equal(isMessage, SipMessage.IsMessage(Encoding.ASCII.GetBytes($"INVITE sip:{new string('a', characters)} SIP/2.0\r\n\r\n")));

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void A_host_name_in_a_certificate_has_so_many_characters(int characters, bool isName) =>
        Assert.Equal(isName, CertificateNames.LooksLikeHostName(Encoding.ASCII.GetBytes(new string('a', characters))));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
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
    public void A_question_is_for_a_type_that_was_given_a_number(ushort type, bool looksLikeDns) =>
        Assert.Equal(looksLikeDns, DnsView.LooksLikeDns(new DnsBytes(DnsBytes.Query).Question("example.com", type).ToArray()));

    private static Frame Fragment(int offset, int length, bool more = false, ushort identification = 7)
    {
        byte[] packet = Ipv4(Phone, Server, IpProtocols.Udp, new byte[length], identification, offset, more);
        Frame.Parse(LinkType.Raw, packet, out Frame frame);
        return frame;
    }

    private static void Feed(HttpStreamReader reader, string text, List<string> heads)
    {
        Heads handler = new(heads);
        Assert.Equal(text.Length, reader.Feed(Encoding.ASCII.GetBytes(text), ref handler));
    }

    private readonly struct Heads(List<string> heads) : IHttpHandler
    {
        public void OnRequest(in HttpHeadView head) => heads.Add("request");

        public void OnResponse(in HttpHeadView head) => heads.Add("response");
    }
}
