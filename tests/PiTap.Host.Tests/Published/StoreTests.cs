using System.Diagnostics;
using PiTap.Host.Tests.Commands;

namespace PiTap.Host.Tests.Published;

/// <summary>The store as the published program writes and reads it: what the compiler ahead of time leaves of LiteDB must do.</summary>
public sealed class StoreTests : IDisposable
{
    private const int Flows = 20_000;

    /// <summary>More than a store without flows takes.</summary>
    private const int CommittedBytes = 128 << 10;

    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_replay_that_is_killed_leaves_a_store_that_can_be_read_and_written()
    {
        string capture = _folder.File("a.pcapng");
        SampleCapture.Write(capture, Flows);
        using (Process replay = Executable.Start("replay", "--db", Db, "-"))
        {
            // The end of the capture never comes: the process is in the middle of it when it dies.
            byte[] bytes = File.ReadAllBytes(capture);
            replay.StandardInput.BaseStream.Write(bytes.AsSpan(0, bytes.Length - 1));
            replay.StandardInput.BaseStream.Flush();
            FileInfo log = new(_folder.File("pitap-log.db"));
            Executable.WaitUntil(
                () =>
                {
                    log.Refresh();
                    return log.Exists && log.Length > CommittedBytes;
                },
                "flows in the store");
            replay.Kill();
            replay.WaitForExit();
        }
        (int code, string flows, string error) = Executable.Run("flows", "--format", "jsonl", "--db", Db);
        Assert.Equal((0, ""), (code, error));
        int before = Lines(flows);
        Assert.InRange(before, 1, Flows);
        (code, string stats, error) = Executable.Run("stats", "--db", Db);
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain("complete", stats, StringComparison.Ordinal);

        (code, _, error) = Executable.Run("replay", "--db", Db, capture);
        Assert.Equal(0, code);
        Assert.DoesNotContain("damage", error, StringComparison.Ordinal);
        (_, flows, _) = Executable.Run("flows", "--format", "jsonl", "--db", Db);
        Assert.Equal(before + Flows, Lines(flows));
    }

    [Fact]
    public void A_second_writer_is_refused_and_the_first_goes_on()
    {
        string capture = _folder.File("a.pcapng");
        SampleCapture.Write(capture, flows: 10);
        using Process first = Executable.Start("replay", "--db", Db, "-");
        byte[] bytes = File.ReadAllBytes(capture);
        first.StandardInput.BaseStream.Write(bytes);
        first.StandardInput.BaseStream.Flush();
        Executable.WaitUntil(() => File.Exists(Db), "a store");
        (int code, _, string error) = Executable.Run("replay", "--db", Db, capture);
        Assert.Equal(1, code);
        Assert.Contains("already being written by process", error, StringComparison.Ordinal);
        first.StandardInput.Close();
        Assert.Equal(0, Executable.End(first).Code);
        (_, string flows, _) = Executable.Run("flows", "--format", "jsonl", "--db", Db);
        Assert.Equal(10, Lines(flows));
    }

    private static int Lines(string text) => text.AsSpan().Count('\n');
}
