using PiTap.Store.Columns;

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
        // A hundred bytes would become gigabytes.
        Assert.InRange(larger.Length, 1, 4_096);
        Assert.Throws<InvalidDataException>(() => BlockFrame.Unwrap(larger, out _, out _));
    }
}
