using System.CommandLine;
using PiTap.Host.Arguments;
using PiTap.Host.Commands;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Model;

namespace PiTap.Host.Tests.Commands;

/// <summary>What a command takes and keeps at most, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class CommandCapTests
{
    [Theory]
    [InlineData("-i sixteen-letters-", "'sixteen-letters-' is no interface name")]
    [InlineData("-i eth0 --management-ports 65536", "'65536' is no port from 1 to 65535")]
    [InlineData("-i eth0 --retain-days 36501", "'36501' is no whole number from 1 to 36500")]
    [InlineData("-i eth0 --duration 36501d", "'36501d' is no duration")]
    [Trait("cap", "Host.LiveOptions.MaxInterfaceNameLength")]
    [Trait("cap", "Host.CommonOptions.MaxPort")]
    [Trait("cap", "Host.LiveOptions.MaxRetainDays")]
    [Trait("cap", "Host.Duration.MaxNs")]
    public void More_than_there_can_be_is_refused(string arguments, string sentence) =>
        Assert.Contains(sentence, Assert.Single(Errors(arguments)), StringComparison.Ordinal);

    [Fact]
    public void The_most_there_can_be_is_taken() =>
        Assert.Empty(Errors("-i fifteen-letters --management-ports 65535 --retain-days 36500 --duration 36500d"));

    [Theory]
    [InlineData(19_999, true)]
    [InlineData(20_000, false)]
    [Trait("cap", "Host.NothingFound.MaxCompared")]
    [Trait("cap", "Host.NothingFound.MaxOffered")]
    public void A_host_that_is_not_there_is_compared_with_so_many_and_five_are_offered(int others, bool isOffered)
    {
        RecordWish<ContactRecord> wish = new()
        {
            Query = StoreQuery.All,
            Host = HostPattern.Parse("needle0.example"),
            HostText = "needle0.example",
        };
        using HostsReader reader = new([.. Enumerable.Range(0, others).Select(static i => $"nee{i:x5}.example"), "needle1.example"]);
        using TestSurface test = new();
        string sentence = NothingFound.Sentence(RecordKinds.Contacts, wish, reader, Roster.Empty, test.Surface.Times,
            new Who(null));
        Assert.StartsWith("No host matches 'needle0.example'; the nearest are ", sentence, StringComparison.Ordinal);
        Assert.Equal(isOffered, sentence.Contains("needle1.example", StringComparison.Ordinal));
        Assert.Equal(5, sentence.Split(", ").Length);
    }

    [Fact]
    [Trait("cap", "Host.RecordCommands.MaxSorted")]
    public void Half_a_million_records_are_sorted_and_a_sentence_says_that_there_are_more()
    {
        RecordWish<int> wish = new() { Query = StoreQuery.All, Order = static (a, b) => b.CompareTo(a) };
        using TestSurface test = new();
        int[] sorted = [.. RecordCommands.Ordered(Enumerable.Range(0, 500_007), wish, test.Surface)];
        Assert.Equal((500_000, 500_006, 7), (sorted.Length, sorted[0], sorted[^1]));
        Assert.StartsWith("pitap: Only the first 500,000 records in that order are printed", test.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("cap", "Host.RunRollup.MaxContacts")]
    public void A_hundred_thousand_contacts_of_a_run_are_added_up()
    {
        IEnumerable<FlowRecord> flows =
            Enumerable.Range(0, 100_005).Select(static i => SampleRecords.Flow with { Host = $"h{i}", BytesDown = 1 });
        ContactRecord[] contacts = [.. RunRollup.Contacts(flows.Append(SampleRecords.Flow with { Host = "h0", BytesDown = 1 }))];
        Assert.Equal(100_000, contacts.Length);
        // Those that begin first, and all that they have.
        Assert.Equal(("h0", 2L), (contacts[0].Host, contacts[0].Flows));
        Assert.DoesNotContain(contacts, static contact => contact.Host == "h100000");
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    [Trait("cap", "Host.CommandName.MaxChars")]
    public void A_command_is_called_by_a_name_of_at_most_so_many_characters(int characters, bool isTaken)
    {
        string told = new('x', characters), started = "/pitap".PadLeft(characters, '/');
        Assert.Equal(isTaken ? told : "pitap", CommandName.Of(name => name == "PITAP_COMMAND" ? told : null, "pitap").Text);
        Assert.Equal(isTaken ? started : "pitap", CommandName.Of(static _ => null, started).Text);
    }

    private static string[] Errors(string arguments)
    {
        Command command = new("live");
        new LiveOptions().AddTo(command);
        return [.. command.Parse(arguments.Split(' ')).Errors.Select(static error => error.Message)];
    }

    /// <summary>A store of contacts alone.</summary>
    private sealed class HostsReader(string[] hosts) : IStoreReader
    {
        public int DamagedBlocks => 0;

        public IEnumerable<FlowRecord> Flows(StoreQuery query) => [];

        public IEnumerable<NameLookup> Lookups(StoreQuery query) => [];

        public IEnumerable<ContactRecord> Contacts(StoreQuery query) =>
            hosts.Select(static host => new ContactRecord { Device = "d", Host = host, HostSource = HostSource.Dns });

        public IEnumerable<DeviceRecord> Devices(StoreQuery query) => [];

        public IEnumerable<MinuteRecord> Minutes(StoreQuery query) => [];

        public IEnumerable<RunRecord> Runs() => [];

        public StoreInfo Info() => SampleRecords.Info;

        public void Dispose()
        {
        }
    }
}
