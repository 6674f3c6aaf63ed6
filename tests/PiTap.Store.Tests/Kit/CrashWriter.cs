using System.Diagnostics;
using System.Globalization;
using PiTap.Model;

namespace PiTap.Store.Tests.Kit;

/// <summary>
/// Another process that writes a store until it is killed: this very assembly, asked for its one explicit test. It says on its output which
/// batches are safe.
/// </summary>
internal sealed class CrashWriter : IDisposable
{
    public const int FlowsABatch = 7;
    public const string PathVariable = "PITAP_STORE_CRASH_PATH";
    public const string ModeVariable = "PITAP_STORE_CRASH_MODE";

    private const int LongKills = 200;

    private readonly Process _process;

    private CrashWriter(Process process) => _process = process;

    /// <summary>How often a test kills: 200 times in a long run (PITAP_LONG=1), or as often as PITAP_KILLS says.</summary>
    public static int Kills(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("PITAP_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills
            : Environment.GetEnvironmentVariable("PITAP_LONG") == "1" ? LongKills : usual;

    public int Id => _process.Id;

    /// <summary>The last batch that the process called safe.</summary>
    public long Acknowledged { get; private set; }

    public static CrashWriter Start(string storePath, string mode)
    {
        ProcessStartInfo start =
            new("dotnet",
                ["exec", typeof(CrashWriter).Assembly.Location, "-noLogo", "-explicit", "only", "-class",
                    typeof(CrashWriterProcess).FullName!])
            { RedirectStandardOutput = true };
        start.Environment[PathVariable] = storePath;
        start.Environment[ModeVariable] = mode;
        return new CrashWriter(Process.Start(start)!);
    }

    /// <summary>Reads what the process says until it has come that far; what it says at the end of its life counts as well.</summary>
    public void ReadUntil(long batch)
    {
        while (Acknowledged < batch && _process.StandardOutput.ReadLine() is { } line)
        {
            // The test runner has its own lines.
            if (long.TryParse(line, CultureInfo.InvariantCulture, out long said))
                Acknowledged = said;
        }
    }

    public void Kill()
    {
        _process.Kill();
        ReadUntil(long.MaxValue);
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    /// <summary>Final flows, and one open flow that every batch changes.</summary>
    public static RecordBatch Batch(long number)
    {
        RecordBatch batch = Samples.Batch(number, FlowsABatch);
        return batch with { Flows = [.. batch.Flows, Samples.Flow(1_000_000_000, FlowEnd.Open, number)] };
    }
}

/// <summary>The other process's side.</summary>
public sealed class CrashWriterProcess
{
    [Fact(Explicit = true)]
    public void Writes_until_it_is_killed()
    {
        string path = Environment.GetEnvironmentVariable(CrashWriter.PathVariable)!;
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System);
        using Stream output = Console.OpenStandardOutput();
        store.BeginRun(Environment.GetEnvironmentVariable(CrashWriter.ModeVariable)!, "1");
        for (long i = 1; ; i++)
        {
            store.Write(CrashWriter.Batch(i));
            // Now and then several batches are under way at once.
            if (i % 5 == 0)
                continue;
            store.Flush();
            output.Write(System.Text.Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture) + "\n"));
        }
    }
}
