using System.Text;
using PiTap.Analysis;
using PiTap.Export;
using PiTap.Model;

namespace PiTap.Replay.Tests;

/// <summary>
/// The same packets give the same records, however they are cut into batches, and whichever side's address is the lower one.
/// </summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Cases() => GoldenCaptureTests.Cases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Batches_of_1_and_of_1000_give_the_same_bytes(string name)
    {
        var options = new AnalysisOptions();
        string whole = Text(ReplayRun.Of(PathOf(name), options));
        Assert.NotEmpty(whole);
        Assert.Equal(whole, Text(ReplayRun.Of(PathOf(name), options, flushEvery: 1)));
        Assert.Equal(whole, Text(ReplayRun.Of(PathOf(name), options, flushEvery: 1_000)));
        Assert.Equal(whole, Text(ReplayRun.Of(PathOf(name), options)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Live_batches_end_in_the_same_states_and_contacts(string name)
    {
        var options = new AnalysisOptions();
        ReplayRun replay = ReplayRun.Of(PathOf(name), options);
        ReplayRun live = ReplayRun.Of(PathOf(name), options, flushEvery: 7, withOpenFlows: true);
        Dictionary<long, FlowRecord> last = live.Flows.GroupBy(static flow => flow.Sequence)
            .ToDictionary(static group => group.Key, static group => group.Last());
        Assert.Equal(replay.Flows.Select(Line).Order(StringComparer.Ordinal), last.Values.Select(Line).Order(StringComparer.Ordinal));
        Assert.Equal(Contacts(replay), Contacts(live));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mirrored_addresses_give_mirrored_flows(string name)
    {
        var options = new AnalysisOptions { FlowIdleTimeoutNs = null };
        using var source = new MirroredSource(PathOf(name));
        ReplayRun mirrored = ReplayRun.Of(source, options);
        ReplayRun straight = ReplayRun.Of(PathOf(name), options);
        Assert.Equal(
            straight.Flows.Select(static flow => Mirror(flow)).Order(StringComparer.Ordinal),
            mirrored.Flows.Select(static flow => Sides(flow)).Order(StringComparer.Ordinal));
    }

    private static string PathOf(string name) => Path.Combine(Repository.Captures, name, "capture.pcapng");

    private static string Text(ReplayRun run) => string.Join('\n', run.Flows.Select(Line).Concat(run.Lookups.Select(static lookup =>
        $"{lookup.Sequence} {lookup.TimeNs} {lookup.Name} {lookup.Type} {lookup.ResponseCode} {string.Join(' ', lookup.Answers)}")));

    private static string Line(FlowRecord flow)
    {
        using var text = new MemoryStream();
        using (IRecordWriter<FlowRecord> writer = JsonLines.Flows(text))
            writer.Write(flow);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static IEnumerable<string> Contacts(ReplayRun run) => run.Contacts
        .GroupBy(static contact => (contact.Device, contact.Host, contact.HostSource))
        .Select(static group => string.Join(' ', group.Key, group.Sum(static contact => contact.Flows),
            group.Sum(static contact => contact.FlowsReadable), group.Sum(static contact => contact.PacketsUp),
            group.Sum(static contact => contact.PacketsDown), group.Sum(static contact => contact.BytesUp),
            group.Sum(static contact => contact.BytesDown), Addresses(group)))
        .Where(static line => !line.Contains(") 0 ", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static string Addresses(IEnumerable<ContactRecord> contacts)
    {
        IReadOnlyList<ContactAddress> sum = [];
        foreach (ContactRecord contact in contacts)
            sum = ContactAddresses.Add(sum, contact.Addresses);
        return string.Join(' ', sum.Where(static entry => entry.Bytes != 0)
            .OrderBy(static entry => entry.Address).Select(static entry => $"{entry.Address}={entry.Bytes}"));
    }

    private static string Mirror(FlowRecord flow) => Sides(flow with
    {
        Client = MirroredSource.Mirror(flow.Client),
        Server = MirroredSource.Mirror(flow.Server),
    });

    // Names come from addresses in DNS answers, which are not mirrored.
    private static string Sides(FlowRecord flow) =>
        $"{flow.Protocol} {flow.Client} {flow.ClientPort} {flow.Server} {flow.ServerPort} {flow.PacketsUp} {flow.PacketsDown} "
        + $"{flow.BytesUp} {flow.BytesDown} {flow.AppProto} {flow.Verdict} {flow.Tls.Count} {flow.Http.Count}";
}
