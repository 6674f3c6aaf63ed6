using System.Buffers.Binary;
using LiteDB;
using LiteDB.Engine;
using PiTap.Store.Files;

namespace PiTap.Store.Tests.Files;

/// <summary>
/// What the log and the counting of free pages take for granted of LiteDB's pages, held against the LiteDB that is referenced: another
/// version that lays them out or writes them otherwise fails here, and not in somebody's store.
/// </summary>
public sealed class PageLayoutTests
{
    private const int PageTypeAt = 4;
    private const int PageTypes = 5;

    [Fact]
    public void Each_commit_stands_in_the_log_when_it_returns_in_whole_pages_of_which_the_last_one_confirms()
    {
        using RecordingStream data = new(), log = new();
        using LiteEngine engine = new(new EngineSettings { DataStream = data, LogStream = log });
        engine.Pragma(Pragmas.CHECKPOINT, 0);
        int before = log.Pages.Count;
        HashSet<uint> transactions = [];
        for (int commit = 1; commit <= 20; commit++)
        {
            engine.BeginTrans();
            engine.Insert("c", [Document(commit, 1_000 * commit)], BsonAutoId.Int64);
            Assert.True(engine.Commit());
            List<byte[]> pages = log.Pages[before..];
            before = log.Pages.Count;
            Assert.NotEmpty(pages);
            Assert.True(transactions.Add(Assert.Single(pages.Select(TransactionOf).Distinct())));
            Assert.All(pages[..^1], static page => Assert.Equal(0, page[PageLog.ConfirmedAt]));
            Assert.Equal(1, pages[^1][PageLog.ConfirmedAt]);
        }
        Assert.DoesNotContain(0u, transactions);
        Assert.True(log.IsInOrder);
    }

    [Fact]
    public void A_rolled_back_transaction_confirms_nothing()
    {
        using RecordingStream data = new(), log = new();
        using LiteEngine engine = new(new EngineSettings { DataStream = data, LogStream = log });
        engine.Pragma(Pragmas.CHECKPOINT, 0);
        int before = log.Pages.Count;
        engine.BeginTrans();
        engine.Insert("c", [Document(1, 5_000)], BsonAutoId.Int64);
        engine.Rollback();
        // What it gives back of its new pages is a commit of its own; none of the document's pages is among the confirmed.
        Assert.DoesNotContain(log.Pages[before..],
            static page => page[PageLog.ConfirmedAt] != 0 && page.AsSpan().IndexOf("xxxxxxxxxxxx"u8) >= 0);
    }

    [Fact]
    public void A_checkpoint_writes_whole_pages_to_their_places_and_empties_the_log()
    {
        using RecordingStream data = new(), log = new();
        using LiteEngine engine = new(new EngineSettings { DataStream = data, LogStream = log });
        engine.Pragma(Pragmas.CHECKPOINT, 0);
        engine.Insert("c", [Document(1, 100_000)], BsonAutoId.Int64);
        engine.Checkpoint();
        Assert.Equal(0, log.Length);
        Assert.Equal(data.Pages.Count, (int)LastPageOf(data) + 1);
        Assert.All(data.Pages.Select(static (page, id) => (Id: BinaryPrimitives.ReadUInt32LittleEndian(page), Place: (uint)id)),
            static page => Assert.Equal(page.Place, page.Id));
        Assert.Equal("** This is a LiteDB file **"u8, data.Pages[0].AsSpan(32, 27));
    }

    [Fact]
    public void Free_pages_are_a_chain_that_begins_in_the_header()
    {
        using RecordingStream data = new(), log = new();
        using LiteEngine engine = new(new EngineSettings { DataStream = data, LogStream = log });
        engine.Pragma(Pragmas.CHECKPOINT, 0);
        engine.Insert("c", Enumerable.Range(1, 10).Select(static id => Document(id, 40_000)), BsonAutoId.Int64);
        engine.Checkpoint();
        Assert.Equal(uint.MaxValue, NextAt(data.Pages[0], StoreEngine.FreeListAt));
        engine.Delete("c", Enumerable.Range(1, 9).Select(static id => new BsonValue(id)));
        engine.Checkpoint();
        HashSet<uint> free = [];
        uint next = NextAt(data.Pages[0], StoreEngine.FreeListAt);
        while (next != uint.MaxValue)
        {
            Assert.True(free.Add(next));
            Assert.Equal(0, data.Pages[(int)next][PageTypeAt]);
            next = NextAt(data.Pages[(int)next], StoreEngine.NextPageAt);
        }
        Assert.InRange(free.Count, 9 * 40_000 / DataFile.PageBytes, 9 * 40_000 / DataFile.PageBytes + 20);
        Assert.All(data.Pages.Where((_, id) => !free.Contains((uint)id)), static page => Assert.InRange(page[PageTypeAt], 1, PageTypes));
    }

    private static BsonDocument Document(int id, int length) => new() { ["_id"] = id, ["text"] = new string('x', length) };

    private static uint TransactionOf(byte[] page) => BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(PageLog.TransactionAt));

    private static uint NextAt(byte[] page, int at) => BinaryPrimitives.ReadUInt32LittleEndian(page.AsSpan(at));

    private static uint LastPageOf(RecordingStream data) => NextAt(data.Pages[0], StoreEngine.LastPageAt);

    /// <summary>
    /// A file in memory that takes whole pages at their places and nothing else, as <see cref="DataFile"/> and <see cref="PageLog"/> do.
    /// </summary>
    private sealed class RecordingStream : Stream
    {
        public List<byte[]> Pages { get; } = [];

        /// <summary>True while each page was written behind the one before.</summary>
        public bool IsInOrder { get; private set; } = true;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => Pages.Count * (long)DataFile.PageBytes;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Pages[Place(count)].CopyTo(buffer, offset);
            Position += count;
            return count;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            int place = Place(count);
            IsInOrder &= place == Pages.Count;
            while (Pages.Count <= place)
                Pages.Add(new byte[DataFile.PageBytes]);
            buffer.AsSpan(offset, count).CopyTo(Pages[place]);
            Position += count;
        }

        public override void SetLength(long value)
        {
            int pages = (int)(value / DataFile.PageBytes);
            Pages.RemoveRange(pages, Pages.Count - pages);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        private int Place(int count)
        {
            Assert.Equal((0, DataFile.PageBytes), (Position % DataFile.PageBytes, count));
            return (int)(Position / DataFile.PageBytes);
        }
    }
}
