using PiTap.Analysis;

namespace PiTap.Conformance.Tests;

/// <summary>Malformed captures: each ends in order or with a sentence, and never with an exception.</summary>
public sealed class RobustTests
{
    [Fact]
    public void Malformed_captures_end_in_order_or_with_a_sentence_that_names_the_file()
    {
        CaptureFolder.Require();
        int read = 0;
        foreach (string capture in CaptureFolder.Robust())
        {
            ReplayResult result = Replay.Run(capture, new AnalysisOptions());
            if (result.Failure is not null)
                Assert.Contains(Path.GetFileName(capture), result.Failure, StringComparison.Ordinal);
            read++;
        }
        Assert.True(read > 0);
    }

    [Fact]
    public void Batches_of_any_size_give_the_same_records_of_every_capture()
    {
        CaptureFolder.Require();
        foreach (string capture in CaptureFolder.WithTruth())
        {
            ReplayResult whole = Replay.Run(CaptureFolder.Full(capture), new AnalysisOptions());
            ReplayResult single = Replay.Run(CaptureFolder.Full(capture), new AnalysisOptions(), flushEvery: 1);
            Assert.Equivalent(whole.Flows, single.Flows, strict: true);
            Assert.Equivalent(whole.Lookups, single.Lookups, strict: true);
        }
    }
}
