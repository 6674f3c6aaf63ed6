using System.Diagnostics;
using System.Runtime.InteropServices;
using PiTap.Host.Machine;
using PiTap.Host.Tests.Commands;

namespace PiTap.Host.Tests;

/// <summary>The executable itself: what only a process has.</summary>
public sealed partial class ProcessTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int TimeoutMs = 60_000;

    private readonly TestFolder _folder = new();

    private static string Executable =>
        Environment.GetEnvironmentVariable("PITAP_EXECUTABLE") ?? Path.Combine(AppContext.BaseDirectory, "pitap");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pipe_that_is_closed_early_ends_quietly()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 5000);
        string db = _folder.File("pitap.db");
        (int replay, _, _) = Run(Executable, "replay", "--db", db, _folder.File("a.pcapng"));
        Assert.Equal(0, replay);
        foreach (string format in (string[])["jsonl", "csv", "table"])
        {
            (int code, string output, string error) = Run(
                "bash", "-c", $"'{Executable}' flows --format {format} --db '{db}' | head -n 1; exit ${{PIPESTATUS[0]}}");
            Assert.Equal(0, code);
            Assert.Single(output.TrimEnd().Split('\n'));
            Assert.Equal("", error);
        }
    }

    /// <summary>Neither results nor sentences can be written: the exit code says so, and the store has everything.</summary>
    [Fact]
    public void A_screen_that_takes_nothing_ends_no_command_before_its_work_is_done()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 500);
        string db = _folder.File("pitap.db");
        (int code, _, _) = Run("bash", "-c", $"'{Executable}' replay --db '{db}' '{_folder.File("a.pcapng")}' > /dev/full 2> /dev/full");
        Assert.Equal(1, code);
        (_, string stats, _) = Run(Executable, "stats", "--db", db);
        Assert.Contains(" complete ", stats, StringComparison.Ordinal);
        (int missing, _, _) = Run(
            "bash", "-c", $"'{Executable}' replay --db '{db}' '{_folder.File("none.pcapng")}' > /dev/full 2> /dev/full");
        Assert.Equal(1, missing);
    }

    [Fact]
    public void A_file_that_was_not_read_is_told_by_the_exit_code_also_where_nobody_reads_the_summary()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 500);
        File.WriteAllBytes(_folder.File("cut.pcapng"), File.ReadAllBytes(_folder.File("a.pcapng"))[..^7]);
        foreach (string store in (string[])["--no-store", $"--db '{_folder.File("pitap.db")}'"])
        {
            (int code, _, string error) = Run("bash", "-c",
                $"'{Executable}' replay {store} '{_folder.File("cut.pcapng")}' | true; exit ${{PIPESTATUS[0]}}");
            Assert.Equal(1, code);
            Assert.Contains("cut.pcapng", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_part_is_left_out_and_said_so()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 12_000);
        string db = _folder.File("pitap.db");
        Assert.Equal(0, Run(Executable, "replay", "--db", db, _folder.File("a.pcapng")).Code);
        (int whole, string all, string nothing) = Run(Executable, "flows", "--format", "jsonl", "--db", db);
        Assert.Equal((0, ""), (whole, nothing));
        // The page with the most different bytes is one of a compressed block.
        const int pageBytes = 8_192;
        byte[] bytes = File.ReadAllBytes(db);
        int page = Enumerable.Range(0, bytes.Length / pageBytes)
            .MaxBy(page => bytes.AsSpan(page * pageBytes, pageBytes).ToArray().Distinct().Count());
        bytes[page * pageBytes + pageBytes / 2] ^= 0x55;
        File.WriteAllBytes(db, bytes);
        (int code, string left, string error) = Run(Executable, "flows", "--format", "jsonl", "--db", db);
        Assert.Equal(1, code);
        Assert.Contains("damaged", error, StringComparison.Ordinal);
        Assert.InRange(left.Length, all.Length / 4, all.Length - 1);
    }

    [Fact]
    public void What_is_written_can_be_read_by_its_owner_only()
    {
        SampleCapture.Write(_folder.File("a.pcapng"));
        string folder = _folder.File("new");
        (int code, _, _) = Run("bash", "-c", $"umask 000; '{Executable}' replay --db '{folder}/x.db' '{_folder.File("a.pcapng")}'");
        Assert.Equal(0, code);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.All(Directory.EnumerateFiles(folder), static file =>
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void Standard_input_is_read_as_a_capture()
    {
        SampleCapture.Write(_folder.File("a.pcapng"));
        (int code, string output, _) = Run("bash", "-c",
            $"'{Executable}' replay --db '{_folder.File("x.db")}' - < '{_folder.File("a.pcapng")}'");
        Assert.Equal(0, code);
        Assert.Contains("www.example.org", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public void The_first_signal_ends_a_replay_from_a_silent_pipe(int signal)
    {
        string fifo = _folder.File("fifo");
        Assert.Equal(0, Run("mkfifo", fifo).Code);
        // A writer that never writes. Opened for both, so that nobody waits for the other to open it.
        using FileStream silent = new(fifo, FileMode.Open, FileAccess.ReadWrite);
        string db = _folder.File("x.db");
        using Process replay = Start(Executable, "replay", "--db", db, fifo);
        // The store is opened once signals are taken.
        Assert.True(SpinWait.SpinUntil(() => File.Exists(db), TimeoutMs));
        Assert.Equal(0, Kill(replay.Id, signal));
        Assert.True(replay.WaitForExit(TimeoutMs));
        Assert.Equal(1, replay.ExitCode);
        Assert.Contains("interrupted", replay.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Contains("0 packets", replay.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(140)]
    public void A_terminal_is_sent_nothing_that_is_not_taken_back(int columns)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs script, of Debian's bsdutils");
        string command = $"stty cols {columns} rows 24; unset COLUMNS NO_COLOR; export TERM=xterm LC_ALL=C.UTF-8; "
            + $"'{Executable}' replay --db '{_folder.File("x.db")}' '{SampleCapture.Demo}'";
        (int code, string output, _) = Run("script", "-qec", command, "/dev/null");
        Assert.Equal(0, code);
        string bare = output.Replace("\u001b[1m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', bare);
        Assert.All(bare.Split("\r\n"), line => Assert.InRange(line.Length, 0, columns));
        Assert.Contains("example.net", bare, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public void Live_answers_readers_refuses_a_second_writer_and_ends_in_order(int signal)
    {
        Assert.SkipUnless(MachineProbe.HasNetRaw(File.ReadLines("/proc/self/status")), "needs CAP_NET_RAW");
        string db = _folder.File("pitap.db");
        using Process live = Start(Executable, "live", "--interface", "lo", "--filter", "udp port 9", "--db", db);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(db + ".sock"), TimeoutMs));
        (int stats, string output, string error) = Run(Executable, "stats", "--db", db);
        Assert.Equal("", error);
        Assert.Equal(0, stats);
        Assert.Contains("open or broken off", output, StringComparison.Ordinal);
        (int second, _, string refusal) = Run(Executable, "live", "--interface", "lo", "--db", db);
        Assert.Equal(1, second);
        Assert.Contains("already being written", refusal, StringComparison.Ordinal);

        Assert.Equal(0, Kill(live.Id, signal));
        Assert.True(live.WaitForExit(TimeoutMs));
        Assert.Equal(0, live.ExitCode);
        Assert.False(File.Exists(db + ".sock"));
        (_, output, _) = Run(Executable, "stats", "--db", db);
        Assert.Contains("complete", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_ends_after_its_duration()
    {
        Assert.SkipUnless(MachineProbe.HasNetRaw(File.ReadLines("/proc/self/status")), "needs CAP_NET_RAW");
        (int code, string output, string error) = Run(Executable, "live", "-i", "lo", "--filter", "udp port 9", "--duration", "1s",
            "--db", _folder.File("x.db"));
        Assert.Equal(0, code);
        Assert.Contains("Ended normally.", error, StringComparison.Ordinal);
        Assert.StartsWith("Captured on lo: ", output, StringComparison.Ordinal);
        Assert.Contains("Who they talked to", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_filter_or_interface_changes_nothing()
    {
        Assert.SkipUnless(MachineProbe.HasNetRaw(File.ReadLines("/proc/self/status")), "needs CAP_NET_RAW");
        string db = _folder.File("x.db");
        Assert.Equal(1, Run(Executable, "live", "-i", "lo", "--filter", "host and", "--db", db).Code);
        Assert.Equal(1, Run(Executable, "live", "-i", "nosuch0", "--db", db).Code);
        Assert.False(File.Exists(db));
    }

    private static Process Start(string file, params string[] args) => Process.Start(new ProcessStartInfo(file, args)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static (int Code, string Output, string Error) Run(string file, params string[] args)
    {
        using Process process = Start(file, args);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeoutMs));
        return (process.ExitCode, output, error.Result);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
