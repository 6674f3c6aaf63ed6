namespace PiTap.Export.Tests;

public sealed class DnsTextTests
{
    [Theory]
    [InlineData(1, "A")]
    [InlineData(28, "AAAA")]
    [InlineData(65, "HTTPS")]
    [InlineData(255, "ANY")]
    [InlineData(0, "TYPE0")]
    [InlineData(65535, "TYPE65535")]
    public void A_type_has_a_text(int type, string text) => Assert.Equal(text, DnsText.Type((ushort)type));

    [Theory]
    [InlineData(null, null)]
    [InlineData(0, "NOERROR")]
    [InlineData(3, "NXDOMAIN")]
    [InlineData(23, "BADCOOKIE")]
    [InlineData(12, "RCODE12")]
    public void A_response_code_has_a_text(int? code, string? text) => Assert.Equal(text, DnsText.ResponseCode(code));
}
