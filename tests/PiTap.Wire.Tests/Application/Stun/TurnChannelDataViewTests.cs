using CsCheck;
using PiTap.Wire.Application.Stun;

namespace PiTap.Wire.Tests.Application.Stun;

public sealed class TurnChannelDataViewTests
{
    private static readonly byte[] s_message = [0x40, 0x01, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0];

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(12)]
    public void In_a_datagram_the_padding_may_be_left_out(int length)
    {
        Assert.Equal(ParseStatus.Ok, TurnChannelDataView.Parse(s_message.AsSpan(0, length), out TurnChannelDataView view));
        Assert.Equal(0x4001, view.Channel);
        Assert.Equal([1, 2, 3, 4, 5], view.Data.ToArray());
    }

    [Fact]
    [Trait("cap", "Wire.TurnChannelDataView.MaxPadding")]
    public void A_datagram_with_more_behind_it_is_none() =>
        Assert.Equal(ParseStatus.Malformed, TurnChannelDataView.Parse([.. s_message, 9], out _));

    [Theory]
    [InlineData(0x3f)]
    [InlineData(0x50)]
    public void Other_channels_are_none(byte first) =>
        Assert.Equal(ParseStatus.Malformed, TurnChannelDataView.Parse([first, .. s_message[1..]], out _));

    [Fact]
    public void A_message_that_is_cut_is_truncated() =>
        ByteSweep.EachPrefix(s_message[..9], prefix => Assert.Equal(ParseStatus.Truncated, TurnChannelDataView.Parse(prefix, out _)));

    [Fact]
    public void No_bytes_make_it_throw() =>
        Gen.Byte.Array[0, 40].Sample(bytes =>
        {
            bytes = [0x40, .. bytes];
            if (TurnChannelDataView.Parse(bytes, out TurnChannelDataView view) == ParseStatus.Ok)
                Assert.True(view.Data.Length + 4 <= bytes.Length && bytes.Length <= view.Data.Length + 7);
        });

    [Fact]
    public void Reading_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(() => TurnChannelDataView.Parse(s_message, out _)));
}
