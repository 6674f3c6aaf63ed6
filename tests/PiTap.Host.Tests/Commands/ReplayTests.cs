using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using PiTap.Store;

namespace PiTap.Host.Tests.Commands;

public sealed class ReplayTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_replay_shows_devices_contacts_and_what_to_do_next()
    {
        SampleCapture.Write(_folder.File("a.pcapng"));
        using TestSurface test = new();
        Assert.Equal(0, test.Run("replay", "--db", Db, _folder.File("a.pcapng")));
        Assert.Equal("", test.Error);
        Assert.Contains("02:00:00:00:00:01", test.Output, StringComparison.Ordinal);
        Assert.Matches(@"example\.org +unknown", test.Output);
        Assert.Contains($"Stored in {Db}: 1 flow,", test.Output, StringComparison.Ordinal);
        Assert.Contains($"'pitap flows --db {Db}'", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Replays_into_one_store_add_up()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 2);
        SampleCapture.Write(_folder.File("b.pcapng"), flows: 3, host: "other.example.org", firstPort: 30_000);
        using TestSurface first = new();
        Assert.Equal(0, first.Run("replay", "--db", Db, _folder.File("a.pcapng")));
        using TestSurface second = new();
        Assert.Equal(0, second.Run("replay", "--again", "--json", "--db", Db, _folder.File("a.pcapng"), _folder.File("b.pcapng")));
        using JsonDocument summary = JsonDocument.Parse(second.Output);
        Assert.Equal(2, summary.RootElement.GetProperty("run").GetInt32());
        Assert.True(summary.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal(2, summary.RootElement.GetProperty("sources").GetArrayLength());
        Assert.Equal(2, summary.RootElement.GetProperty("files").GetArrayLength());
        Assert.Equal(2, summary.RootElement.GetProperty("topContacts").GetArrayLength());
        using TestSurface stats = new();
        Assert.Equal(0, stats.Run("stats", "--json", "--db", Db));
        using JsonDocument document = JsonDocument.Parse(stats.Output);
        Assert.Equal(2, document.RootElement.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public void Why_packets_were_rejected_is_shown_on_request()
    {
        string file = _folder.File("a.pcapng");
        SampleCapture.Write(file, flows: 2, cutPackets: 3);
        using TestSurface replay = new();
        Assert.Equal(0, replay.Run("replay", "--db", Db, file));
        using TestSurface plain = new();
        Assert.Equal(0, plain.Run("stats", "--db", Db));
        Assert.DoesNotContain("asks for", plain.Output, StringComparison.Ordinal);
        using TestSurface table = new();
        Assert.Equal(0, table.Run("stats", "--rejects", "--db", Db));
        Assert.Contains("IPv4 header at offset 14 asks for 20 bytes, 10 are available", table.Output, StringComparison.Ordinal);
        using TestSurface json = new();
        Assert.Equal(0, json.Run("stats", "--rejects", "--json", "--db", Db));
        using JsonDocument document = JsonDocument.Parse(json.Output);
        JsonElement reject = Assert.Single(document.RootElement.GetProperty("runs")[0].GetProperty("rejects").EnumerateArray());
        Assert.Equal("ipv4-header", reject.GetProperty("claim").GetString());
        Assert.Equal(file, reject.GetProperty("source").GetString());
        Assert.Equal(3, reject.GetProperty("packets").GetInt64());
    }

    [Fact]
    public void A_cut_off_file_gives_what_it_has_and_the_next_one_is_read()
    {
        string whole = _folder.File("a.pcapng");
        string cut = _folder.File("cut.pcapng");
        SampleCapture.Write(whole, flows: 3);
        File.WriteAllBytes(cut, File.ReadAllBytes(whole)[..^10]);
        using TestSurface test = new();
        Assert.Equal(1, test.Run("replay", "--db", Db, cut, whole));
        Assert.Contains(cut, test.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at PiTap", test.Error, StringComparison.Ordinal);
        Assert.Contains("Read 2 files", test.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_capture_again_is_refused_unless_it_is_asked_for()
    {
        string file = _folder.File("a.pcapng"), copy = _folder.File("copy.pcapng");
        SampleCapture.Write(file, flows: 2);
        File.Copy(file, copy);
        using TestSurface first = new();
        Assert.Equal(1, first.Run("replay", "--db", Db, file, copy));
        Assert.Contains($"{copy} was read before, in this run, as {file}", first.Error, StringComparison.Ordinal);
        Assert.Contains("Read 1 of 2 files", first.Output, StringComparison.Ordinal);
        using TestSurface second = new();
        Assert.Equal(1, second.Run("replay", "--db", Db, copy));
        Assert.Contains($"{copy} was read before, in run 1, as {file}", second.Error, StringComparison.Ordinal);
        Assert.Equal("", second.Output);
        Assert.Equal(2, Lines("flows", "--format", "jsonl").Length);
        using TestSurface again = new();
        Assert.Equal(0, again.Run("replay", "--again", "--db", Db, copy));
        Assert.Equal(4, Lines("flows", "--format", "jsonl").Length);

        using JsonDocument stats = JsonDocument.Parse(Lines("stats", "--json")[0]);
        JsonElement source = stats.RootElement.GetProperty("runs")[0].GetProperty("sources")[0];
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        Assert.Equal(hash, source.GetProperty("fileSha256").GetString());
        Assert.Equal(new FileInfo(file).Length, source.GetProperty("fileBytes").GetInt64());
        Assert.Equal(2, stats.RootElement.GetProperty("runs").GetArrayLength());
    }

    // A process that has just ended, or just begun, holds the store for a moment and answers nobody.
    [Fact]
    public void A_reader_tries_again_while_a_store_is_held()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 2);
        using TestSurface replay = new();
        Assert.Equal(0, replay.Run("replay", "--db", Db, _folder.File("a.pcapng")));
        using TestSurface flows = new();
        int code = -1;
        Thread reader = new(() => code = flows.Run("flows", "--format", "jsonl", "--db", Db));
        using (RecordStore.Open(new StoreOptions { Path = Db }, TimeProvider.System))
        {
            reader.Start();
            SpinWait.SpinUntil(() => !reader.IsAlive || (reader.ThreadState & ThreadState.WaitSleepJoin) != 0);
        }
        reader.Join();
        Assert.Equal((0, ""), (code, flows.Error));
    }

    // What is left unread behind damage, and what a compressed file unfolds from, are bytes of the file as well.
    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("gzip, with bytes behind it")]
    [InlineData("damaged")]
    public void A_capture_is_known_by_the_hash_of_its_file(string kind)
    {
        string file = _folder.File("a.pcapng");
        SampleCapture.Write(file, flows: 40);
        byte[] bytes = File.ReadAllBytes(file);
        if (kind.StartsWith("gzip", StringComparison.Ordinal))
        {
            using MemoryStream compressed = new();
            using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
                gzip.Write(bytes);
            if (kind != "gzip")
                compressed.Write(new byte[8192]);
            bytes = compressed.ToArray();
        }
        else if (kind == "damaged")
        {
            // A block length that no block can have; more than a window of bytes behind it is never looked at.
            bytes = [.. bytes[..^200], .. Enumerable.Repeat((byte)0xFF, 3 << 20)];
        }
        File.WriteAllBytes(file, bytes);
        using TestSurface replay = new();
        Assert.Equal(kind == "damaged" ? 1 : 0, replay.Run("replay", "--db", Db, file));
        using JsonDocument stats = JsonDocument.Parse(Lines("stats", "--json")[0]);
        JsonElement source = stats.RootElement.GetProperty("runs")[0].GetProperty("sources")[0];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), source.GetProperty("fileSha256").GetString());
        Assert.Equal(bytes.Length, source.GetProperty("fileBytes").GetInt64());
    }

    [Fact]
    public void Each_record_names_its_run_and_its_file()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 2);
        SampleCapture.Write(_folder.File("b.pcapng"), flows: 1, host: "other.test", firstPort: 30_000);
        using TestSurface one = new();
        Assert.Equal(0, one.Run("replay", "--db", Db, _folder.File("a.pcapng")));
        using TestSurface two = new();
        Assert.Equal(0, two.Run("replay", "--db", Db, _folder.File("b.pcapng"), SampleCapture.Demo));
        HashSet<string> uids = [];
        foreach (string line in Lines("flows", "--format", "jsonl").Concat(Lines("names", "--format", "jsonl")))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            Assert.True(uids.Add(record.RootElement.GetProperty("uid").GetString()!));
            string source = record.RootElement.GetProperty("source").GetString()!;
            Assert.Equal(source == _folder.File("a.pcapng") ? 1 : 2, record.RootElement.GetProperty("run").GetInt32());
            if (line.Contains("other.test", StringComparison.Ordinal))
                Assert.Equal(_folder.File("b.pcapng"), source);
        }
        Assert.Equal(2, Lines("flows", "--format", "jsonl", "--run", "1").Length);
        Assert.Equal(33, Lines("flows", "--format", "jsonl", "--run", "2").Length);
        string contact = Assert.Single(Lines("contacts", "--format", "jsonl", "--run", "2", "--host", "other"));
        Assert.Contains("other.test", contact, StringComparison.Ordinal);
        Assert.Single(Lines("contacts", "--format", "jsonl", "--run", "1"));
        Assert.Single(Lines("devices", "--format", "jsonl", "--run", "1"));
        Assert.Equal(19, Lines("names", "--format", "jsonl", "--run", "2").Length);
        using TestSurface none = new();
        Assert.Equal(0, none.Run("flows", "--run", "9", "--db", Db));
        Assert.Contains("There is no run 9; the store has 1 to 2", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_unreadable_file_does_not_stop_the_others()
    {
        for (int i = 0; i < 3; i++)
            SampleCapture.Write(_folder.File($"{i}.pcapng"), firstPort: 20_000 + 100 * i);
        File.WriteAllText(_folder.File("text"), "This is a text, and a text is no capture at all.");
        using TestSurface test = new();
        string[] files = [.. ((string[])["0.pcapng", "text", "1.pcapng", "none", "2.pcapng"]).Select(_folder.File)];
        Assert.Equal(1, test.Run(["replay", "--db", Db, .. files]));
        Assert.Contains("Read 3 of 5 files", test.Output, StringComparison.Ordinal);
        Assert.Contains("is no capture", test.Error, StringComparison.Ordinal);
        Assert.Contains("There is no file", test.Error, StringComparison.Ordinal);
        Assert.EndsWith("2 of 5 files were not read to their end; see above.\n", test.Error, StringComparison.Ordinal);
        Assert.Equal(3, Lines("flows", "--format", "jsonl").Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_store_only_the_summary_is_left(bool isJson)
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 2);
        using TestSurface test = new();
        Assert.Equal(0, test.Run(["replay", "--no-store", "--db", Db, _folder.File("a.pcapng"), .. isJson ? (string[])["--json"] : []]));
        Assert.Contains("www.example.org", test.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "pitap*"));
        if (!isJson)
        {
            Assert.Contains("Nothing was stored, as asked.", test.Output, StringComparison.Ordinal);
            return;
        }
        using JsonDocument summary = JsonDocument.Parse(test.Output);
        Assert.Equal(JsonValueKind.Null, summary.RootElement.GetProperty("store").ValueKind);
        Assert.Equal(2, summary.RootElement.GetProperty("topContacts")[0].GetProperty("flows").GetInt64());
    }

    [Fact]
    public void The_reading_commands_print_what_was_replayed()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 2);
        SampleCapture.Write(_folder.File("b.pcapng"), flows: 1, host: "other.test", firstPort: 30_000);
        using TestSurface replay = new();
        Assert.Equal(0, replay.Run("replay", "--db", Db, "--flow-timeout", "none", _folder.File("a.pcapng"), _folder.File("b.pcapng")));

        Assert.All(Lines("flows", "--format", "jsonl", "--host", "example.org"), static line =>
        {
            using JsonDocument flow = JsonDocument.Parse(line);
            Assert.Equal("www.example.org", flow.RootElement.GetProperty("host").GetString());
            Assert.Equal("http-host", flow.RootElement.GetProperty("hostSource").GetString());
        });
        Assert.NotEmpty(Lines("flows", "--format", "jsonl"));
        Assert.Empty(Lines("flows", "--format", "jsonl", "--host", "nowhere.test"));
        Assert.Empty(Lines("flows", "--format", "jsonl", "--device", "02-00-00-00-00-99"));
        Assert.NotEmpty(Lines("flows", "--format", "jsonl", "--device", "02-00-00-00-00-01"));
        Assert.Empty(Lines("flows", "--format", "jsonl", "--since", "2030-01-01"));
        Assert.Empty(Lines("flows", "--format", "jsonl", "--until", "2020-01-01T00:00:00Z"));
        Assert.Equal(3, Lines("contacts", "--format", "csv").Length);
        Assert.Single(Lines("devices", "--format", "jsonl"));
        Assert.Empty(Lines("names", "--format", "jsonl"));
        Assert.Contains("www.example.org", string.Join('\n', Lines("flows")), StringComparison.Ordinal);
    }

    [Fact]
    public void Ignored_hosts_and_other_clients_are_counted()
    {
        SampleCapture.Write(_folder.File("a.pcapng"));
        using TestSurface ignored = new();
        Assert.Equal(0, ignored.Run("replay", "--json", "--db", Db, "--ignore", "example.org", _folder.File("a.pcapng")));
        using JsonDocument first = JsonDocument.Parse(ignored.Output);
        JsonElement source = first.RootElement.GetProperty("sources")[0];
        Assert.Equal(source.GetProperty("received").GetInt64(), source.GetProperty("reduced").GetInt64());

        using TestSurface filtered = new();
        Assert.Equal(0, filtered.Run("replay", "--db", _folder.File("b.db"), "--clients", "10.99.0.0/16", _folder.File("a.pcapng")));
        Assert.Contains("packets of other clients", filtered.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_cannot_be_written_gets_a_sentence()
    {
        SampleCapture.Write(_folder.File("a.pcapng"));
        using TestSurface test = new();
        Assert.Equal(1, test.Run("replay", "--db", "/proc/pitap.db", _folder.File("a.pcapng")));
        Assert.StartsWith("pitap: ", test.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Internal error", test.Error, StringComparison.Ordinal);
    }

    private string[] Lines(params string[] args)
    {
        using TestSurface test = new();
        Assert.Equal(0, test.Run([.. args, "--db", Db]));
        return test.Output.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}
