using System.Diagnostics;
using System.Runtime.InteropServices;
using PiTap.Host.Machine;
using PiTap.Host.Tests.Commands;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Published;

/// <summary>How `live` ends, in its exit code and its last sentence, where the store is not what it was.</summary>
public sealed partial class LiveEndTests : IDisposable
{
    private const int Terminate = 15;

    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("deleted")]
    [InlineData("truncated")]
    [InlineData("replaced")]
    public void A_store_that_was_taken_away_is_the_last_word_and_a_failure(string what)
    {
        using Process live = StartOnStore(flows: 3);
        if (what == "truncated")
        {
            using Process truncate = Process.Start("truncate", ["-s", "0", Db]);
            truncate.WaitForExit();
        }
        else if (what == "replaced")
        {
            File.WriteAllText(_folder.File("other"), "somebody else's");
            File.Move(_folder.File("other"), Db, overwrite: true);
        }
        else
        {
            File.Delete(Db);
        }
        string[] said = End(live, expected: 1);
        Assert.Equal($"pitap: The store {Db} was begun anew in the middle of this run: it holds what came after that.", said[^1]);
        Assert.Contains(said, static line => line.EndsWith("Ended, but the store does not hold everything.", StringComparison.Ordinal));
        (int code, string stats, string error) = Executable.Run("stats", "--db", Db);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("complete", stats, StringComparison.Ordinal);
        Assert.DoesNotContain("replay", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_in_the_place_of_the_store_is_the_last_word_and_a_failure_and_stays()
    {
        using Process live = StartOnStore(flows: 3);
        Assert.True(SpecialFile.TryMake("pipe", _folder.File("pipe"), ""));
        File.Move(_folder.File("pipe"), Db, overwrite: true);
        string[] said = End(live, expected: 1);
        Assert.Matches($"^pitap: The last [0-9]+ records of this run are not on the disk: the store {Db} cannot be written\\.$", said[^1]);
        Assert.Contains(said, line => line.Contains($"{Db} is a named pipe", StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*damaged*"));
        Assert.Equal(2, Executable.Run("flows", "--db", Db).Code);
    }

    /// <summary>A capture that nothing comes to, into a store that a replay has begun.</summary>
    private Process StartOnStore(int flows)
    {
        Assert.SkipUnless(MachineProbe.HasNetRaw(File.ReadLines("/proc/self/status")), "needs CAP_NET_RAW");
        SampleCapture.Write(_folder.File("a.pcapng"), flows);
        Assert.Equal(0, Executable.Run("replay", "--db", Db, _folder.File("a.pcapng")).Code);
        Process live = Executable.Start("live", "-i", "lo", "--filter", "udp port 9", "--db", Db);
        Executable.WaitUntil(() => live.HasExited || File.Exists(Db + ".sock"), "a socket");
        return live;
    }

    /// <summary>Asks it to end. Returns the lines of standard error.</summary>
    private static string[] End(Process live, int expected)
    {
        Assert.Equal(0, Kill(live.Id, Terminate));
        (int code, _, string error) = Executable.End(live);
        Assert.True(code == expected, $"{code}: {error}");
        return error.TrimEnd().Split('\n');
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
