using CsCheck;
using PiTap.Wire.Application.Http;

namespace PiTap.Wire.Tests.Application.Http;

public sealed class HpackTests
{
    /// <summary>RFC 7541 section 6.3: a table of 256 bytes, as appendix C.6 has it.</summary>
    private static readonly byte[] s_smallTable = [0x3f, 0xe1, 0x01];

    private readonly HpackDecoder _decoder = new();

    [Theory]
    // Appendix C.3: requests without Huffman coding. The number is the size of the table behind each.
    [InlineData("828684410f7777772e6578616d706c652e636f6d", 57, "828684be58086e6f2d6361636865", 110,
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565", 164)]
    // Appendix C.4: the same with it.
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", 57, "828684be5886a8eb10649cbf", 110,
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf", 164)]
    public void The_requests_of_RFC_7541_are_read(string first, int firstSize, string second, int secondSize, string third, int thirdSize)
    {
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"], Decode(first));
        Assert.Equal(firstSize, _decoder.TableBytes);
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"],
            Decode(second));
        Assert.Equal(secondSize, _decoder.TableBytes);
        Assert.Equal([":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"],
            Decode(third));
        Assert.Equal(thirdSize, _decoder.TableBytes);
    }

    [Fact]
    public void The_responses_of_RFC_7541_appendix_C_6_are_read_while_the_table_drops_old_fields()
    {
        Assert.Equal(
            [":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"],
            Decode(Convert.ToHexString(s_smallTable)
                + "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        Assert.Equal(222, _decoder.TableBytes);
        Assert.Equal(
            [":status: 307", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"],
            Decode("4883640effc1c0bf"));
        Assert.Equal(222, _decoder.TableBytes);
        Assert.Equal(
            [":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT", "location: https://www.example.com",
                "content-encoding: gzip",
                "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
            Decode(
                "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af2708"
                + "7f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"));
        Assert.Equal(215, _decoder.TableBytes);
        // What was dropped cannot be named any more: the table holds three fields.
        Assert.Equal(3, Decode("bebfc0").Length);
        Assert.False(_decoder.TryDecode([0xc1], []));
    }

    [Fact]
    public void The_Huffman_code_is_complete()
    {
        // Kraft's sum: each code of b bits takes 2^-b of all strings. Exactly 1 leaves no gap and no overlap.
        Assert.Equal(HpackHuffman.EndOfString + 1, HpackHuffman.CodeBits.Length);
        long sum = 0;
        foreach (byte bits in HpackHuffman.CodeBits)
            sum += 1L << (HpackHuffman.LongestCodeBits - bits);
        Assert.Equal(1L << HpackHuffman.LongestCodeBits, sum);
    }

    [Fact]
    public void Any_bytes_come_back_from_their_code()
    {
        (uint Code, int Bits)[] codes = Codes();
        // Appendix B: the shortest, one of the longest, and the code that ends a string.
        Assert.Equal((0u, 5), codes['0']);
        Assert.Equal((0x3ffffffcu, 30), codes['\n']);
        Assert.Equal((0x3fffffffu, 30), codes[HpackHuffman.EndOfString]);
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            byte[] decoded = new byte[bytes.Length];
            return HpackHuffman.Shared.TryDecode(Encode(bytes, codes), decoded, out int written) && written == bytes.Length
                && decoded.SequenceEqual(bytes);
        });
    }

    [Theory]
    // Section 5.2: padding of eight bits and more, padding that is not the front of the end mark, the end mark itself.
    [InlineData("ffff")]
    [InlineData("00")]
    [InlineData("fffffffc")]
    [InlineData("ffffffff")]
    public void A_code_that_does_not_end_as_it_should_is_refused(string hex) =>
        Assert.False(HpackHuffman.Shared.TryDecode(Convert.FromHexString(hex), new byte[100], out _));

    [Fact]
    public void A_string_that_does_not_fit_is_refused() => Assert.False(HpackHuffman.Shared.TryDecode([0, 0x1f], new byte[1], out _));

    [Theory]
    // An index of 0, one beyond the table, a number beyond 2^21, a table larger than the first one, strings that are cut.
    [InlineData("80")]
    [InlineData("be")]
    [InlineData("7fffffffff7f")]
    [InlineData("3fe220")]
    [InlineData("40")]
    [InlineData("4003616263")]
    [InlineData("0005616263")]
    public void A_block_that_does_not_hold_together_is_refused(string hex) =>
        Assert.False(_decoder.TryDecode(Convert.FromHexString(hex), []));

    [Fact]
    [Trait("cap", "Wire.HpackDecoder.MaxTableBytes")]
    public void The_table_never_holds_more_than_its_limit()
    {
        byte[] large = [0x40, 1, (byte)'a', 0x7f, 0xa1, 0x1e, .. new byte[4_000]];
        Assert.True(_decoder.TryDecode(large, []));
        Assert.Equal(1 + 4_000 + 32, _decoder.TableBytes);
        // Section 4.4: a field larger than the table empties it, and is no error.
        byte[] tooLarge = [0x40, 1, (byte)'a', 0x7f, 0xd9, 0x36, .. new byte[7_128]];
        Assert.True(_decoder.TryDecode(tooLarge, []));
        Assert.Equal(0, _decoder.TableBytes);
        Gen.Byte.Array[0, 600].Sample(block =>
        {
            HpackDecoder decoder = new();
            List<(string, string)> fields = [];
            decoder.TryDecode(block, fields);
            decoder.TryDecode(block, fields);
            return decoder.TableBytes is >= 0 and <= 4_096 && fields.Count <= 1_024;
        });
    }

    [Fact]
    [Trait("cap", "Wire.HpackDecoder.MaxFields")]
    public void A_block_of_too_many_fields_is_refused()
    {
        byte[] block = new byte[1_024 + 1];
        Array.Fill(block, (byte)0x82);
        List<(string, string)> fields = [];
        Assert.True(_decoder.TryDecode(block.AsSpan(1), fields));
        Assert.Equal(1_024, fields.Count);
        fields.Clear();
        Assert.False(_decoder.TryDecode(block, fields));
    }

    [Theory]
    [InlineData(8_192, true)]
    [InlineData(8_193, false)]
    [Trait("cap", "Wire.HpackDecoder.MaxStringBytes")]
    public void A_value_has_so_many_bytes(int bytes, bool isRead)
    {
        int beyondPrefix = bytes - 0x7f;
        byte[] block = [0x40, 1, (byte)'a', 0x7f, (byte)(beyondPrefix & 0x7f | 0x80), (byte)(beyondPrefix >> 7), .. new byte[bytes]];
        Assert.Equal(isRead, _decoder.TryDecode(block, []));
    }

    private string[] Decode(string hex)
    {
        List<(string Name, string Value)> fields = [];
        Assert.True(_decoder.TryDecode(Convert.FromHexString(hex), fields));
        return [.. fields.Select(static field => $"{field.Name}: {field.Value}")];
    }

    /// <summary>The code is canonical: shorter codes first, those of one length in order of their symbols.</summary>
    private static (uint Code, int Bits)[] Codes()
    {
        (uint Code, int Bits)[] codes = new (uint, int)[HpackHuffman.CodeBits.Length];
        uint next = 0;
        int last = 0;
        byte[] bits = HpackHuffman.CodeBits.ToArray();
        foreach (int symbol in Enumerable.Range(0, bits.Length).OrderBy(symbol => bits[symbol]).ThenBy(static symbol => symbol))
        {
            next <<= bits[symbol] - last;
            last = bits[symbol];
            codes[symbol] = (next++, last);
        }
        return codes;
    }

    private static byte[] Encode(byte[] bytes, (uint Code, int Bits)[] codes)
    {
        List<bool> bits = [];
        foreach (byte b in bytes)
        {
            for (int bit = codes[b].Bits - 1; bit >= 0; bit--)
                bits.Add((codes[b].Code >> bit & 1) != 0);
        }
        while (bits.Count % 8 != 0)
            bits.Add(true);
        return [.. bits.Chunk(8).Select(static octet => (byte)octet.Aggregate(0, static (value, bit) => value << 1 | (bit ? 1 : 0)))];
    }
}
