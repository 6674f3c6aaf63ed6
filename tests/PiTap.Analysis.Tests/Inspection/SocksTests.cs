using System.Text;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>SOCKS: what the client asks its proxy for stands in the clear, and behind it comes another stream.</summary>
public sealed class SocksTests
{
    private static readonly byte[] s_greeting = [5, 1, 0];
    private static readonly byte[] s_method = [5, 0];
    private static readonly byte[] s_request = [5, 1, 0, 3, 15, .. "www.example.com"u8, 0, 80];
    private static readonly byte[] s_granted = [5, 0, 0, 1, 192, 0, 2, 9, 0x12, 0x34];
    private static readonly byte[] s_http = [.. "GET /a HTTP/1.1\r\nHost: www.example.com\r\n\r\n"u8];

    private static FlowRecord FlowOf(Conversation talk) => Assert.Single(Analysis.Of(talk).Flows);

    [Theory]
    [InlineData(1_080, 1_400)]
    [InlineData(9_050, 1_400)]
    [InlineData(1_080, 4)]
    public void The_host_asked_for_is_told_and_what_follows_is_read(ushort port, int segmentBytes)
    {
        FlowRecord flow =
            FlowOf(Conversation.Tcp(port).Open().Send(true, s_greeting).Send(false, s_method).Send(true, s_request, segmentBytes)
            .Send(false, s_granted, segmentBytes).Send(true, s_http, 1_400));
        Assert.Equal([AppProtocol.Socks, AppProtocol.Http], flow.AppProtos);
        Assert.Equal((Verdict.Readable, "SOCKS request in the clear: www.example.com port 80"), (flow.Verdict, flow.VerdictReason));
        Assert.Equal(["/a"], flow.Http.Select(static request => request.Path));
    }

    [Fact]
    public void What_follows_in_the_same_segment_is_read_as_well()
    {
        FlowRecord flow =
            FlowOf(Conversation.Tcp(1_080).Open().Send(true, s_greeting).Send(false, s_method).Send(true, [.. s_request, .. s_http])
            .Send(false, [.. s_granted, .. "HTTP/1.1 200 OK\r\n\r\n"u8]));
        Assert.Equal([AppProtocol.Socks, AppProtocol.Http], flow.AppProtos);
        Assert.Equal(["/a"], flow.Http.Select(static request => request.Path));
    }

    [Fact]
    public void A_user_name_is_mentioned_and_not_shown()
    {
        byte[] password = [1, 4, .. "anna"u8, 6, .. "secret"u8];
        FlowRecord flow =
            FlowOf(Conversation.Tcp(1_080).Open().Send(true, [5, 2, 0, 2]).Send(false, [5, 2]).Send(true, password).Send(false, [1, 0])
            .Send(true, [5, 1, 0, 1, 198, 51, 100, 7, 1, 0xbb]).Send(false, s_granted));
        Assert.Equal("SOCKS request in the clear: 198.51.100.7 port 443, with a user name", flow.VerdictReason);
    }

    [Fact]
    public void A_refusal_is_told()
    {
        FlowRecord flow = FlowOf(Conversation.Tcp(1_080).Open().Send(true, s_greeting).Send(false, s_method).Send(true, s_request)
            .Send(false, [5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
        Assert.Equal("SOCKS request in the clear: www.example.com port 80, refused", flow.VerdictReason);
    }

    [Theory]
    [InlineData(1_080)]
    [InlineData(9_050)]
    public void Version_4A_is_read_too(ushort port)
    {
        byte[] request = [4, 1, 0, 80, 0, 0, 0, 1, 0, .. Encoding.ASCII.GetBytes("www.example.com"), 0];
        FlowRecord flow =
            FlowOf(Conversation.Tcp(port).Open().Send(true, request).Send(false, [0, 90, 0, 0, 0, 0, 0, 0]).Send(true, s_http));
        Assert.Equal("SOCKS request in the clear: www.example.com port 80", flow.VerdictReason);
        Assert.Equal([AppProtocol.Socks, AppProtocol.Http], flow.AppProtos);
    }

    [Fact]
    public void What_only_began_like_SOCKS_is_looked_at_anew()
    {
        FlowRecord flow = FlowOf(Conversation.Tcp(7_000).Open().Send(true, s_greeting).Send(true, s_http));
        Assert.Equal(["/a"], flow.Http.Select(static request => request.Path));
    }

    [Fact]
    public void Proxies_behind_proxies_are_followed_so_deep_and_no_deeper()
    {
        byte[] requests = [.. Enumerable.Repeat((byte[])[4, 1, 0, 80, 192, 0, 2, 1, 0], 6_000).SelectMany(static request => request)];
        FlowRecord? flow = null;
        // A stack that overflows ends the process.
        var thread = new Thread(() => flow = FlowOf(Conversation.Tcp(1_080).Open().Send(true, requests, segmentBytes: 60_000)), 256 << 10);
        thread.Start();
        thread.Join();
        Assert.Equal("SOCKS request in the clear: 192.0.2.1 port 80", flow!.VerdictReason);
    }

    [Fact]
    public void A_request_without_end_is_not_waited_for()
    {
        Conversation talk = Conversation.Tcp(1_080).Open().Send(true, [4, 1, 0, 80, 192, 0, 2, 1]);
        for (int i = 0; i < 30; i++)
            talk.Send(true, new string('x', 100).Select(static c => (byte)c).ToArray());
        Assert.Equal(AppProtocol.Socks, FlowOf(talk).AppProto);
    }
}
