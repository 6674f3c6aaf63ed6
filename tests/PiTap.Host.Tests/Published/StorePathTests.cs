using System.Diagnostics;
using PiTap.Host.Tests.Commands;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Published;

/// <summary>Where a store may be, asked of the program itself: what cannot be one is refused at once and left as it is.</summary>
public sealed class StorePathTests : IDisposable
{
    /// <summary>Command not found, or not to be run by this user (exec in POSIX's shell).</summary>
    private const int CannotRun = 126;

    private const UnixFileMode Everybodys = (UnixFileMode)0x1ff;

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Kinds => [.. SpecialFile.Kinds.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_no_file_is_refused_by_every_command_and_left_as_it_is(string kind)
    {
        string path = _folder.File("x.db"), capture = _folder.File("a.pcapng");
        SampleCapture.Write(capture, flows: 1);
        Assert.SkipUnless(SpecialFile.TryMake(kind, path, capture), "this user may not make one");
        byte[] bytes = File.ReadAllBytes(capture);
        foreach (string[] command in (string[][])[
            ["replay", capture], ["live", "-i", "lo"], ["flows"], ["contacts"], ["devices"], ["names"], ["stats"], ["forget", "x"]])
        {
            (int code, string output, string error) = Executable.Run([.. command, "--db", path]);
            Assert.Equal((2, ""), (code, output));
            Assert.StartsWith($"pitap: {path} {SpecialFile.Kinds[kind]}, not a store", error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
        Assert.Equal([capture, path], Directory.EnumerateFileSystemEntries(_folder.Path).Order());
        Assert.Equal(bytes, File.ReadAllBytes(capture));
        (int doctor, string report, _) = Executable.Run("doctor", "--db", path);
        Assert.Equal(1, doctor);
        Assert.Contains($"cannot be written: it {SpecialFile.Kinds[kind]}.", report, StringComparison.Ordinal);
        // It is not even looked at if nothing is to be kept.
        Assert.Equal(0, Executable.Run("replay", "--no-store", "--db", path, capture).Code);
    }

    [Fact]
    public void Without_a_home_the_store_has_to_be_named_and_nothing_lands_in_the_working_folder()
    {
        string capture = _folder.File("a.pcapng");
        SampleCapture.Write(capture, flows: 1);
        File.SetUnixFileMode(capture, Everybodys);
        File.SetUnixFileMode(_folder.Path, Everybodys);
        foreach (string[] command in (string[][])[["replay", capture], ["flows"], ["stats"], ["doctor"]])
        {
            (int code, _, string error) = RunWithoutHome(command);
            Assert.SkipWhen(code == CannotRun, "the program is in a folder that other users may not enter");
            Assert.Equal(2, code);
            Assert.Equal("pitap: The store has no place: HOME is not set. Set it, or name a file with --db.\n", error);
        }
        Assert.Equal([capture], Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.Equal(0, RunWithoutHome("replay", "--no-store", capture).Code);
        Assert.Equal(0, RunWithoutHome("replay", "--db", _folder.File("x.db"), capture).Code);
        Assert.Equal(0, RunWithoutHome("--help").Code);
        Assert.Equal(0, RunWithoutHome("flows", "--help").Code);
    }

    /// <summary>Whoever captured with sudo and reads without is not to believe that nothing was captured.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_reads_without_sudo_is_told_of_root_s_store_where_there_is_one(bool isThere)
    {
        // The machine's own folder is no concern of the test's: it has another one in that place, which nobody else sees.
        string make = "mount -t tmpfs none /var/lib" + (isThere ? " && mkdir -m 700 /var/lib/pitap" : "");
        (int code, string output, string error) = RunAsOther(["unshare", "-m", "sh", "-c", make + " && exec \"$@\"", "-"],
            ["HOME=/nowhere"], "contacts");
        Assert.SkipWhen(error.Contains("unshare", StringComparison.Ordinal), "no mounts of its own");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("pitap: There is no store at /nowhere/.local/share/pitap/pitap.db: ", error, StringComparison.Ordinal);
        Assert.Equal(isThere, error.EndsWith(
            " What was captured with sudo is in /var/lib/pitap/pitap.db: read it with sudo, too.\n", StringComparison.Ordinal));
        Assert.Equal(isThere, error.Contains("sudo", StringComparison.Ordinal));
    }

    [Fact]
    public void Root_s_store_is_closed_to_others_and_says_so_whether_its_folder_is_or_not()
    {
        string capture = _folder.File("a.pcapng"), db = _folder.File("x.db");
        SampleCapture.Write(capture, flows: 1);
        Assert.Equal(0, Executable.Run("replay", "--db", db, capture).Code);
        File.SetUnixFileMode(capture, Everybodys);
        File.SetUnixFileMode(_folder.Path, Everybodys & ~UnixFileMode.GroupWrite & ~UnixFileMode.OtherWrite);
        byte[] before = File.ReadAllBytes(db);
        string closed = $"pitap: No permission to read the store {db}.\n";
        Assert.Equal((1, "", closed), RunAsOther([], [], "flows", "--db", db));
        Assert.Equal((1, "", closed), RunAsOther([], [], "forget", "--db", db, "x"));
        Assert.Equal((1, "", $"pitap: No permission to write the store {db} or its folder.\n"),
            RunAsOther([], [], "replay", "--db", db, capture));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (int code, _, string error) = RunAsOther([], [], "stats", "--db", db);
        Assert.Equal(1, code);
        Assert.StartsWith($"pitap: No permission to look for the store {db}: its folder is closed", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(db));
    }

    [Fact]
    public void Root_does_not_write_to_what_another_user_put_where_everybody_may()
    {
        string capture = _folder.File("a.pcapng"), db = _folder.File("x.db");
        SampleCapture.Write(capture, flows: 1);
        File.SetUnixFileMode(capture, Everybodys);
        File.SetUnixFileMode(_folder.Path, Everybodys);
        Assert.Equal(0, RunAsOther([], [], "replay", "--db", db, capture).Code);
        byte[] before = File.ReadAllBytes(db);
        (int code, string output, string error) = Executable.Run("replay", "--again", "--db", db, capture);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("may have been put there by somebody else (user 4321)", error, StringComparison.Ordinal);
        Assert.EndsWith("as root PiTap does not write to it.\n", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(db));
        Assert.Equal(0, Executable.Run("flows", "--db", db).Code);
    }

    /// <summary>As a user who is not root, which takes root.</summary>
    private static (int Code, string Output, string Error) RunAsOther(string[] before, string[] environment, params string[] args)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "becoming another user takes root");
        string[] command = [.. before, "setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups",
            "env", "-u", "XDG_DATA_HOME", .. environment, Executable.File, .. args];
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        (int code, string output, string error) = Executable.End(process);
        Assert.SkipWhen(code == CannotRun, "the program is in a folder that other users may not enter");
        return (code, output, error);
    }

    /// <summary>As a user who is not root, whose default has no need of one.</summary>
    private (int Code, string Output, string Error) RunWithoutHome(params string[] args)
    {
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups"] : [];
        using Process process = Process.Start(
            new ProcessStartInfo("env", ["-u", "HOME", "-u", "XDG_DATA_HOME", .. user, Executable.File, .. args])
            {
                WorkingDirectory = _folder.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        return Executable.End(process);
    }
}
