using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Columns;
using PiTap.Store.Files;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Blocks;

/// <summary>How much of a store is in memory and how large its parts are, as numbers: a cap that is raised fails here.</summary>
public sealed class BlockCapTests
{
    private const int MiB = 1 << 20;

    [Fact]
    [Trait("cap", "Store.BlockMerge.MaxOpenBlocks")]
    public void Of_blocks_that_are_all_due_twenty_four_are_in_memory()
    {
        // Each has one row at the beginning and one at the end.
        const int blocks = 40;
        StoredRow<FlowRecord>[][] stored = [.. Enumerable.Range(0, blocks).Select(static b => (StoredRow<FlowRecord>[])
            [new(1, Samples.Flow(2 * b + 1, startNs: b)), new(1, Samples.Flow(2 * b + 2, startNs: Samples.Epoch + b))])];
        int reads = 0;
        BlockMerge<FlowRecord> merge = new(new FlowBlock(), head =>
        {
            reads++;
            return stored[head.Id];
        }, () => Assert.Fail("damaged"));
        BlockHead[] heads = [.. Enumerable.Range(0, blocks).Select(static b => new BlockHead(b, 2, b, 0, 0, 0))];
        Assert.Equal(2 * blocks, merge.Rows(heads, []).Count());
        // Those that were let go are read again.
        Assert.Equal(blocks + blocks - 24, reads);
    }

    [Fact]
    [Trait("cap", "Store.BlockTable.MaxBlockBytes")]
    public void A_block_is_stored_with_at_most_four_mebibytes()
    {
        List<EncodedBlock> blocks = [];
        Assert.Equal(0, BlockTable<FlowRecord>.Encode(new FlowBlock(), [Large(1, 3 * MiB), Large(2, 3 * MiB)], blocks));
        Assert.Equal([1, 1], blocks.Select(static block => block.Rows));
        Assert.All(blocks, static block => Assert.InRange(block.Bytes.Length, 2 * MiB, 4 * MiB));
    }

    [Fact]
    [Trait("cap", "Store.BlockTable.MaxRecordBytes")]
    public void Of_a_record_of_more_than_eight_mebibytes_a_part_is_left_out()
    {
        List<EncodedBlock> blocks = [];
        Assert.Equal(1, BlockTable<FlowRecord>.Encode(new FlowBlock(), [Large(1, 12 * MiB)], blocks));
        Assert.InRange(Assert.Single(blocks).Bytes.Length, 2 * MiB, 8 * MiB);
    }

    [Fact]
    [Trait("cap", "Store.BlockTable.MaxRetiredBytes")]
    public void Of_blocks_that_are_deleted_under_a_reader_64_mebibytes_are_kept_for_it()
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        BlockTable<FlowRecord> table = new("flows", new FlowBlock());
        long id = 0;
        List<EncodedBlock> blocks = [];
        for (int i = 1; i <= 3; i++)
            BlockTable<FlowRecord>.Encode(new FlowBlock(), [new(1, Samples.Flow(i))], blocks);
        table.Append(engine, blocks, [], () => ++id, 0);
        List<BlockHead> heads = table.Pin(engine, StoreQuery.All);
        // As if they were large.
        table.Delete(engine, heads[0] with { Bytes = 60 * MiB });
        table.Delete(engine, heads[1] with { Bytes = 4 * MiB });
        table.Delete(engine, heads[2]);
        Assert.Equal([true, true, false], heads.Select(head => table.TryRead(engine, head) is not null));
        table.Unpin(engine);
        Assert.Null(table.TryRead(engine, heads[0]));
    }

    [Fact]
    [Trait("cap", "Store.PageLog.MaxPooledPages")]
    public void A_log_that_is_emptied_keeps_room_for_512_pages()
    {
        const int pages = 1_000, pageBytes = 8_192;
        using PageLog log = PageLog.InMemory();
        byte[] page = new byte[pageBytes];
        for (int i = 0; i < pages; i++)
            log.Write(page, 0, pageBytes);
        log.SetLength(0);
        log.Position = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < pages; i++)
            log.Write(page, 0, pageBytes);
        // The others anew, each with the head of an array.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, (pages - 512) * pageBytes, (pages - 512) * (pageBytes + 100));
    }

    [Fact]
    [Trait("cap", "Store.TableSource.MaxRows")]
    public void A_block_that_claims_more_than_65_thousand_rows_is_refused()
    {
        ColumnWriter writer = new();
        writer.UInt(65_537);
        byte[] raw = [.. writer.Written, .. new byte[1_000]];
        Assert.Equal("The block has too many rows.", Assert.Throws<InvalidDataException>(() => new TableSource(raw, raw.Length)).Message);
    }

    /// <summary>A flow whose requests are so many random bytes, which nothing makes shorter.</summary>
    private static StoredRow<FlowRecord> Large(int sequence, int bytes)
    {
        byte[] random = new byte[1_500];
        Random source = new(sequence);
        List<HttpRequest> requests = [];
        for (int i = 0; i < bytes / 1_500; i++)
        {
            source.NextBytes(random);
            requests.Add(new HttpRequest("a.example", "GET", Convert.ToBase64String(random), null, null));
        }
        return new(1, Samples.Flow(sequence) with { Http = requests });
    }
}
