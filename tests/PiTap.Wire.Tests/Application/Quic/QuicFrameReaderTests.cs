using CsCheck;
using PiTap.TestKit;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicFrameReaderTests
{
    [Fact]
    public void Each_allowed_frame_is_read_or_stepped_over()
    {
        byte[] payload =
        [
            0, 0, 0, 1,
            .. new byte[] { 2, 0x41, 0x00, 5, 2, 1, 0, 1, 0, 1 },
            .. new byte[] { 3, 9, 5, 0, 1, 7, 8, 9 },
            .. QuicPacketBuilder.Crypto(700, "abc"u8),
            .. new byte[] { 0x1c, 0x41, 0x28, 6, 2, (byte)'n', (byte)'o' },
            1,
        ];
        QuicFrameReader frames = new(payload, QuicVersions.V1);
        List<QuicFrameKind> kinds = [];
        while (frames.Read())
        {
            kinds.Add(frames.Kind);
            if (frames.Kind == QuicFrameKind.Crypto)
            {
                Assert.Equal(700ul, frames.Offset);
                Assert.Equal("abc"u8.ToArray(), frames.Data.ToArray());
            }
            if (frames.Kind == QuicFrameKind.ConnectionClose)
                Assert.Equal(0x128ul, frames.ErrorCode);
        }
        Assert.False(frames.IsMalformed);
        Assert.Equal(
            [QuicFrameKind.Padding, QuicFrameKind.Ping, QuicFrameKind.Ack, QuicFrameKind.Ack, QuicFrameKind.Crypto,
                QuicFrameKind.ConnectionClose, QuicFrameKind.Ping],
            kinds);
    }

    [Theory]
    [InlineData("08")]
    [InlineData("1d00")]
    [InlineData("06")]
    [InlineData("060005aabb")]
    [InlineData("0600ffffffffffffffff")]
    [InlineData("020000ffffffffffffffff00")]
    [InlineData("0200000200")]
    [InlineData("1c00004001")]
    public void The_walk_ends_at_what_an_initial_may_not_hold(string hex)
    {
        QuicFrameReader frames = new(Convert.FromHexString("01" + hex), QuicVersions.V1);
        Assert.True(frames.Read());
        Assert.False(frames.Read());
        Assert.True(frames.IsMalformed);
        Assert.Equal(QuicFrameKind.None, frames.Kind);
        Assert.False(frames.Read());
    }

    [Fact]
    public void Googles_frames_have_their_own_numbers()
    {
        byte[] payload = [0, 7, 0x64, 9, 0, 0, 1, 1, 5, 0, 6, 2, 1, 1, 1, 1, 1, 1, 1, 1, 8, 0, 2, 0xaa, 0xbb];
        QuicFrameReader frames = new(payload, GquicVersions.Q050);
        Assert.True(frames.Read());
        Assert.True(frames.Read());
        Assert.Equal(QuicFrameKind.Ping, frames.Kind);
        Assert.True(frames.Read());
        Assert.Equal(QuicFrameKind.Ack, frames.Kind);
        Assert.True(frames.Read());
        Assert.Equal(QuicFrameKind.Crypto, frames.Kind);
        Assert.Equal([0xaa, 0xbb], frames.Data.ToArray());
        Assert.False(frames.Read());
    }

    [Fact]
    public void Random_bytes_end_and_never_throw()
    {
        Gen.Select(Gen.OneOf(Gen.Byte[0, 8], Gen.Byte).Array[0, 100], Gen.Bool).Sample((payload, isGoogle) =>
        {
            QuicFrameReader frames = new(payload, isGoogle ? GquicVersions.Q050 : QuicVersions.V1);
            int count = 0;
            while (frames.Read())
            {
                count++;
                Assert.True(frames.Data.Length <= payload.Length);
            }
            Assert.InRange(count, 0, payload.Length);
        });
    }
}
