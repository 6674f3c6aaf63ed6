using System.Security.Cryptography;
using System.Text;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class TlsFingerprintTests
{
    private static readonly int[] s_suites =
        [0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035];

    private static readonly int[] s_algorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];

    [Fact]
    public void JA4_is_that_of_the_example_in_its_specification()
    {
        Assert.Equal("t13d1516h2_8daaf6152771_e5627efa2ab1", Ja4(SpecificationExample(), Ja4Transport.Tcp));
        Assert.Equal("q13d1516h2_8daaf6152771_e5627efa2ab1", Ja4(SpecificationExample(), Ja4Transport.Quic));
    }

    [Fact]
    public void JA4_passes_GREASE_and_the_order_of_suites_and_extensions()
    {
        byte[] extensions =
        [
            .. TlsBytes.Extension(0x0a0a), .. TlsBytes.Extension(10, TlsBytes.Vector16(TlsBytes.UInt16(0x2a2a, 29))),
            .. TlsBytes.Alpn("h2"),
            .. TlsBytes.Extension(43, TlsBytes.Vector8(TlsBytes.UInt16(0x3a3a, 0x0304))), .. TlsBytes.Extension(0xfafa, 0),
        ];
        byte[] plain =
        [
            .. TlsBytes.Extension(43, TlsBytes.Vector8(TlsBytes.UInt16(0x0304))), .. TlsBytes.Alpn("h2"),
            .. TlsBytes.Extension(10, TlsBytes.Vector16(TlsBytes.UInt16(29))),
        ];
        Assert.Equal(
            Ja4(TlsBytes.ClientHello(0x0303, [0x1301, 0x1302], plain), Ja4Transport.Tcp),
            Ja4(TlsBytes.ClientHello(0x0303, [0x4a4a, 0x1302, 0x1301], extensions), Ja4Transport.Tcp));
    }

    [Theory]
    [InlineData("h2", "h2")]
    [InlineData("a", "aa")]
    [InlineData("http/1.1", "h1")]
    [InlineData("-x", "28")]
    [InlineData("x-", "7d")]
    [InlineData("\u00e9x", "99")]
    [InlineData("x\u00e9", "99")]
    public void JA4_shows_the_ends_of_the_first_protocol(string name, string shown) =>
        Assert.Equal($"t12i0101{shown}", Ja4(TlsBytes.ClientHello(0x0303, [1], TlsBytes.Alpn(name, "other")), Ja4Transport.Tcp)[..10]);

    [Theory]
    [InlineData(0x0304, "13")]
    [InlineData(0x0302, "11")]
    [InlineData(0x0301, "10")]
    [InlineData(0x0300, "s3")]
    [InlineData(0x7f1c, "00")]
    public void JA4_of_a_bare_hello_has_zeros_for_what_is_empty(int version, string shown) =>
        Assert.Equal($"t{shown}i000000_000000000000_000000000000",
            Ja4(TlsBytes.ClientHello(version, [], extensions: null), Ja4Transport.Tcp));

    [Fact]
    public void JA4_of_DTLS_takes_the_lowest_number_for_the_highest_version()
    {
        byte[] extensions = TlsBytes.Extension(43, TlsBytes.Vector8(TlsBytes.UInt16(0xfefd, 0xfefc)));
        byte[] body = TlsBytes.DtlsClientHello(0xfefd, [], [0x1301], extensions);
        ClientHelloView.Parse(body, isDtls: true, out ClientHelloView hello);
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja4Length];
        TlsFingerprint.WriteJa4(hello, Ja4Transport.Dtls, text);
        Assert.Equal("dd3i010100", Encoding.ASCII.GetString(text[..10]));
    }

    [Fact]
    [Trait("cap", "Wire.TlsFingerprint.MaxCount")]
    public void JA4_counts_to_99_and_hashes_them_all()
    {
        int[] suites = Enumerable.Range(0x4000, 20_000).Where(suite => !TlsVersions.IsGrease((ushort)suite)).ToArray();
        string joined = string.Join(',', suites.Select(suite => $"{suite:x4}"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(joined)))[..12];
        Assert.Equal($"t12i990000_{hash}_000000000000",
            Ja4(TlsBytes.ClientHello(0x0303, [.. suites.Reverse()], extensions: null), Ja4Transport.Tcp));
    }

    [Theory]
    [InlineData("771,4865-4867-4866,0-65281-10-35-51-43-13-45-28,29-23-24-25-256-257-258-259-260,")]
    public void JA3_of_the_hello_of_RFC_8448_is_the_hash_of_its_text(string text) =>
        Assert.Equal(Md5(text), Ja3(TlsBytes.Rfc8448ClientBody));

    [Fact]
    public void JA3_passes_GREASE_and_keeps_the_order()
    {
        byte[] extensions =
        [
            .. TlsBytes.Extension(0x1a1a), .. TlsBytes.Extension(11, 2, 0, 1),
            .. TlsBytes.Extension(10, TlsBytes.Vector16(TlsBytes.UInt16(0x2a2a, 29, 23))),
        ];
        Assert.Equal(Md5("769,47-5,11-10,29-23,0-1"), Ja3(TlsBytes.ClientHello(0x0301, [0x5a5a, 47, 5], extensions)));
    }

    [Fact]
    public void JA3_without_extensions_keeps_its_commas()
    {
        Assert.Equal(Md5("768,5-4,,,"), Ja3(TlsBytes.ClientHello(0x0300, [5, 4], extensions: null)));
        Assert.Equal(Md5("771,5,,,"), Ja3(TlsBytes.ClientHello(0x0303, [5], [])));
    }

    [Fact]
    public void JA3_of_a_broken_hello_is_as_Wireshark_has_it()
    {
        byte[] whole = TlsBytes.ClientHello(0x0303, [5], TlsBytes.Extension(23));
        Assert.Equal(Md5("771,5,"), Ja3(whole[..^1]));
        Assert.Null(Ja3(TlsBytes.ClientHello(0x0303, [5], [0, 23, 0, 9])));
        Assert.Null(Ja3(whole[..^8]));
    }

    [Fact]
    public void JA3S_names_version_suite_and_extensions()
    {
        Assert.Equal(Md5("771,4865,51-43"), Ja3s(TlsBytes.Rfc8448ServerBody));
        Assert.Equal(Md5("769,5,"), Ja3s(TlsBytes.ServerHello(0x0301, 5, extensions: null)));
        Assert.Null(Ja3s(TlsBytes.ServerHello(0x0301, 5, [0, 23, 0, 9])));
    }

    [Fact]
    public void Fingerprints_allocate_nothing_whatever_the_size()
    {
        byte[] small = SpecificationExample();
        byte[] large =
            TlsBytes.ClientHello(0x0303, [.. Enumerable.Range(0, 5000)], TlsBytes.Extension(11, TlsBytes.Vector8(new byte[200])));
        byte[] server = TlsBytes.Rfc8448ServerBody;
        foreach (byte[] body in new[] { small, large })
        {
            Assert.Equal(0, HostileBytes.Allocated(() =>
            {
                Span<byte> text = stackalloc byte[TlsFingerprint.Ja4Length];
                ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello);
                TlsFingerprint.WriteJa3(hello, text);
                TlsFingerprint.WriteJa4(hello, Ja4Transport.Tcp, text);
                ServerHelloView.Parse(server, out ServerHelloView answer);
                TlsFingerprint.WriteJa3s(answer, text);
            }));
        }
    }

    /// <summary>The hello whose lists the JA4 technical details print.</summary>
    private static byte[] SpecificationExample()
    {
        int[] empty = [0x001b, 0x0033, 0x4469, 0x0017, 0x002d, 0x0005, 0x0023, 0x0012, 0xff01, 0x000b, 0x000a, 0x0015];
        byte[] extensions =
        [
            .. TlsBytes.ServerName("www.example.com"), .. TlsBytes.Alpn("h2", "http/1.1"),
            .. TlsBytes.Extension(13, TlsBytes.Vector16(TlsBytes.UInt16(s_algorithms))),
            .. TlsBytes.Extension(43, TlsBytes.Vector8(TlsBytes.UInt16(0x0304, 0x0303))),
            .. empty.SelectMany(type => TlsBytes.Extension(type)),
        ];
        return TlsBytes.ClientHello(0x0303, s_suites, extensions);
    }

    private static string Ja4(byte[] body, Ja4Transport transport)
    {
        Assert.Equal(ParseStatus.Ok, ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello));
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja4Length];
        Assert.True(TlsFingerprint.WriteJa4(hello, transport, text));
        return Encoding.ASCII.GetString(text);
    }

    private static string? Ja3(byte[] body)
    {
        Assert.Equal(ParseStatus.Ok, ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello));
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja3Length];
        return TlsFingerprint.WriteJa3(hello, text) ? Encoding.ASCII.GetString(text) : null;
    }

    private static string? Ja3s(byte[] body)
    {
        Assert.Equal(ParseStatus.Ok, ServerHelloView.Parse(body, out ServerHelloView hello));
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja3Length];
        return TlsFingerprint.WriteJa3s(hello, text) ? Encoding.ASCII.GetString(text) : null;
    }

    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
}
