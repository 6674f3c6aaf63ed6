using System.Text;
using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class ServerHelloViewTests
{
    [Fact]
    public void The_hello_of_RFC_8448_reads_as_printed_there()
    {
        byte[] body = TlsBytes.Rfc8448ServerBody;
        Assert.Equal(ParseStatus.Ok, ServerHelloView.Parse(body, out ServerHelloView hello));
        Assert.Equal(0x0303, hello.LegacyVersion);
        Assert.Equal(TlsVersions.Tls13, hello.Version);
        Assert.Equal(0x1301, hello.CipherSuite);
        Assert.Equal(0xa6, hello.Random[0]);
        Assert.True(hello.SessionId.IsEmpty);
        Assert.True(hello.Extensions.Contains(TlsExtensionType.SupportedVersions));
        Assert.False(hello.IsHelloRetryRequest);
        Assert.True(hello.Alpn.IsEmpty);
    }

    [Fact]
    public void The_random_of_RFC_8446_marks_a_retry()
    {
        byte[] body = TlsBytes.ServerHello(0x0303, 0x1301, TlsBytes.Extension(43, 3, 4));
        System.Security.Cryptography.SHA256.HashData("HelloRetryRequest"u8, body.AsSpan(2, 32));
        ServerHelloView.Parse(body, out ServerHelloView hello);
        Assert.True(hello.IsHelloRetryRequest);
        Assert.Equal(TlsVersions.Tls13, hello.Version);
    }

    [Fact]
    public void The_protocol_chosen_and_an_old_version_are_read()
    {
        ServerHelloView.Parse(TlsBytes.ServerHello(0x0303, 0xc02f, TlsBytes.Alpn("h2")), out ServerHelloView hello);
        Assert.Equal("h2", Encoding.ASCII.GetString(hello.Alpn));
        Assert.Equal(TlsVersions.Tls12, hello.Version);
        Assert.Equal(ParseStatus.Ok, ServerHelloView.Parse(TlsBytes.ServerHello(0x0300, 5, extensions: null), out hello));
        Assert.Equal(TlsVersions.Ssl30, hello.Version);
        Assert.False(hello.Extensions.IsPresent);
    }

    [Fact]
    public void A_draft_before_22_has_neither_session_nor_compression()
    {
        byte[] body =
            [.. TlsBytes.UInt16(0x7f12), .. new byte[32], .. TlsBytes.UInt16(0x1301), .. TlsBytes.Vector16(TlsBytes.Extension(40, 1, 2))];
        Assert.Equal(ParseStatus.Ok, ServerHelloView.Parse(body, out ServerHelloView hello));
        Assert.Equal(0x1301, hello.CipherSuite);
        Assert.True(hello.Extensions.Contains((TlsExtensionType)40));
        Assert.Equal("TLS 1.3 draft 18", TlsVersions.Text(hello.Version));
    }

    [Fact]
    public void Every_prefix_that_cuts_the_fixed_part_is_truncated()
    {
        const int endOfFixedPart = 2 + 32 + 1 + 2 + 1;
        TlsBytes.EachPrefix(TlsBytes.Rfc8448ServerBody, prefix =>
            Assert.Equal(prefix.Length < endOfFixedPart ? ParseStatus.Truncated : ParseStatus.Ok, Walk(prefix)));
    }

    [Fact]
    public void No_change_of_a_byte_makes_an_accessor_throw() => TlsBytes.EachChange(TlsBytes.Rfc8448ServerBody, changed => Walk(changed));

    [Fact]
    public void No_bytes_make_an_accessor_throw() => Gen.Byte.Array[0, 200].Sample(bytes => { Walk(bytes); });

    [Fact]
    public void Reading_a_hello_allocates_nothing()
    {
        byte[] body = TlsBytes.Rfc8448ServerBody;
        Assert.Equal(0, HostileBytes.Allocated(() => Walk(body)));
    }

    private static ParseStatus Walk(byte[] body)
    {
        ParseStatus status = ServerHelloView.Parse(body, out ServerHelloView hello);
        int sum = hello.LegacyVersion + hello.Version + hello.CipherSuite + hello.SessionId.Length + hello.Alpn.Length
            + (hello.IsHelloRetryRequest ? 1 : 0);
        foreach (TlsExtension extension in hello.Extensions)
            sum += extension.Data.Length;
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja3Length];
        if (status == ParseStatus.Ok)
            TlsFingerprint.WriteJa3s(hello, text);
        return sum == int.MinValue ? ParseStatus.NotParsed : status;
    }
}
