using PiTap.Wire.Legacy;
using PiTap.Wire.Tests.Application.Tls;

namespace PiTap.Wire.Tests.Legacy;

public sealed class OpenVpnPacketViewTests
{
    private static readonly byte[] s_reset = [7 << 3, .. "session1"u8, 0, 0, 0, 0, 0];
    private static readonly byte[] s_control = [4 << 3, .. "session1"u8, 1, 0, 0, 0, 9, .. "session2"u8, 0, 0, 0, 5, .. "piece"u8];

    [Fact]
    public void A_reset_begins_a_session()
    {
        Assert.Equal(ParseStatus.Ok, OpenVpnPacketView.Parse(s_reset, out OpenVpnPacketView packet));
        Assert.True(packet.IsReset);
        Assert.False(packet.IsServerReset || packet.IsControl);
        Assert.Equal("session1"u8, packet.Session);
        Assert.True(OpenVpnPacketView.IsPlainReset(s_reset));
        Assert.False(OpenVpnPacketView.IsPlainReset([.. s_reset, 0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(28)]
    [InlineData(72)]
    public void A_piece_stands_behind_authentication_and_acknowledgements(int authenticationBytes)
    {
        byte[] bytes = [.. s_control[..9], .. new byte[authenticationBytes], .. s_control[9..]];
        Assert.Equal(ParseStatus.Ok, OpenVpnPacketView.Parse(bytes, out OpenVpnPacketView packet));
        Assert.True(packet.IsControl);
        Assert.True(packet.TryReadPiece(authenticationBytes, out uint number, out ReadOnlySpan<byte> piece));
        Assert.Equal(5u, number);
        Assert.Equal("piece"u8, piece);
    }

    [Fact]
    [Trait("cap", "Wire.OpenVpnPacketView.MaxAcknowledgements")]
    public void More_acknowledgements_than_a_packet_has_are_no_piece()
    {
        byte[] many = [.. s_control[..9], 9, .. new byte[200]];
        Assert.Equal(ParseStatus.Ok, OpenVpnPacketView.Parse(many, out OpenVpnPacketView packet));
        Assert.False(packet.TryReadPiece(0, out _, out _));
    }

    [Fact]
    public void A_prefix_is_truncated_or_has_no_piece() => TlsBytes.EachPrefix(s_control, prefix =>
    {
        if (OpenVpnPacketView.Parse(prefix, out OpenVpnPacketView packet) != ParseStatus.Ok)
            Assert.True(prefix.Length < 9);
        else
            Assert.Equal(prefix.Length >= s_control.Length - "piece".Length, packet.TryReadPiece(0, out _, out _));
    });
}
