using CsCheck;
using PiTap.TestKit;
using PiTap.Wire.Application.Quic;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicCryptoBufferTests
{
    [Fact]
    public void Pieces_in_any_order_and_overlapping_give_the_stream()
    {
        byte[] whole = QuicPacketBuilder.Message(1, 3000);
        Gen<(int Start, int Length)> piece = Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Int[1, 900]);
        piece.Array[1, 60].Sample(pieces =>
        {
            QuicCryptoBuffer stream = new();
            bool[] known = new bool[whole.Length];
            foreach ((int start, int length) in pieces)
            {
                int end = Math.Min(whole.Length, start + length);
                stream.TryAdd((ulong)start, whole.AsSpan(start..end));
                known.AsSpan(start..end).Fill(true);
                int prefix = Array.IndexOf(known, false);
                Assert.True(stream.Prefix.SequenceEqual(whole.AsSpan(0, prefix < 0 ? whole.Length : prefix)));
            }
            Assert.Equal(0, stream.DroppedCount);
            stream.Reset();
            Assert.False(stream.HasBuffer);
        });
    }

    [Fact]
    public void Bytes_that_were_contiguous_are_not_changed()
    {
        QuicCryptoBuffer stream = new();
        Assert.True(stream.TryAdd(0, "hello"u8));
        Assert.True(stream.TryAdd(2, "XXXXX"u8));
        Assert.Equal("helloXX"u8.ToArray(), stream.Prefix.ToArray());
        Assert.False(stream.TryAdd(0, "HELLO"u8));
        Assert.False(stream.TryAdd(7, default));
    }

    [Fact]
    [Trait("cap", "Wire.QuicCryptoBuffer.MaxStreamBytes")]
    [Trait("cap", "Wire.QuicCryptoBuffer.MaxAheadBytes")]
    [Trait("cap", "Wire.QuicCryptoBuffer.MaxIslands")]
    public void The_caps_hold()
    {
        QuicCryptoBuffer stream = new();
        Assert.False(stream.TryAdd(16_384 + 1, "x"u8));
        Assert.False(stream.TryAdd(ulong.MaxValue >> 2, "x"u8));
        Assert.False(stream.HasBuffer);
        Assert.Equal(2, stream.DroppedCount);
        for (int i = 0; i < 64; i++)
            Assert.True(stream.TryAdd((ulong)(2 + (i * 2)), "x"u8));

        Assert.False(stream.TryAdd(2 + (64 * 2), "x"u8));
        Assert.True(stream.TryAdd(0, new byte[2 * 64]));

        int added = 0;
        byte[] piece = new byte[1000];
        QuicCryptoBuffer full = new();
        while (full.TryAdd((ulong)added, piece))
            added += piece.Length;

        Assert.Equal(65_000, added);
        Assert.Equal(65_000, full.Prefix.Length);
        full.Reset();
    }

    [Fact]
    public void Advancing_goes_on_behind_the_message_without_a_buffer()
    {
        QuicCryptoBuffer stream = new();
        stream.TryAdd(0, "first"u8);
        stream.Advance(5);
        Assert.False(stream.HasBuffer);
        Assert.True(stream.Prefix.IsEmpty);
        Assert.False(stream.TryAdd(0, "first"u8));
        Assert.True(stream.TryAdd(3, "stsecond"u8));
        Assert.Equal("second"u8.ToArray(), stream.Prefix.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Advance(7));
    }

    [Fact]
    public void Random_offsets_never_throw()
    {
        Gen.Select(Gen.OneOf(Gen.ULong, Gen.ULong[0, 70_000]), Gen.Byte.Array[0, 1500]).Array[1, 80].Sample(pieces =>
        {
            QuicCryptoBuffer stream = new();
            foreach ((ulong offset, byte[] data) in pieces)
            {
                stream.TryAdd(offset, data);
                Assert.InRange(stream.Prefix.Length, 0, QuicCryptoBuffer.MaxStreamBytes);
            }
            stream.Release();
        });
    }
}
