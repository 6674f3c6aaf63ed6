using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicClassifierTests
{
    [Fact]
    public void Handshake_packets_of_known_versions_are_claimed()
    {
        Assert.True(QuicClassifier.LooksLike(QuicSamples.ClientInitial));
        Assert.True(QuicClassifier.LooksLike(QuicSamples.ServerInitialV2));
        Assert.True(QuicClassifier.LooksLike(QuicSamples.Retry));
        Assert.True(QuicClassifier.LooksLike([0x80, 0, 0, 0, 0, 0, 2, 1, 2, 0x1a, 0x2a, 0x3a, 0x4a, 0, 0, 0, 1]));
    }

    [Fact]
    public void A_cleared_fixed_bit_and_a_reserved_version_are_believed_of_a_first_initial_only()
    {
        byte[] cleared = [.. QuicSamples.ClientInitial];
        cleared[0] &= 0xbf;
        Assert.True(QuicClassifier.LooksLike(cleared));
        Assert.False(QuicClassifier.LooksLike(cleared.AsSpan(0, 600)));
        byte[] server = [.. QuicSamples.ServerInitial];
        server[0] &= 0xbf;
        Assert.False(QuicClassifier.LooksLike(server));
    }

    [Theory]
    [InlineData("")]
    [InlineData("40112233445566778899")]
    [InlineData("c01234567801020304050607080900")]
    [InlineData("c00000000115")]
    [InlineData("c00000000100000005aabbccddee")]
    [InlineData("8000000000000000000001")]
    [InlineData("80000000000101001234567823456789")]
    [InlineData("800000000001010000000001ff")]
    [InlineData("80c8000100000000dba95dbe")]
    public void Other_datagrams_are_not_claimed(string hex)
    {
        Assert.False(QuicClassifier.LooksLike(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Random_datagrams_are_not_claimed()
    {
        Random random = new(20_000);
        byte[] datagram = new byte[1250];
        for (int i = 0; i < 200_000; i++)
        {
            Span<byte> bytes = datagram.AsSpan(0, random.Next(1, i % 64 == 0 ? datagram.Length : 64));
            random.NextBytes(bytes);
            Assert.False(QuicClassifier.LooksLike(bytes)
                && !QuicVersions.IsReserved(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[1..])));
            Assert.NotEqual(ParseStatus.Ok, GquicView.Parse(bytes, out _));
        }
    }
}
