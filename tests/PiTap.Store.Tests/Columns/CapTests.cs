using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Columns;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Columns;

/// <summary>What a block's own header may claim.</summary>
public sealed class CapTests
{
    private const int MaxRawBytes = 64 << 20;

    [Fact]
    [Trait("cap", "Store.BlockFrame.MaxRawBytes")]
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
    [Trait("cap", "Store.TableSource.MaxColumns")]
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

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    [Trait("cap", "Store.TableSource.MaxColumns")]
    public void A_table_has_so_many_columns(uint columns, bool isRead)
    {
        byte[] raw = Bytes(0, 0, 0, columns);
        TableSource source = new(raw, raw.Length);
        Exception? failure = Record.Exception(() => Assert.Empty(source.ReadFirst<ContactRecord, ContactSchema>()));
        Assert.Equal(isRead ? null : "The block has too many columns.", failure?.Message);
    }

    private static void AssertRefusedAtOnce(Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>Varints, and as many zeros as it takes to make any count of theirs look honest.</summary>
    private static byte[] Bytes(params ReadOnlySpan<uint> numbers)
    {
        ColumnWriter writer = new();
        foreach (uint number in numbers)
            writer.UInt(number);
        return [.. writer.Written, .. new byte[32 << 20]];
    }

    [Fact]
    [Trait("cap", "Store.TableSource.MaxStrings")]
    public void A_block_that_claims_millions_of_strings_is_refused_before_there_is_memory_for_them()
    {
        byte[] raw = Bytes(0, 30_000_000);
        AssertRefusedAtOnce(() => _ = new TableSource(raw, raw.Length));
    }

    [Fact]
    [Trait("cap", "Store.TableSource.MaxAddresses")]
    public void A_block_that_claims_millions_of_addresses_is_refused_before_there_is_memory_for_them()
    {
        byte[] raw = Bytes(0, 0, 15_000_000);
        AssertRefusedAtOnce(() => _ = new TableSource(raw, raw.Length));
        // As many as are allowed, and half of the bytes for them.
        byte[] few = [.. Bytes(0, 0, 1_000_000).AsSpan(0, 1_500_000)];
        AssertRefusedAtOnce(() => _ = new TableSource(few, few.Length));
    }

    [Fact]
    public void A_block_that_claims_more_rows_than_there_are_values_is_refused()
    {
        // Rows without columns; and rows with a column that is too short for them.
        byte[] none = Bytes(60_000, 0, 0, 0), few = Bytes(60_000, 0, 0, 1, 50_000);
        AssertRefusedAtOnce(() => new TableSource(none, none.Length).ReadFirst<ContactRecord, ContactSchema>());
        AssertRefusedAtOnce(() => new TableSource(few, few.Length).ReadFirst<ContactRecord, ContactSchema>());
    }

    private readonly record struct Row(IReadOnlyList<int> Numbers);

    private readonly struct RowSchema : IRowSchema<Row>
    {
        public static Row Blank => new([]);

        public static int FormatOneColumns => 1;

        public static Row Visit<TColumns>(TColumns columns, Row row)
            where TColumns : struct, IColumns => new(columns.List<int, NumberItem>("numbers", row.Numbers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("cap", "Store.TableSource.MaxItems")]
    public void A_list_that_claims_millions_of_items_is_refused_before_there_is_memory_for_them(bool hasColumn)
    {
        const uint items = 10_000_000, length = 20_000_000;
        // One row, no strings, no addresses, one column, which holds the list's count and behind it the items' table.
        byte[] raw = hasColumn ? Bytes(1, 0, 0, 1, length, items, 1, items) : Bytes(1, 0, 0, 1, length, items, 0);
        AssertRefusedAtOnce(() => new TableSource(raw, raw.Length).ReadFirst<Row, RowSchema>());
    }

    [Fact]
    public void What_a_reader_would_refuse_is_not_written_as_one_block()
    {
        string[] aliases = [.. Enumerable.Repeat("a.example", TableSource.MaxItems / 3)];
        StoredRow<FlowRecord>[] rows =
            [.. Enumerable.Range(1, 4).Select(i => new StoredRow<FlowRecord>(1, Samples.Flow(i) with { HostAliases = aliases }))];
        List<EncodedBlock> blocks = [];
        BlockTable<FlowRecord>.Encode(new FlowBlock(), rows, blocks);
        Assert.Equal([2, 2], blocks.Select(static block => block.Rows));
        IEnumerable<StoredRow<FlowRecord>> read = blocks.SelectMany(static block => new FlowBlock().Decode(block.Bytes));
        Assert.Equal([1L, 2, 3, 4], read.Select(static row => row.Record.Sequence));
        ContactAddress[] addresses =
            [.. Enumerable.Range(0, TableSource.MaxItems / 3).Select(static i => new ContactAddress(IpAddress.FromV4((uint)i), 1))];
        ContactRecord[] contacts =
            [.. Enumerable.Range(1, 4).Select(i => Samples.Contact($"{i}.example", i) with { Addresses = addresses })];
        byte[][] parts = [.. new TotalsPart(contacts, [], []).Encode(new TotalsEncoder())];
        Assert.Equal(2, parts.Length);
        IEnumerable<ContactRecord> totals = parts.SelectMany(static part => TotalsPart.Decode(part).Contacts);
        Assert.Equal([1L, 2, 3, 4], totals.Select(static contact => contact.Flows));
    }
}
