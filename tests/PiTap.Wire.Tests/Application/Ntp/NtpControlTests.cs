using PiTap.Wire.Application.Ntp;

namespace PiTap.Wire.Tests.Application.Ntp;

public sealed class NtpControlTests
{
    // A read-variables request, its answer with four bytes of data, and a private request for the list of monitored hosts.
    public static TheoryData<byte[]> Messages() =>
    [
        new byte[] { 0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 },
        new byte[] { 0x16, 0x82, 0, 1, 6, 0x15, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4 },
        new byte[] { 0x17, 0, 3, 42, 0, 0, 0, 0 },
    ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Control_and_private_messages_are_known_by_their_lengths(byte[] message)
    {
        Assert.True(NtpView.IsControl(message));
        Assert.False(NtpView.IsControl(message.AsSpan(0, 7)));
        Assert.False(NtpView.IsControl([0x23, .. message[1..]]));
    }

    [Fact]
    [Trait("cap", "Wire.NtpView.MaxAuthenticatorLength")]
    public void A_control_message_is_as_long_as_it_says()
    {
        Assert.False(NtpView.IsControl([0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9]));
        Assert.False(NtpView.IsControl([0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, .. new byte[40]]));
        Assert.False(NtpView.IsControl([0x17, 0, 9, 42, 0, 0, 0, 0]));
    }
}
