using PiTap.TestKit;
using PiTap.Wire.Application.Ntp;

namespace PiTap.Wire.Tests.Application.Ntp;

public sealed class NtpViewTests
{
    [Theory]
    [InlineData(0x23, 0, 4, 3)]
    [InlineData(0x1c, 2, 3, 4)]
    [InlineData(0x25, 16, 4, 5)]
    [InlineData(0xd9, 1, 3, 1)]
    public void Version_mode_and_stratum_are_read(byte first, byte stratum, int version, int mode)
    {
        Assert.Equal(ParseStatus.Ok, NtpView.Parse(TunnelBytes.Ntp(first, stratum), out NtpView ntp));
        Assert.Equal((version, mode, stratum), (ntp.Version, ntp.Mode, ntp.Stratum));
    }

    [Theory]
    [InlineData(0x03)]
    [InlineData(0x2b)]
    [InlineData(0x20)]
    [Trait("cap", "Wire.NtpView.MaxVersion")]
    public void Versions_and_modes_that_do_not_exist_are_refused(byte first) =>
        Assert.Equal(ParseStatus.Malformed, NtpView.Parse(TunnelBytes.Ntp(first), out _));

    [Theory]
    [InlineData(0x26)]
    [InlineData(0x17)]
    public void Control_and_private_messages_are_not_looked_into(byte first) =>
        Assert.Equal(ParseStatus.Unsupported, NtpView.Parse([first, 2], out _));

    [Fact]
    public void Every_shorter_packet_is_truncated()
    {
        byte[] packet = TunnelBytes.Ntp();
        for (int length = 0; length < packet.Length; length++)
            Assert.Equal(ParseStatus.Truncated, NtpView.Parse(packet.AsSpan(0, length), out _));
    }

    [Fact]
    public void An_authenticator_may_follow_but_no_odd_bytes()
    {
        Assert.Equal(ParseStatus.Ok, NtpView.Parse([.. TunnelBytes.Ntp(), .. new byte[20]], out _));
        Assert.Equal(ParseStatus.Malformed, NtpView.Parse([.. TunnelBytes.Ntp(), 1], out _));
    }

    [Theory]
    [InlineData(1, 17)]
    [InlineData(4, 1)]
    [InlineData(8, 1)]
    [Trait("cap", "Wire.NtpView.MaxStratum")]
    public void Values_that_no_clock_sends_are_refused(int offset, byte value)
    {
        byte[] packet = TunnelBytes.Ntp();
        packet[offset] = value;
        Assert.Equal(ParseStatus.Malformed, NtpView.Parse(packet, out _));
    }

    [Fact]
    public void Random_bytes_hardly_pass()
    {
        Random random = new(1);
        byte[] packet = new byte[48];
        int passed = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            random.NextBytes(packet);
            passed += NtpView.Parse(packet, out _) == ParseStatus.Ok ? 1 : 0;
        }
        Assert.InRange(passed, 0, 10);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] packet = TunnelBytes.Ntp();
        Assert.Equal(0, HostileBytes.Allocated(() => NtpView.Parse(packet, out _)));
    }
}
