using CsCheck;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class LooksLikeDnsTests
{
    private static byte[] Query(string name = "www.example.com", ushort type = DnsRecord.TypeA, ushort classField = 1,
        ushort flags = DnsBytes.Query) =>
        new DnsBytes(flags).Question(name, type, classField).ToArray();

    private static readonly byte[] s_response = new DnsBytes(DnsBytes.Response)
        .Question("www.example.com", DnsRecord.TypeA)
        .Answer(DnsBytes.PointerTo(12), DnsRecord.TypeA, [192, 0, 2, 1])
        .ToArray();

    [Fact]
    public void Queries_and_responses_are_known()
    {
        Assert.True(DnsView.LooksLikeDns(Query()));
        Assert.True(DnsView.LooksLikeDns(Query(type: 255, classField: 255)));
        Assert.True(DnsView.LooksLikeDns(s_response));
        Assert.True(
            DnsView.LooksLikeDns(new DnsBytes(0x0120).Question("a.test", DnsRecord.TypeAaaa).Additional([0], DnsRecord.TypeOpt, [], 1_232)
                .ToArray()));
        Assert.True(DnsView.LooksLikeDns(new DnsBytes(0x8183).Question("a.test", DnsRecord.TypeA).ToArray()));
    }

    [Fact]
    public void What_is_cut_or_has_more_behind_it_is_not()
    {
        for (int length = 0; length < s_response.Length; length++)
            Assert.False(DnsView.LooksLikeDns(s_response.AsSpan(0, length)));
        Assert.False(DnsView.LooksLikeDns([.. s_response, 0]));
        Assert.False(DnsView.LooksLikeDns([.. Query(), 0]));
    }

    [Fact]
    public void Odd_headers_and_questions_are_not()
    {
        Assert.False(DnsView.LooksLikeDns(Query(flags: 0x0900)));
        Assert.False(DnsView.LooksLikeDns(Query(flags: 0x0140)));
        Assert.False(DnsView.LooksLikeDns(Query(flags: 0x0103)));
        Assert.False(DnsView.LooksLikeDns(Query(classField: 3)));
        Assert.False(DnsView.LooksLikeDns(Query(type: 0)));
        Assert.False(DnsView.LooksLikeDns(Query(name: "")));
        Assert.False(DnsView.LooksLikeDns(Query(name: "a b.test")));
        Assert.False(DnsView.LooksLikeDns(new DnsBytes(DnsBytes.Query).Question("a.test", 1).Question("b.test", 1).ToArray()));
        Assert.False(DnsView.LooksLikeDns(new DnsBytes(DnsBytes.Query).Question("a.test", 1).Answer([0], 1, [1, 2, 3, 4]).ToArray()));
        Assert.False(DnsView.LooksLikeDns(new DnsBytes(DnsBytes.Query).ToArray()));
    }

    [Fact]
    public void A_NetBIOS_name_is_not() => Assert.False(DnsView.LooksLikeDns(TunnelBytes.Nbns("WORKGROUP", 0x1d)));

    [Fact]
    public void Random_bytes_are_not() =>
        Gen.Byte.Array[0, 200].Sample(static bytes => !DnsView.LooksLikeDns(bytes), iter: 100_000, threads: 1);
}
