using CsCheck;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Legacy;
using PiTap.Wire.Tests.Application.Tls;

namespace PiTap.Wire.Tests.Legacy;

public sealed class Sslv2ClientHelloViewTests
{
    private static readonly byte[] s_hello = Make(0x0301, [0, 0, 0x39, 0, 0, 0x35, 7, 0, 0xc0], sessionId: 0, challenge: 32);

    [Fact]
    public void A_hello_reads_to_every_field()
    {
        Assert.Equal(ParseStatus.Ok, Sslv2ClientHelloView.Parse(s_hello, out Sslv2ClientHelloView hello));
        Assert.Equal(TlsVersions.Tls10, hello.Version);
        Assert.Equal(3, hello.CipherSpecCount);
        Assert.Equal(s_hello.Length, hello.TotalLength);
        Assert.True(hello.IsWhole);
    }

    [Fact]
    public void SSL_2_itself_and_a_session_to_resume_are_taken() =>
        Assert.Equal(ParseStatus.Ok, Sslv2ClientHelloView.Parse(Make(0x0002, [1, 0, 0x80], sessionId: 16, challenge: 16), out _));

    [Fact]
    public void A_prefix_is_truncated_until_the_header_is_there() =>
        TlsBytes.EachPrefix(s_hello, prefix =>
        {
            Assert.Equal(prefix.Length < 11 ? ParseStatus.Truncated : ParseStatus.Ok,
                Sslv2ClientHelloView.Parse(prefix, out Sslv2ClientHelloView hello));
            Assert.False(hello.IsWhole && prefix.Length >= 11);
        });

    [Fact]
    public void Lengths_that_do_not_add_up_are_no_hello()
    {
        foreach (int offset in new[] { 0, 1, 2, 3, 5, 6, 7, 8, 9, 10 })
        {
            byte[] changed = [.. s_hello];
            changed[offset] ^= 0x41;
            if (offset != 0)
                Assert.Equal(ParseStatus.Malformed, Sslv2ClientHelloView.Parse(changed, out _));
        }
        Assert.Equal(ParseStatus.Malformed, Sslv2ClientHelloView.Parse(TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello), out _));
        Assert.Equal(ParseStatus.Malformed, Sslv2ClientHelloView.Parse("GET / HTTP/1.1"u8, out _));
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        TlsBytes.EachChange(s_hello, changed => Sslv2ClientHelloView.Parse(changed, out _));
        Gen.Byte.Array[0, 64].Sample(bytes => { Sslv2ClientHelloView.Parse(bytes, out _); });
        Assert.Equal(0, HostileBytes.Allocated(() => Sslv2ClientHelloView.Parse(s_hello, out _)));
    }

    private static byte[] Make(int version, byte[] specs, int sessionId, int challenge)
    {
        byte[] body = [1, .. TlsBytes.UInt16(version, specs.Length, sessionId, challenge), .. specs, .. new byte[sessionId + challenge]];
        return [.. TlsBytes.UInt16(0x8000 | body.Length), .. body];
    }
}
