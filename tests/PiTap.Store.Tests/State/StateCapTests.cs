using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Files;
using PiTap.Store.Layout;
using PiTap.Store.State;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.State;

/// <summary>What waits for its commit and what the journal grows to, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class StateCapTests
{
    private readonly BlockTable<FlowRecord> _flows = new(Schema.Flows, new FlowBlock());
    private readonly BlockTable<NameLookup> _lookups = new(Schema.Lookups, new LookupBlock());
    private long _id;

    [Fact]
    [Trait("cap", "Store.Journal.MaxDocuments")]
    public void A_journal_of_three_hundred_documents_is_to_be_folded()
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        Journal journal = new(_flows, _lookups);
        for (int i = 0; i < 299; i++)
            Append(engine, journal, [], [], new TotalsPart([], Minutes(1), []));
        Assert.False(journal.IsFoldDue);
        Append(engine, journal, [], [], new TotalsPart([], Minutes(1), []));
        Assert.True(journal.IsFoldDue);
    }

    [Fact]
    [Trait("cap", "Store.Journal.MaxBytes")]
    public void A_journal_of_four_mebibytes_is_to_be_folded()
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        Journal journal = new(_flows, _lookups);
        Append(engine, journal, [Large(1, 3 << 20)], []);
        Assert.False(journal.IsFoldDue);
        Append(engine, journal, [Large(2, 2 << 20)], []);
        Assert.True(journal.IsFoldDue);
    }

    [Fact]
    [Trait("cap", "Store.Journal.MaxDocumentBytes")]
    public void A_document_of_the_journal_has_at_most_ten_mebibytes()
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        NameAnswer[] answers = [.. Random(5 << 20).Select(static text => new NameAnswer("a.example", 16, text, 1))];
        Append(engine, new Journal(_flows, _lookups), [Large(1, 7 << 20)], [new(1, Samples.Lookup(1) with { Answers = answers })]);
        Assert.Equal(2, engine.All(Schema.Journal).Count());
    }

    [Theory]
    [InlineData(16_384, 1)]
    [InlineData(16_385, 2)]
    [Trait("cap", "Store.Journal.MaxDocumentRows")]
    public void A_document_of_the_journal_has_so_many_rows(int rows, int documents)
    {
        using StoreEngine engine = StoreEngine.OpenInMemory();
        NameLookup lookup = Samples.Lookup(1);
        Append(engine, new Journal(_flows, _lookups), [],
            [.. Enumerable.Range(1, rows).Select(i => new StoredRow<NameLookup>(1, lookup with { Sequence = i }))]);
        Assert.Equal(documents, engine.All(Schema.Journal).Count());
    }

    [Theory]
    [InlineData(255, 4_096, 0)]
    [InlineData(256, 4_096, 2)]
    [InlineData(255, 4_097, 2)]
    [Trait("cap", "Store.PendingRecords.MaxKeyCharacters")]
    [Trait("cap", "Store.PendingRecords.MaxTextCharacters")]
    public void A_device_and_what_it_is_called_have_so_many_characters(int id, int name, long discarded)
    {
        PendingRecords pending = new();
        pending.BeginRun(1, isLive: true);
        string device = new('d', id), text = new('n', name);
        pending.Add(new RecordBatch
        {
            Contacts = [Samples.Contact(text, 1, device: device)],
            Devices = [Samples.DeviceState(device, 1, 2, text)],
        });
        Assert.Equal(discarded, pending.Discarded);
    }

    private void Append(StoreEngine engine, Journal journal, List<StoredRow<FlowRecord>> flows, List<StoredRow<NameLookup>> lookups,
        TotalsPart? totals = null) => journal.Append(engine, flows, lookups, totals, () => ++_id, 1);

    private static MinuteRecord[] Minutes(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => new MinuteRecord(i, "d", 1, 0, 1, 0))];

    private static StoredRow<FlowRecord> Large(int sequence, int bytes)
    {
        HttpRequest[] requests = [.. Random(bytes).Select(static text => new HttpRequest("a.example", "GET", text, null, null))];
        return new(1, Samples.Flow(sequence) with { Http = requests });
    }

    /// <summary>So many random bytes as texts, which nothing makes shorter.</summary>
    private static IEnumerable<string> Random(int bytes)
    {
        byte[] random = new byte[1_500];
        Random source = new(bytes);
        for (int i = 0; i < bytes / 1_500; i++)
        {
            source.NextBytes(random);
            yield return Convert.ToBase64String(random);
        }
    }
}
