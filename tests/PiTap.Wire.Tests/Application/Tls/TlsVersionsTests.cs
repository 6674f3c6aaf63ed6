using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class TlsVersionsTests
{
    [Theory]
    [InlineData(0x0002, "SSL 2.0")]
    [InlineData(0x0300, "SSL 3.0")]
    [InlineData(0x0301, "TLS 1.0")]
    [InlineData(0x0302, "TLS 1.1")]
    [InlineData(0x0303, "TLS 1.2")]
    [InlineData(0x0304, "TLS 1.3")]
    [InlineData(0x7f1c, "TLS 1.3 draft 28")]
    [InlineData(0xfb17, "TLS 1.3 draft 23")]
    [InlineData(0xfeff, "DTLS 1.0")]
    [InlineData(0x0100, "DTLS 1.0")]
    [InlineData(0xfefd, "DTLS 1.2")]
    [InlineData(0xfefc, "DTLS 1.3")]
    [InlineData(0x0405, "0x0405")]
    [InlineData(0x7fff, "0x7fff")]
    public void A_version_has_its_usual_name(int version, string text) => Assert.Equal(text, TlsVersions.Text((ushort)version));

    [Fact]
    public void GREASE_is_sixteen_values()
    {
        int[] values = Enumerable.Range(0, 65_536).Where(value => TlsVersions.IsGrease((ushort)value)).ToArray();
        Assert.Equal(Enumerable.Range(0, 16).Select(i => 0x0a0a + i * 0x1010), values);
    }

    [Fact]
    public void The_name_of_a_known_version_allocates_nothing() =>
        Assert.Equal(0, HostileBytes.Allocated(() => TlsVersions.Text(TlsVersions.Tls13)));
}
