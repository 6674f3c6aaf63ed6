using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using PiTap.Host.Tests.Commands;

namespace PiTap.Host.Tests.Published;

/// <summary>The store as the published program writes and reads it: what the compiler ahead of time leaves of LiteDB must do.</summary>
public sealed class StoreTests : IDisposable
{
    private const int Flows = 5_000;

    /// <summary>The schema version before this one.</summary>
    private const int Before = 4;

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
            string log = _folder.File("pitap-log.db");
            // From the first commit on: the run has begun.
            Executable.WaitUntil(() => File.Exists(log) && new FileInfo(log).Length > 0, "a commit");
            replay.Kill();
            replay.WaitForExit();
        }
        (int code, string flows, string error) = Executable.Run("flows", "--format", "jsonl", "--db", Db);
        Assert.Equal((0, ""), (code, error));
        int before = Lines(flows);
        Assert.InRange(before, 0, Flows);
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
    public void Whoever_asks_during_a_replay_is_answered()
    {
        using Process replay = Executable.Start("replay", "--db", Db, "-");
        // Of the capture nothing has come yet.
        Executable.WaitUntil(() => File.Exists(Db + ".sock"), "a socket");
        (int code, string stats, string error) = Executable.Run("stats", "--json", "--db", Db);
        Assert.Equal((0, ""), (code, error));
        using (JsonDocument document = JsonDocument.Parse(stats))
            Assert.False(document.RootElement.GetProperty("runs")[0].GetProperty("complete").GetBoolean());
        (code, _, error) = Executable.Run("forget", "--db", Db, "02:00:00:00:00:01");
        Assert.Equal(1, code);
        Assert.Contains("it reads capture files: ask again when it has ended", error, StringComparison.Ordinal);
        string capture = _folder.File("a.pcapng");
        SampleCapture.Write(capture, flows: 10);
        replay.StandardInput.BaseStream.Write(File.ReadAllBytes(capture));
        replay.StandardInput.Close();
        Assert.Equal(0, Executable.End(replay).Code);
        Assert.False(File.Exists(Db + ".sock"));
        Assert.Equal(10, Lines(Executable.Run("flows", "--format", "jsonl", "--db", Db).Output));
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

    /// <summary>The files were written by builds of those schema versions, from the same recorded capture.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(Before)]
    public void A_store_of_an_earlier_version_is_brought_up_to_date_by_the_next_run(int version)
    {
        // Both are read before anybody wrote them, and stay as they are by that.
        string[] expected = Contacts(Unpack(Before));
        Assert.Equal(18, expected.Length);
        string old = Unpack(version);
        byte[] bytes = File.ReadAllBytes(old);
        Assert.Equal(expected, Contacts(old));
        Assert.Equal(bytes, File.ReadAllBytes(old));

        SampleCapture.Write(_folder.File("a.pcapng"), flows: 3, host: "new.example.net");
        (int code, _, string error) = Executable.Run("replay", "--db", old, _folder.File("a.pcapng"));
        Assert.Equal(0, code);
        Assert.DoesNotContain("damage", error, StringComparison.Ordinal);
        string[] both = Contacts(old);
        Assert.Equal(expected, both.Where(static contact => !contact.Contains("new.example.net", StringComparison.Ordinal)));
        Assert.Single(both, static contact => contact.Contains("new.example.net 3", StringComparison.Ordinal));
    }

    private string Unpack(int version)
    {
        string path = _folder.File($"version-{version}.db");
        using var packed = new GZipStream(
            File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Published", $"store-version-{version}.db.gz")),
            CompressionMode.Decompress);
        using FileStream file = File.Create(path);
        packed.CopyTo(file);
        return path;
    }

    /// <summary>Of each contact what every version holds.</summary>
    private static string[] Contacts(string db)
    {
        (int code, string output, string error) = Executable.Run("contacts", "--format", "jsonl", "--db", db);
        Assert.Equal((0, ""), (code, error));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line =>
        {
            using JsonDocument contact = JsonDocument.Parse(line);
            return string.Join(' ', ((string[])["device", "host", "flows", "flowsReadable", "bytesUp", "bytesDown", "lastSeen"])
                .Select(name => contact.RootElement.GetProperty(name).ToString()));
        }).Order(StringComparer.Ordinal)];
    }

    private static int Lines(string text) => text.AsSpan().Count('\n');
}
