using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class DnsRecordTests
{
    private static readonly byte[] s_target = DnsBytes.Name("to.test");

    private static string Single(ushort type, byte[] data) =>
        DnsReading.Records(DnsReading.Parse(new DnsBytes(DnsBytes.Response).Answer(DnsBytes.Name("of.test"), type, data).ToArray()))
            .Single();

    [Theory]
    [InlineData(DnsRecord.TypeCname, 0)]
    [InlineData(DnsRecord.TypeDname, 0)]
    [InlineData(DnsRecord.TypeNs, 0)]
    [InlineData(DnsRecord.TypePtr, 0)]
    [InlineData(DnsRecord.TypeMx, 2)]
    [InlineData(DnsRecord.TypeSrv, 6)]
    [InlineData(DnsRecord.TypeSvcb, 2)]
    [InlineData(DnsRecord.TypeHttps, 2)]
    public void The_name_that_a_record_points_to_is_found(int type, int before) =>
        Assert.Equal($"0 of.test {type} to.test", Single((ushort)type, [.. new byte[before], .. s_target]));

    [Theory]
    [InlineData(DnsRecord.TypeCname, new byte[0])]
    [InlineData(DnsRecord.TypeCname, new byte[] { 2, 65 })]
    [InlineData(DnsRecord.TypeSrv, new byte[] { 0, 0, 0, 0 })]
    [InlineData(DnsRecord.TypeTxt, new byte[] { 1, 65, 0 })]
    public void A_name_that_does_not_end_in_the_data_belongs_to_another_record(int type, byte[] data)
    {
        byte[] message = new DnsBytes(DnsBytes.Response).Answer([0], (ushort)type, data)
            .Answer(DnsBytes.Name("other"), DnsRecord.TypeA, [192, 0, 2, 1]).ToArray();
        Assert.Equal([$"0  {type} {data.Length} bytes", "0 other 1 192.0.2.1"], DnsReading.Records(DnsReading.Parse(message)));
    }

    [Fact]
    public void Addresses_of_a_wrong_length_are_none()
    {
        Assert.Equal("0 of.test 1 5 bytes", Single(DnsRecord.TypeA, new byte[5]));
        Assert.Equal("0 of.test 28 4 bytes", Single(DnsRecord.TypeAaaa, new byte[4]));
        Assert.Equal("0 of.test 99 4 bytes", Single(99, new byte[4]));
    }

    [Fact]
    public void The_port_of_a_service_is_read()
    {
        DnsRecordEnumerator records = DnsReading.Parse(
            new DnsBytes(DnsBytes.Response).Answer([0], DnsRecord.TypeSrv, DnsBytes.Service(8_009, s_target)).ToArray()).Records;
        Assert.True(records.MoveNext());
        Assert.Equal(8_009, records.Current.ServicePort);
    }

    [Fact]
    public void A_stream_is_taken_apart_message_by_message()
    {
        byte[] first = new DnsBytes(DnsBytes.Query).Question("a.test", DnsRecord.TypeA).ToTcp();
        byte[] second = new DnsBytes(DnsBytes.Query).Question("bb.test", DnsRecord.TypeA).ToTcp();
        byte[] stream = [.. first, .. second];
        Assert.True(DnsTcpFraming.TryRead(stream, out ReadOnlySpan<byte> message, out int consumed));
        Assert.Equal(first.Length, consumed);
        Assert.Equal(first.Length - DnsTcpFraming.PrefixLength, message.Length);
        Assert.True(DnsTcpFraming.TryRead(stream.AsSpan(consumed), out message, out consumed));
        Assert.Equal(["bb.test"], DnsReading.QuestionNames(DnsReading.Parse(message.ToArray())));
        for (int length = 0; length < first.Length; length++)
            Assert.False(DnsTcpFraming.TryRead(stream.AsSpan(0, length), out _, out _));
    }
}
