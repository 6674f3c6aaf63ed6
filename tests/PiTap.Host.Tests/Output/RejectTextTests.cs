using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class RejectTextTests
{
    [Theory]
    [InlineData("truncated", "udp-header", 34, 8, 5, "ipv4-total-length",
        "UDP header at offset 34 asks for 8 bytes, 5 are available up to the IPv4 total length")]
    [InlineData("truncated", "ipv4-header-length", 14, 60, 24, "capture",
        "IPv4 header length at offset 14 asks for 60 bytes, 24 are available")]
    [InlineData("truncated", "ppp-header", 0, 2, 1, "capture", "PPP header at offset 0 asks for 2 bytes, 1 is available")]
    [InlineData("truncated", "raw-ip", 0, 1, 0, "capture", "raw IP at offset 0 asks for 1 byte, 0 are available")]
    [InlineData("malformed", "ipv4-version", 14, 4, 5, "capture", "IPv4 version at offset 14 is 5 and not 4")]
    [InlineData("malformed", "tcp-data-offset", 46, 20, 16, "capture", "TCP data offset at offset 46 says 16, it is 20 or more")]
    [InlineData("malformed", "tag-count", 50, 0, 0, "capture", "tag count is beyond what is looked at")]
    [InlineData("unsupported", "link-type", 0, 0, 0, "capture", "link type is not known")]
    public void A_reason_is_a_sentence(
        string status, string claim, int offset, int required, int available, string bound, string expected) =>
        Assert.Equal(expected, RejectText.Sentence(new RejectRecord
        {
            Layer = "link",
            Status = status,
            Claim = claim,
            Offset = offset,
            Required = required,
            Available = available,
            Bound = bound,
            Source = "a",
        }));
}
