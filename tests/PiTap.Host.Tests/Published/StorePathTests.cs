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
