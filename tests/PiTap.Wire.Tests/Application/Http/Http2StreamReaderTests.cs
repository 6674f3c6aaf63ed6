using CsCheck;
using PiTap.Wire.Application.Http;

namespace PiTap.Wire.Tests.Application.Http;

public sealed class Http2StreamReaderTests
{
    // The three requests of RFC 7541 appendix C.4: Huffman codes, and fields that earlier requests left in the table.
    private static readonly byte[][] s_blocks =
    [
        Convert.FromHexString("828684418cf1e3c2e5f23a6ba0ab90f4ff"),
        Convert.FromHexString("828684be5886a8eb10649cbf"),
        Convert.FromHexString("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"),
    ];

    private readonly List<Http2Request> _requests = [];

    private static byte[] Stream =>
        [.. Http2StreamReader.Preface, .. Frame(4, 0, new byte[6]), .. s_blocks.SelectMany(block => Frame(1, 5, block)),
            .. Frame(0, 1, new byte[300])];

    [Fact]
    public void The_requests_of_RFC_7541_appendix_C_4_are_read()
    {
        new Http2StreamReader().Feed(Stream, _requests);
        Assert.Equal(["www.example.com", "www.example.com", "www.example.com"], _requests.Select(request => request.Authority));
        Assert.Equal(["/", "/", "/index.html"], _requests.Select(request => request.Path));
        Assert.All(_requests, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public void It_does_not_matter_how_the_bytes_are_cut()
    {
        Http2StreamReader reader = new();
        foreach (byte b in Stream)
            reader.Feed([b], _requests);
        Assert.Equal(3, _requests.Count);
        Assert.False(reader.IsBroken);
    }

    [Fact]
    public void A_block_may_be_padded_have_a_priority_and_go_on_in_other_frames()
    {
        byte[] first = [3, 0, 0, 0, 0, 16, .. s_blocks[0][..6], 0, 0, 0];
        byte[] stream =
            [.. Http2StreamReader.Preface, .. Frame(1, 0x28, first), .. Frame(9, 0, s_blocks[0][6..9]), .. Frame(9, 4, s_blocks[0][9..])];
        new Http2StreamReader().Feed(stream, _requests);
        Assert.Equal("www.example.com", Assert.Single(_requests).Authority);
    }

    [Theory]
    [InlineData("PR", false)]
    [InlineData("PRI", true)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", true)]
    [InlineData("PRI * HTTP/1.1", false)]
    public void The_preface_is_told_by_as_much_as_is_there(string text, bool expected) =>
        Assert.Equal(expected, Http2StreamReader.LooksLikePreface(System.Text.Encoding.Latin1.GetBytes(text)));

    [Theory]
    [InlineData("ff80808080")]
    [InlineData("c0")]
    [InlineData("8280")]
    [InlineData("418cf1e3")]
    [InlineData("4185ffffffffff")]
    public void A_block_that_does_not_hold_together_ends_the_reading(string hex)
    {
        Http2StreamReader reader = new();
        reader.Feed([.. Http2StreamReader.Preface, .. Frame(1, 5, Convert.FromHexString(hex))], _requests);
        Assert.True(reader.IsBroken);
    }

    [Fact]
    public void The_preface_must_be_whole_and_right()
    {
        Http2StreamReader reader = new();
        reader.Feed("PRI * HTTP/2.0\r\n\r\nSM"u8, _requests);
        reader.Feed([.. "\r\n\r\r"u8, .. Frame(1, 5, s_blocks[0])], _requests);
        Assert.True(reader.IsBroken);
        Assert.Empty(_requests);
    }

    public static TheoryData<string, byte[]> FramesOutOfPlace() => new()
    {
        { "a continuation of nothing", Frame(9, 4, s_blocks[0]) },
        { "a second block within the first", [.. Frame(1, 0, s_blocks[0][..6]), .. Frame(1, 4, s_blocks[0])] },
        { "another frame within a block", [.. Frame(1, 0, s_blocks[0][..6]), .. Frame(0, 0, [1]), .. Frame(9, 4, s_blocks[0][6..])] },
        { "padding longer than the frame", Frame(1, 0x0c, [9, 0x82]) },
        { "a priority that is cut", Frame(1, 0x24, [0, 0, 0, 0]) },
    };

    [Theory]
    [MemberData(nameof(FramesOutOfPlace))]
    public void Frames_that_may_not_stand_there_end_the_reading(string name, byte[] frames)
    {
        Assert.NotEmpty(name);
        Http2StreamReader reader = new();
        reader.Feed([.. Http2StreamReader.Preface, .. frames, .. Frame(1, 5, s_blocks[0])], _requests);
        Assert.True(reader.IsBroken);
        Assert.Empty(_requests);
    }

    [Fact]
    [Trait("cap", "Wire.Http2StreamReader.MaxBlockBytes")]
    public void A_block_may_have_its_cap_and_not_more()
    {
        byte[] padding = new byte[(65_536 - s_blocks[0].Length) / 8];
        byte[] update = [0x3f, 0xe1, 0x1f, 0x3f, 0xe1, 0x1f, 0x20, 0x20];
        byte[] full = [.. s_blocks[0], .. padding.SelectMany(_ => update)];
        Http2StreamReader reader = new();
        reader.Feed([.. Http2StreamReader.Preface, .. Frame(1, 0, full[..40_000]), .. Frame(9, 4, full[40_000..])], _requests);
        Assert.False(reader.IsBroken);
        Assert.Single(_requests);
        reader.Feed([.. Frame(1, 0, full[..40_000]), .. Frame(9, 4, full[..40_000])], _requests);
        Assert.True(reader.IsBroken);
        Assert.Single(_requests);
    }

    [Fact]
    public void A_block_that_is_broken_gives_no_request()
    {
        new Http2StreamReader().Feed([.. Http2StreamReader.Preface, .. Frame(1, 5, [.. s_blocks[0], 0x80])], _requests);
        Assert.Empty(_requests);
    }

    [Fact]
    public void Trailers_and_answers_are_no_requests_and_a_host_stands_in_for_an_authority()
    {
        byte[] trailer = [0x40, 1, (byte)'t', 1, (byte)'v'];
        byte[] request = [0x82, 0x84, 0x66, 6, .. "a.test"u8, 0x7a, 3, .. "t/1"u8, 0x00, 16, .. "x-requested-with"u8, 3, .. "app"u8];
        new Http2StreamReader()
            .Feed([.. Http2StreamReader.Preface, .. Frame(1, 4, trailer), .. Frame(1, 4, [0x88]), .. Frame(1, 4, request)], _requests);
        Assert.Equal(new Http2Request("GET", "a.test", "/", "t/1", "app"), Assert.Single(_requests));
    }

    [Fact]
    public void No_change_of_a_byte_makes_it_throw() =>
        ByteSweep.EachChange(Stream[..130], bytes => new Http2StreamReader().Feed(bytes, []));

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Byte.Array[0, 200]
            .Sample(bytes => new Http2StreamReader().Feed([.. Http2StreamReader.Preface, .. Frame(1, 5, bytes), .. bytes], []));

    private static byte[] Frame(byte type, byte flags, byte[] payload) =>
        [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 1, .. payload];
}
