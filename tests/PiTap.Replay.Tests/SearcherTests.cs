using PiTap.Analysis;
using PiTap.Analysis.Search;
using PiTap.Model;

namespace PiTap.Replay.Tests;

/// <summary>A searcher looks on: what is found out about flows is the same with and without it.</summary>
public sealed class SearcherTests
{
    private sealed class Onlooker : IPayloadSearcher
    {
        public long Bytes { get; private set; }

        public void OnStream(in PayloadOrigin origin, ReadOnlySpan<byte> bytes, ref int state) => Bytes += bytes.Length;

        public void OnGap(in PayloadOrigin origin, long bytes, ref int state)
        {
        }

        public void OnDatagram(in PayloadOrigin origin, ReadOnlySpan<byte> bytes) => Bytes += bytes.Length;
    }

    [Theory]
    [MemberData(nameof(GoldenCaptureTests.Cases), MemberType = typeof(GoldenCaptureTests))]
    public void It_changes_nothing_that_is_found(string name)
    {
        string path = Path.Combine(Repository.Captures, name, "capture.pcapng");
        var searcher = new Onlooker();
        ReplayRun alone = ReplayRun.Of(path, new AnalysisOptions());
        ReplayRun watched = ReplayRun.Of(path, new AnalysisOptions { Searcher = searcher });
        static string Show(FlowRecord flow) =>
            $"{flow.Sequence} {flow.Host} {flow.HostSource} {string.Join(',', flow.AppProtos)} {flow.VerdictReason} "
            + $"{flow.Tls.Count} {flow.Http.Count}";
        Assert.Equal(alone.Flows.Select(Show), watched.Flows.Select(Show));
        Assert.Equal(alone.Lookups.Count, watched.Lookups.Count);
        Assert.True(searcher.Bytes > 0);
    }
}
