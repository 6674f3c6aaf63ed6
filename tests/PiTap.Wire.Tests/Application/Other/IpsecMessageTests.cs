using PiTap.TestKit;
using PiTap.Wire.Application.Other;

namespace PiTap.Wire.Tests.Application.Other;

public sealed class IpsecMessageTests
{
    [Fact]
    public void IKE_of_both_versions_is_told_with_who_sent_it()
    {
        byte[] request = TunnelBytes.Ike();
        Assert.True(IpsecMessages.IsIke(request));
        Assert.Equal((false, (bool?)true), (IpsecMessages.IsAnswer(request), IpsecMessages.IsFromInitiator(request)));
        byte[] answer = TunnelBytes.Ike(flags: 0x20, responder: 9);
        Assert.True(IpsecMessages.IsIke(answer) && IpsecMessages.IsAnswer(answer));
        Assert.False(IpsecMessages.IsFromInitiator(answer));
        byte[] old = TunnelBytes.Ike(0x10, exchange: 2, flags: 0);
        Assert.True(IpsecMessages.IsIke(old) && !IpsecMessages.IsAnswer(old));
        Assert.Null(IpsecMessages.IsFromInitiator(old));
        Assert.True(IpsecMessages.IsAnswer(TunnelBytes.Ike(0x10, exchange: 2, flags: 0, responder: 9)));
        // Cut by the capture, down to the header.
        Assert.True(IpsecMessages.IsIke(request.AsSpan(..28)));
    }

    [Theory]
    [InlineData(17, 0x30)]
    [InlineData(18, 1)]
    [InlineData(18, 60)]
    [InlineData(19, 0x01)]
    [InlineData(27, 20)]
    public void What_contradicts_IKE_is_none(int offset, byte value)
    {
        byte[] message = TunnelBytes.Ike();
        message[offset] = value;
        Assert.False(IpsecMessages.IsIke(message));
    }

    [Fact]
    public void ESP_has_a_number_of_its_own_and_ends_at_a_multiple_of_four()
    {
        Assert.True(IpsecMessages.IsEsp(TunnelBytes.Esp(), isWhole: true));
        Assert.False(IpsecMessages.IsEsp(TunnelBytes.Esp(bodyLength: 47), isWhole: true));
        Assert.True(IpsecMessages.IsEsp(TunnelBytes.Esp(bodyLength: 47), isWhole: false));
        Assert.False(IpsecMessages.IsEsp(TunnelBytes.Esp(association: 255), isWhole: true));
        Assert.False(IpsecMessages.IsEsp(TunnelBytes.Esp(sequence: 0), isWhole: true));
        Assert.False(IpsecMessages.IsEsp(TunnelBytes.Esp(bodyLength: 8), isWhole: true));
    }

    [Fact]
    public void Any_bytes_are_survived_and_nothing_is_allocated()
    {
        byte[] sample = TunnelBytes.Ike();
        static void Read(byte[] bytes)
        {
            if (IpsecMessages.IsIke(bytes))
                HostileBytes.Require((IpsecMessages.IsFromInitiator(bytes) is null) == (bytes[17] == 0x10), "another version");
            IpsecMessages.IsEsp(bytes, isWhole: true);
            IpsecMessages.HasMarker(bytes);
            IpsecMessages.IsKeepalive(bytes);
        }
        HostileBytes.EveryPrefix(sample, Read);
        HostileBytes.EveryByteChange(sample, Read);
        HostileBytes.Random(sample, Read);
        Assert.Equal(0, HostileBytes.Allocated(() => Read(sample)));
    }
}
