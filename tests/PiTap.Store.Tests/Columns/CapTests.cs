using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Layout;

namespace PiTap.Store.Tests.Columns;

/// <summary>What a block's own header may claim.</summary>
public sealed class CapTests
{
    private const int MaxRawBytes = 64 << 20;

    [Fact]
    public void A_block_that_unpacks_to_more_than_the_cap_is_refused()
    {
        _ = BlockFrame.Unwrap(BlockFrame.Wrap(new byte[MaxRawBytes]), out int length, out _);
        Assert.Equal(MaxRawBytes, length);
        byte[] larger = BlockFrame.Wrap(new byte[MaxRawBytes + 1]);
        // Little that becomes much: this is what the cap is for.
        Assert.InRange(larger.Length, 1, 1 << 20);
        Assert.Throws<InvalidDataException>(() => BlockFrame.Unwrap(larger, out _, out _));
    }

    [Fact]
    public void A_block_that_claims_millions_of_columns_is_refused_before_there_is_memory_for_them()
    {
        // No rows, no strings, no addresses; then a number of columns, all of them empty.
        byte[] raw = new byte[(16 << 20) + 16];
        raw.AsSpan(3, 4).Fill(0xff);
        raw[6] = 0x07;
        TableSource source = new(raw, raw.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => source.ReadFirst<ContactRecord, ContactSchema>());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
