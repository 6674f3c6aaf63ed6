using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class EncryptedClientHelloViewTests
{
    private static readonly byte[] s_outer =
        [0, .. TlsBytes.UInt16(1, 3), 0x2a, .. TlsBytes.Vector16(new byte[32]), .. TlsBytes.Vector16(new byte[144])];

    [Fact]
    public void The_outer_form_reads_to_every_field()
    {
        byte[] body = TlsBytes.ClientHello(0x0303, [0x1301], TlsBytes.Extension(0xfe0d, s_outer));
        ClientHelloView.Parse(body, isDtls: false, out ClientHelloView hello);
        Assert.True(hello.HasEch);
        Assert.Equal(ParseStatus.Ok, hello.ParseEch(out EncryptedClientHelloView ech));
        Assert.False(ech.IsInner);
        Assert.Equal(1, ech.KdfId);
        Assert.Equal(3, ech.AeadId);
        Assert.Equal(0x2a, ech.ConfigId);
        Assert.Equal(32, ech.EncLength);
        Assert.Equal(144, ech.PayloadLength);
    }

    [Fact]
    public void The_inner_form_the_forerunner_and_absence_are_told_apart()
    {
        Assert.Equal(ParseStatus.Ok, EncryptedClientHelloView.Parse([1], out EncryptedClientHelloView ech));
        Assert.True(ech.IsInner);
        Assert.Equal(ParseStatus.Unsupported, EncryptedClientHelloView.Parse([2], out _));
        ClientHelloView.Parse(TlsBytes.ClientHello(0x0303, [1], TlsBytes.Extension(0xffce, 1, 2)), isDtls: false,
            out ClientHelloView hello);
        Assert.True(hello.HasEsni);
        Assert.False(hello.HasEch);
        Assert.Equal(ParseStatus.NotParsed, hello.ParseEch(out _));
    }

    [Fact]
    public void Every_prefix_is_truncated_and_no_bytes_make_it_throw()
    {
        TlsBytes.EachPrefix(s_outer, prefix => Assert.Equal(ParseStatus.Truncated, EncryptedClientHelloView.Parse(prefix, out _)));
        TlsBytes.EachChange(s_outer[..16], changed => EncryptedClientHelloView.Parse(changed, out _));
        Gen.Byte.Array[0, 64].Sample(bytes => { EncryptedClientHelloView.Parse(bytes, out _); });
    }
}
