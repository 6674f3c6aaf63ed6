using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class TlsRecordViewTests
{
    [Fact]
    public void A_record_reads_to_every_field()
    {
        byte[] data = [.. TlsBytes.Record(22, [1, 2, 3], version: 0x0301), 9, 9];
        Assert.Equal(ParseStatus.Ok, TlsRecordView.Parse(data, out TlsRecordView record));
        Assert.Equal(TlsContentType.Handshake, record.ContentType);
        Assert.Equal(0x0301, record.LegacyVersion);
        Assert.Equal(3, record.Length);
        Assert.Equal([1, 2, 3], record.Fragment.ToArray());
        Assert.True(record.IsWhole);
        Assert.Equal(8, record.TotalLength);
    }

    [Fact]
    public void A_record_that_is_cut_gives_what_is_at_hand() =>
        TlsBytes.EachPrefix(TlsBytes.Record(23, [1, 2, 3, 4]), prefix =>
        {
            ParseStatus status = TlsRecordView.Parse(prefix, out TlsRecordView record);
            Assert.Equal(prefix.Length < 5 ? ParseStatus.Truncated : ParseStatus.Ok, status);
            Assert.Equal(Math.Max(0, prefix.Length - 5), record.Fragment.Length);
            Assert.Equal(status != ParseStatus.Ok, record.IsWhole);
        });

    [Theory]
    [InlineData("1303030001", ParseStatus.Malformed)]
    [InlineData("1903030001", ParseStatus.Malformed)]
    [InlineData("1602ff0001", ParseStatus.Malformed)]
    [InlineData("1603050001", ParseStatus.Malformed)]
    [InlineData("1603034801", ParseStatus.Malformed)]
    [InlineData("1603034800", ParseStatus.Ok)]
    [InlineData("1403000000", ParseStatus.Ok)]
    [InlineData("1803040000", ParseStatus.Ok)]
    public void Type_version_and_length_tell_a_record(string hex, ParseStatus expected)
    {
        byte[] data = Convert.FromHexString(hex);
        Assert.Equal(expected, TlsRecordView.Parse(data, out _));
        Assert.Equal(expected == ParseStatus.Ok, TlsRecordView.LooksLikeRecord(data));
    }

    [Fact]
    public void A_hello_is_told_by_its_first_ten_bytes()
    {
        byte[] record = TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello);
        for (int length = 0; length <= record.Length; length++)
            Assert.Equal(length >= 10, TlsRecordView.LooksLikeHello(record.AsSpan(0, length)));
        Assert.True(TlsRecordView.LooksLikeHello(TlsBytes.Record(22, TlsBytes.Rfc8448ServerHello)));
        Assert.False(TlsRecordView.LooksLikeHello(TlsBytes.Record(22, TlsBytes.Message(11, new byte[100]))));
        Assert.False(TlsRecordView.LooksLikeHello(TlsBytes.Record(23, TlsBytes.Rfc8448ClientHello)));
        Assert.False(TlsRecordView.LooksLikeHello(TlsBytes.Record(22, [1, 0xff, 0, 0, 3, 3])));
    }

    [Fact]
    public void No_bytes_make_an_accessor_throw() =>
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            TlsRecordView.LooksLikeHello(bytes);
            if (TlsRecordView.Parse(bytes, out TlsRecordView record) == ParseStatus.Ok)
                Assert.True(record.Fragment.Length <= record.Length && record.TotalLength == record.Length + 5);
        });

    [Fact]
    public void Reading_a_record_allocates_nothing()
    {
        byte[] record = TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello);
        Assert.Equal(0, HostileBytes.Allocated(() => TlsRecordView.Parse(record, out _)));
    }
}
