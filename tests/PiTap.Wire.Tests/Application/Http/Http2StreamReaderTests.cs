using CsCheck;
using PiTap.Wire.Application;

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

    private static byte[] Stream => [.. Http2StreamReader.Preface, .. Frame(4, 0, new byte[6]), .. s_blocks.SelectMany(block => Frame(1, 5, block)), .. Frame(0, 1, new byte[300])];

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
        byte[] stream = [.. Http2StreamReader.Preface, .. Frame(1, 0x28, first), .. Frame(9, 0, s_blocks[0][6..9]), .. Frame(9, 4, s_blocks[0][9..])];
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
    public void No_change_of_a_byte_makes_it_throw() => ByteSweep.EachChange(Stream[..130], bytes => new Http2StreamReader().Feed(bytes, []));

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Byte.Array[0, 200].Sample(bytes => new Http2StreamReader().Feed([.. Http2StreamReader.Preface, .. Frame(1, 5, bytes), .. bytes], []));

    private static byte[] Frame(byte type, byte flags, byte[] payload) => [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 1, .. payload];
}
