using PiTap.TestKit;
using PiTap.Wire.Application.Quic;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicInitialDecryptorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_client_initials_of_the_rfcs_are_read(bool isV2)
    {
        using QuicInitialDecryptor decryptor = new();
        byte[] packet = isV2 ? QuicSamples.ClientInitialV2 : QuicSamples.ClientInitial;
        QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view);

        Assert.True(decryptor.TryDecrypt(view, QuicSamples.ClientDestinationId, isFromClient: true, out ReadOnlySpan<byte> payload));
        Assert.Equal(1162, payload.Length);
        QuicFrameReader frames = new(payload, view.Version);
        Assert.True(frames.Read());
        Assert.Equal(QuicFrameKind.Crypto, frames.Kind);
        Assert.Equal(0ul, frames.Offset);
        Assert.Equal(QuicSamples.ClientHello, frames.Data[4..].ToArray());
        Assert.True(frames.Read());
        Assert.Equal(QuicFrameKind.Padding, frames.Kind);
        Assert.False(frames.Read());
        Assert.False(frames.IsMalformed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_server_initials_of_the_rfcs_are_read(bool isV2)
    {
        using QuicInitialDecryptor decryptor = new();
        QuicLongHeaderView.Parse(isV2 ? QuicSamples.ServerInitialV2 : QuicSamples.ServerInitial, out QuicLongHeaderView view);

        Assert.True(decryptor.TryDecrypt(view, QuicSamples.ClientDestinationId, isFromClient: false, out ReadOnlySpan<byte> payload));
        QuicFrameReader frames = new(payload, view.Version);
        Assert.True(frames.Read());
        Assert.Equal(QuicFrameKind.Ack, frames.Kind);
        Assert.True(frames.Read());
        Assert.Equal(QuicSamples.ServerHello, frames.Data[4..].ToArray());
    }

    [Fact]
    public void Wrong_keys_and_changed_bytes_are_refused()
    {
        using QuicInitialDecryptor decryptor = new();
        QuicLongHeaderView.Parse(QuicSamples.ServerInitial, out QuicLongHeaderView server);
        Assert.False(decryptor.TryDecrypt(server, QuicSamples.ClientDestinationId, isFromClient: true, out _));
        Assert.False(decryptor.TryDecrypt(server, QuicSamples.ServerSourceId, isFromClient: false, out _));

        byte[] changed = [.. QuicSamples.ServerInitial];
        for (int i = 0; i < changed.Length; i++)
        {
            changed[i] ^= 0x10;
            if (QuicLongHeaderView.Parse(changed, out QuicLongHeaderView view) == ParseStatus.Ok)
                Assert.False(decryptor.TryDecrypt(view, QuicSamples.ClientDestinationId, isFromClient: false, out _), $"byte {i}");

            changed[i] ^= 0x10;
        }
        Assert.Equal(0, decryptor.DecryptedCount);
        Assert.True(decryptor.FailedCount > 100);
    }

    [Fact]
    public void Every_shorter_prefix_is_refused()
    {
        using QuicInitialDecryptor decryptor = new();
        for (int length = 0; length < QuicSamples.ClientInitial.Length; length++)
        {
            if (QuicLongHeaderView.Parse(QuicSamples.ClientInitial.AsSpan(0, length), out QuicLongHeaderView view) == ParseStatus.Ok)
                Assert.False(decryptor.TryDecrypt(view, QuicSamples.ClientDestinationId, isFromClient: true, out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(19)]
    [InlineData(20)]
    public void A_packet_too_short_for_a_sample_is_refused(int length)
    {
        using QuicInitialDecryptor decryptor = new();
        byte[] packet = [0xc0, 0, 0, 0, 1, 0, 0, 0, (byte)length, .. new byte[length]];
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view));
        Assert.False(decryptor.TryDecrypt(view, [], isFromClient: true, out _));
    }

    [Fact]
    [Trait("cap", "Wire.QuicInitialDecryptor.MaxCachedConnections")]
    [Trait("cap", "Wire.QuicInitialDecryptor.MaxPacketLength")]
    public void It_has_room_for_the_keys_of_256_connections_and_for_one_packet_twice()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        using QuicInitialDecryptor decryptor = new();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 256 * 8 + 2 * 65_527, 256 * 8 + 2 * 65_527 + 500);
    }

    [Fact]
    public void Many_connections_share_the_table_and_all_are_read()
    {
        using QuicInitialDecryptor decryptor = new();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 2 * 256; i++)
            {
                byte[] id = [(byte)i, (byte)(i >> 8), 3, 4, 5, 6, 7, 8];
                byte[] packet = QuicPacketBuilder.Client(id, QuicPacketBuilder.Crypto(0, [(byte)i]));
                QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view);
                Assert.True(decryptor.TryDecrypt(view, id, isFromClient: true, out ReadOnlySpan<byte> payload));
                Assert.Equal((byte)i, payload[3]);
            }
        }
    }

    [Fact]
    public void The_packets_of_a_known_connection_allocate_nothing()
    {
        using QuicInitialDecryptor decryptor = new();
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            QuicLongHeaderView.Parse(QuicSamples.ClientInitial, out QuicLongHeaderView view);
            decryptor.TryDecrypt(view, QuicSamples.ClientDestinationId, isFromClient: true, out _);
        }));
    }
}
