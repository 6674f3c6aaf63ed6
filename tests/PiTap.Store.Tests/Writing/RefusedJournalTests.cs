using PiTap.Model;
using PiTap.Store.Layout;
using PiTap.Store.Opening;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;
using PiTap.Store.Writing;

namespace PiTap.Store.Tests.Writing;

/// <summary>Records in the journal that no store takes say nothing of the store, which a fold that fails is not damaged by.</summary>
public sealed class RefusedJournalTests
{
    [Fact]
    public void A_fold_that_a_fresh_store_would_refuse_too_costs_the_journal_and_not_the_store()
    {
        using TempFolder folder = new();
        Fill(folder);
        List<string> notices = [];
        long leftOut = 0;
        StoreKeeper keeper = Open(folder, notices.Add);
        keeper.OnLeftOut = records => leftOut += records;
        Poison(keeper.State);
        keeper.Persist();
        Assert.Null(keeper.Run(static state => state.Fold(null, 2)));
        keeper.Persist();
        keeper.Checkpoint();
        keeper.Close();
        Assert.Equal((0, 1), (keeper.Replaced, leftOut));
        Assert.Contains("records that no store takes", Assert.Single(notices), StringComparison.Ordinal);
        AssertKept(folder);
    }

    [Fact]
    public void A_store_whose_journal_no_store_takes_is_opened_without_it()
    {
        using TempFolder folder = new();
        Fill(folder);
        StoreKeeper keeper = Open(folder, static _ => { });
        Poison(keeper.State);
        keeper.Persist();
        keeper.Close();
        using (RecordStore store = folder.Open())
        {
            Assert.Equal((1L, null), (store.OpenReport.LeftOutRecords, store.OpenReport.SetAsidePath));
            Assert.Contains("records that no store takes", Assert.Single(store.OpenReport.Sentences), StringComparison.Ordinal);
        }
        AssertKept(folder);
    }

    private static void Fill(TempFolder folder)
    {
        using RecordStore store = folder.Open();
        store.BeginRun("replay", "1");
        store.Write(Samples.Batch(1, 500));
        Assert.True(store.CompleteRun().IsWhole);
    }

    private static StoreKeeper Open(TempFolder folder, Action<string> notice)
    {
        StoreOpening opening = new(folder.Store, TimeProvider.System, Migrations.All, Schema.Version);
        return new StoreKeeper(opening, opening.Open(), folder.Store, notice);
    }

    /// <summary>LiteDB takes no key of so many bytes; what comes in by batches is looked at before.</summary>
    private static void Poison(StoreState state)
    {
        TotalsPart part = new([Samples.Contact("a.example", 1, device: new string('d', 2_000))], [], []);
        state.Engine.Transact(() =>
        {
            state.Journal.Append(state.Engine, [], [], part, static () => 1_000_000, 1);
            state.Totals!.Add(state.Engine, part, 1);
        });
    }

    private static void AssertKept(TempFolder folder)
    {
        Assert.Empty(SetAsideFiles.Of(folder.Store));
        using IStoreReader reader = StoreFile.OpenForReading(folder.Store);
        Assert.Equal(500, reader.Flows(StoreQuery.All).Count());
        Assert.Equal(500, reader.Contacts(StoreQuery.All).Sum(static contact => contact.Flows));
    }
}
