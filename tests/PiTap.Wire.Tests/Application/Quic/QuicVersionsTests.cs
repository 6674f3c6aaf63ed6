using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicVersionsTests
{
    [Theory]
    [InlineData(1u, "v1", true)]
    [InlineData(0x6b3343cfu, "v2", true)]
    [InlineData(0xff00001du, "draft-29", true)]
    [InlineData(0xff000017u, "draft-23", true)]
    [InlineData(0xff000022u, "draft-34", true)]
    [InlineData(0xff000012u, "draft-18", false)]
    [InlineData(0xff000023u, "0xff000023", false)]
    [InlineData(0x51303433u, "Q043", false)]
    [InlineData(0x51303436u, "Q046", false)]
    [InlineData(0x51303530u, "Q050", true)]
    [InlineData(0x54303531u, "T051", true)]
    [InlineData(0xfaceb002u, "0xfaceb002", true)]
    [InlineData(0x1a2a3a4au, "0x1a2a3a4a", true)]
    [InlineData(0u, "0x00000000", false)]
    [InlineData(0x12345678u, "0x12345678", false)]
    [InlineData(0x51303a30u, "0x51303a30", false)]
    public void A_version_has_a_name_and_is_understood_or_not(uint version, string text, bool isSupported)
    {
        Assert.Equal(text, QuicVersions.Text(version));
        Assert.Equal(isSupported, QuicVersions.IsSupported(version));
    }

    [Fact]
    public void The_reserved_versions_are_told_by_their_low_nibbles()
    {
        Assert.True(QuicVersions.IsReserved(0xfafafafa));
        Assert.False(QuicVersions.IsReserved(0xfafafafb));
    }

    [Theory]
    [InlineData(0x51303236u, true, true)]
    [InlineData(0x51303530u, true, true)]
    [InlineData(0x54303530u, true, false)]
    [InlineData(1u, false, false)]
    [InlineData(0x51303233u, false, false)]
    public void Googles_versions_have_googles_hello_unless_they_are_called_t(uint version, bool isGoogle, bool hasGoogleHello)
    {
        Assert.Equal(isGoogle, GquicVersions.IsGoogle(version));
        Assert.Equal(hasGoogleHello, GquicVersions.HasGoogleHello(version));
    }
}
