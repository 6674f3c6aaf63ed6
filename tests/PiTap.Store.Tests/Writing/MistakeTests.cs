using System.Collections.Concurrent;
using System.Diagnostics;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.Opening;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Writing;

/// <summary>A mistake of the program's is no damage: it is told as an error, and the store stays where it is, as it was.</summary>
public sealed class MistakeTests
{
#pragma warning disable CA2201 // What the runtime throws is what is to be told apart.
    public static TheoryData<Exception> Mistakes => new()
    {
        new NullReferenceException("m"), new InvalidCastException("m"), new ArgumentException("m"), new InvalidOperationException("m"),
        new IndexOutOfRangeException("m"), new KeyNotFoundException("m"), new NotSupportedException("m"),
    };
#pragma warning restore CA2201

    public static TheoryData<Exception> Damage => new()
    {
        new StoreDamagedException("d"), new InvalidDataException("d"), new LiteException(0, "d"),
    };

    private static void Write(TempFolder folder)
    {
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        store.Write(Samples.Batch(1, 500));
        Assert.True(store.CompleteRun().IsWhole);
    }

    private static void AssertUntouched(TempFolder folder)
    {
        Assert.Empty(SetAsideFiles.Of(folder.Store));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(500, reader.Flows(StoreQuery.All).Count());
    }

    private static StoreKeeper Keep(TempFolder folder, ConcurrentQueue<string> notices)
    {
        StoreOpening opening = new(folder.Store, TimeProvider.System, Migrations.All, Schema.Version);
        return new StoreKeeper(opening, opening.Open(), folder.Store, notices.Enqueue);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_comes_out_as_it_is_and_the_store_stays(Exception mistake)
    {
        using TempFolder folder = new();
        Write(folder);
        ConcurrentQueue<string> notices = [];
        StoreKeeper keeper = Keep(folder, notices);
        Assert.Same(mistake, Assert.Throws(mistake.GetType(), () => { _ = keeper.Run(_ => throw mistake); }));
        // In making a document that LiteDB asks for, too.
        IEnumerable<BsonDocument> documents = Enumerable.Range(0, 2).Select<int, BsonDocument>(_ => throw mistake);
        Assert.Same(mistake, Assert.Throws(mistake.GetType(),
            () => { _ = keeper.Run(state => state.Engine.Transact(() => state.Engine.Insert(Schema.Runs, documents))); }));
        Assert.Null(keeper.Run(static state => state.Fold(null, 1)));
        Assert.Equal(0, keeper.Replaced);
        Assert.Empty(notices);
        keeper.Close();
        AssertUntouched(folder);
    }

    [Theory]
    [MemberData(nameof(Damage))]
    public void Damage_that_stays_costs_the_store_its_place(Exception damage)
    {
        using TempFolder folder = new();
        Write(folder);
        ConcurrentQueue<string> notices = [];
        StoreKeeper keeper = Keep(folder, notices);
        int left = 2;
        Assert.Null(keeper.Run(_ =>
        {
            if (left-- > 0)
                throw damage;
        }));
        Assert.Equal(1, keeper.Replaced);
        Assert.Contains("was damaged", Assert.Single(notices), StringComparison.Ordinal);
        keeper.Close();
        Assert.Single(SetAsideFiles.Of(folder.Store));
    }

    [Fact]
    public void A_run_that_cannot_be_written_down_is_refused_and_the_next_one_begins()
    {
        using TempFolder folder = new();
        Write(folder);
        ConcurrentQueue<string> notices = [];
        using (RecordStore store = folder.Open(notice: notices.Enqueue))
        {
            // LiteDB's own refusal of a document, which a fresh store has as well.
            StoreException refusal = Assert.Throws<StoreException>(() => store.BeginRun(new string('m', 20_000_000), "1"));
            Assert.Contains("takes no new run: Document size exceed", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(2, store.BeginRun("live", "1"));
            Assert.True(store.CompleteRun().IsWhole);
        }
        Assert.Empty(notices);
        AssertUntouched(folder);
    }

    [Fact]
    public void A_mistake_in_retention_ends_the_writer_with_its_sentence_and_costs_nothing()
    {
        using TempFolder folder = new();
        Write(folder);
        ConcurrentQueue<string> notices = [];
        using (RecordStore store = folder.Open(new BrokenClock(), notice: notices.Enqueue, retainDays: 30))
            Assert.Throws<StoreException>(() => store.BeginRun("replay", "1"));
        Assert.Equal($"The store {folder.Store} is no longer written: the clock broke", Assert.Single(notices));
        AssertUntouched(folder);
    }

    /// <summary>Breaks whenever the writer's thread asks, which it does first for retention, but not where the store is opened.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Thread.CurrentThread.Name == "store-writer"
            && !new StackTrace().GetFrames().Any(static frame => frame.GetMethod()?.DeclaringType == typeof(StoreOpening))
            ? throw new InvalidOperationException("the clock broke")
            : base.GetUtcNow();
    }

    [Fact]
    public void A_field_of_another_kind_is_damage_wherever_it_is_read()
    {
        BsonDocument document = new() { ["text"] = 1, ["number"] = "x", ["none"] = BsonValue.Null };
        foreach (Action read in (Action[])
        [
            () => document.Text("text"), () => document.Text("none"), () => document.Int("number"), () => document.Long("none"),
            () => document.Flag("text"), () => document.Bytes("text"), () => document.List("number"), () => document.Int("missing"),
            () => document.TextOrNull("text"),
        ])
        {
            Assert.True(StoreDamagedException.Is(Assert.Throws<InvalidDataException>(read)));
        }
        Assert.Null(document.TextOrNull("none"));
    }
}
