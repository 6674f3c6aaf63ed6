using System.Text;
using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class ClientHelloViewTests
{
    private static readonly int[] s_types = [0, 10, 11, 13, 16, 43, 0xfe0d, 0xffce];

    [Fact]
    public void The_hello_of_RFC_8448_reads_as_printed_there()
    {
        byte[] body = TlsBytes.Rfc8448ClientBody;
        Assert.Equal(ParseStatus.Ok, ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello));
        Assert.Equal(0x0303, hello.LegacyVersion);
        Assert.Equal(TlsVersions.Tls13, hello.HighestVersion);
        Assert.Equal(0xcb, hello.Random[0]);
        Assert.Equal(0xe7, hello.Random[31]);
        Assert.True(hello.SessionId.IsEmpty);
        Assert.True(hello.Cookie.IsEmpty);
        Assert.Equal([0x1301, 0x1303, 0x1302], Numbers(hello.CipherSuites));
        Assert.True(hello.HasCompressionMethods);
        Assert.Equal([0], hello.CompressionMethods.ToArray());
        Assert.Equal([0, 0xff01, 10, 35, 51, 43, 13, 45, 28], Types(hello.Extensions));
        Assert.Equal("server", Encoding.ASCII.GetString(hello.ServerName));
        Assert.Equal([0x1d, 0x17, 0x18, 0x19, 0x100, 0x101, 0x102, 0x103, 0x104], Numbers(hello.SupportedGroups));
        Assert.Equal([0x0304], Numbers(hello.SupportedVersions));
        Assert.Equal(15, hello.SignatureAlgorithms.Count);
        Assert.True(hello.EcPointFormats.IsEmpty);
        Assert.True(hello.Alpn.First.IsEmpty);
        Assert.False(hello.HasEch);
        Assert.False(hello.HasEsni);
        Assert.True(hello.IsWhole);
    }

    [Fact]
    public void A_hello_without_extensions_is_one()
    {
        byte[] body = TlsBytes.ClientHello(0x0300, [5, 4], extensions: null);
        Assert.Equal(ParseStatus.Ok, ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello));
        Assert.False(hello.Extensions.IsPresent);
        Assert.Equal(TlsVersions.Ssl30, hello.HighestVersion);
        Assert.True(hello.ServerName.IsEmpty);
    }

    [Fact]
    public void DTLS_has_a_cookie_before_the_suites()
    {
        byte[] body = TlsBytes.DtlsClientHello(0xfefd, [1, 2, 3], [0xc02b], TlsBytes.ServerName("call.example"));
        Assert.Equal(ParseStatus.Ok, ClientHelloView.Parse(body, isDtls: true, out ClientHelloView hello));
        Assert.Equal([1, 2, 3], hello.Cookie.ToArray());
        Assert.Equal([0xc02b], Numbers(hello.CipherSuites));
        Assert.Equal("call.example", Encoding.ASCII.GetString(hello.ServerName));
        Assert.Equal(TlsVersions.Dtls12, hello.HighestVersion);
    }

    [Fact]
    public void Application_protocols_come_in_order()
    {
        byte[] body = TlsBytes.ClientHello(0x0303, [1], TlsBytes.Alpn("h2", "http/1.1"));
        ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello);
        List<string> names = [];
        foreach (ReadOnlySpan<byte> name in hello.Alpn)
            names.Add(Encoding.ASCII.GetString(name));
        Assert.Equal(["h2", "http/1.1"], names);
        Assert.Equal("h2", Encoding.ASCII.GetString(hello.Alpn.First));
    }

    [Theory]
    [InlineData(new[] { 0x0a0a, 0x0303, 0x0304, 0x7f1c }, 0x0304)]
    [InlineData(new[] { 0x0303, 0x7f1c, 0x7f17 }, 0x7f1c)]
    [InlineData(new[] { 0x0301, 0x0303, 0x0302 }, 0x0303)]
    [InlineData(new[] { 0xfeff, 0xfefd, 0xfefc }, 0xfefc)]
    [InlineData(new[] { 0x0a0a, 0x1a1a }, 0x0301)]
    public void The_highest_version_passes_GREASE_and_puts_the_final_number_first(int[] offered, int expected)
    {
        byte[] body = TlsBytes.ClientHello(0x0301, [1], TlsBytes.Extension(43, TlsBytes.Vector8(TlsBytes.UInt16(offered))));
        ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello);
        Assert.Equal(expected, hello.HighestVersion);
    }

    [Fact]
    public void The_first_host_name_is_taken_and_other_kinds_are_passed()
    {
        byte[] list = TlsBytes.Vector16(
            [7, .. TlsBytes.Vector16(1, 2), 0, .. TlsBytes.Vector16(), 0, .. TlsBytes.Vector16((byte)'a'), 0,
                .. TlsBytes.Vector16((byte)'b')]);
        byte[] body = TlsBytes.ClientHello(0x0303, [1], TlsBytes.Extension(0, list));
        ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello);
        Assert.Equal("a", Encoding.ASCII.GetString(hello.ServerName));
        Assert.True(hello.HasServerName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000a00000761")]
    [InlineData("000600000761")]
    public void A_server_name_that_does_not_fit_is_none(string data)
    {
        byte[] body = TlsBytes.ClientHello(0x0303, [1], TlsBytes.Extension(0, Convert.FromHexString(data)));
        ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello);
        Assert.True(hello.ServerName.IsEmpty);
        Assert.True(hello.HasServerName);
    }

    [Fact]
    public void What_stands_before_a_broken_extension_is_kept()
    {
        byte[] extensions = [.. TlsBytes.ServerName("kept.example"), .. TlsBytes.UInt16(16, 200), 1];
        ClientHelloView.Parse(TlsBytes.ClientHello(0x0303, [1], extensions), isDtls: false, out ClientHelloView hello);
        Assert.Equal("kept.example", Encoding.ASCII.GetString(hello.ServerName));
        TlsExtensionList.Enumerator walk = hello.Extensions.GetEnumerator();
        Assert.True(walk.MoveNext());
        Assert.False(walk.MoveNext());
        Assert.True(walk.IsBroken);
        Assert.False(walk.MoveNext());
    }

    [Fact]
    public void A_cut_hello_gives_what_stands_before_the_cut()
    {
        byte[] body = TlsBytes.ClientHello(0x0303, [1], [.. TlsBytes.ServerName("cut.example"), .. TlsBytes.Extension(21, new byte[200])]);
        ReadOnlySpan<byte> start = body.AsSpan(0, 80);
        Assert.Equal(ParseStatus.Ok, ClientHelloView.ParseStart(start, body.Length, isDtls: false, out ClientHelloView hello));
        Assert.Equal("cut.example", Encoding.ASCII.GetString(hello.ServerName));
        Assert.False(hello.IsWhole);
        Assert.False(TlsFingerprint.WriteJa3(hello, new byte[32]));
        Assert.False(TlsFingerprint.WriteJa4(hello, Ja4Transport.Tcp, new byte[36]));
        // As a whole message the same bytes contradict themselves: the extension block does not fit.
        ClientHelloView.Parse(start, isDtls: false, out hello);
        Assert.True(hello.ServerName.IsEmpty);
        Assert.False(hello.Extensions.IsBlockWhole);
    }

    [Fact]
    public void Every_prefix_that_cuts_the_suites_is_truncated_and_no_prefix_throws()
    {
        const int endOfSuites = 2 + 32 + 1 + 2 + 6;
        TlsBytes.EachPrefix(TlsBytes.Rfc8448ClientBody, prefix =>
        {
            ParseStatus status = Walk(prefix, isDtls: false);
            Assert.Equal(prefix.Length < endOfSuites ? ParseStatus.Truncated : ParseStatus.Ok, status);
        });
    }

    [Fact]
    public void No_change_of_a_byte_makes_an_accessor_throw() =>
        TlsBytes.EachChange(TlsBytes.Rfc8448ClientBody, changed => Walk(changed, isDtls: false));

    [Fact]
    public void No_bytes_make_an_accessor_throw() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            Walk(bytes, isDtls: false);
            Walk(bytes, isDtls: true);
        });

    [Fact]
    public void No_extensions_make_an_accessor_throw() =>
        Gen.Select(Gen.Int[0, s_types.Length - 1], Gen.Byte.Array[0, 40], Gen.Bool).List[0, 12].Sample(list =>
        {
            byte[] extensions = list.SelectMany(e => TlsBytes.Extension(s_types[e.Item1], e.Item3 ? TlsBytes.Vector16(e.Item2) : e.Item2))
                .ToArray();
            Assert.Equal(ParseStatus.Ok, Walk(TlsBytes.ClientHello(0x0303, [0x1301], extensions), isDtls: false));
        });

    [Fact]
    public void Reading_a_hello_allocates_nothing()
    {
        byte[] body = TlsBytes.Rfc8448ClientBody;
        Assert.Equal(0, HostileBytes.Allocated(() => Walk(body, isDtls: false)));
    }

    /// <summary>Parses, calls every accessor and ends every walk.</summary>
    private static ParseStatus Walk(byte[] body, bool isDtls)
    {
        ParseStatus status = ClientHelloView.Parse(body, isDtls, out ClientHelloView hello);
        int sum = hello.LegacyVersion + hello.HighestVersion + hello.Random.Length + hello.SessionId.Length + hello.Cookie.Length
            + hello.CompressionMethods.Length + hello.ServerName.Length + hello.Alpn.First.Length + hello.EcPointFormats.Length;
        foreach (ushort suite in hello.CipherSuites)
            sum += suite;
        foreach (TlsExtension extension in hello.Extensions)
            sum += (int)extension.Type + extension.Data.Length;
        foreach (ReadOnlySpan<byte> name in hello.Alpn)
            sum += name.Length;
        foreach (ushort group in hello.SupportedGroups)
            sum += group;
        foreach (ushort algorithm in hello.SignatureAlgorithms)
            sum += algorithm;
        if (hello.HasEch && hello.ParseEch(out EncryptedClientHelloView ech) == ParseStatus.Ok)
            sum += ech.PayloadLength;
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja4Length];
        if (status == ParseStatus.Ok)
        {
            TlsFingerprint.WriteJa3(hello, text);
            Assert.True(TlsFingerprint.WriteJa4(hello, Ja4Transport.Tcp, text));
        }
        return sum == int.MinValue ? ParseStatus.NotParsed : status;
    }

    private static int[] Numbers(TlsUInt16List list)
    {
        List<int> numbers = [];
        foreach (ushort number in list)
            numbers.Add(number);
        return [.. numbers];
    }

    private static int[] Types(TlsExtensionList list)
    {
        List<int> types = [];
        foreach (TlsExtension extension in list)
            types.Add((int)extension.Type);
        return [.. types];
    }
}
