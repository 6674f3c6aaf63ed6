using System.Diagnostics;

namespace PiTap.Fuzz;

/// <summary>What a run came to.</summary>
internal readonly record struct FuzzOutcome(long Executions, int Crashes);

/// <summary>
/// Runs a target over its corpus and over mutations of it, without afl and without feedback: what every machine and CI can do.
/// Deterministic for a corpus, a count and a seed, but for the watch on hangs.
/// </summary>
internal sealed class ManagedFuzzer(FuzzTarget target, Corpus corpus, TextWriter output)
{
    /// <summary>Crashes after which a run ends: more of them say nothing new.</summary>
    private const int MaxCrashes = 10;

    private static readonly TimeSpan s_watchInterval = TimeSpan.FromSeconds(20);

    private readonly byte[] _current = new byte[Mutator.MaxBytes];
    private int _currentLength;
    private long _executions;
    private long _executionsAtLastWatch = -1;

    public FuzzOutcome Run(long executions, int seed)
    {
        int crashes = 0;
        using Timer watch = new(_ => StopWhenHung(), null, s_watchInterval, s_watchInterval);
        IReadOnlyList<(string Name, byte[] Data)> inputs = corpus.Read();
        foreach ((string name, byte[] data) in inputs)
            crashes += Execute(data, name) ? 0 : 1;
        List<byte[]> starts = [.. inputs.Select(static input => input.Data), Array.Empty<byte>()];
        Mutator mutator = new(seed);
        long begun = Stopwatch.GetTimestamp();
        for (long i = 0; i < executions && crashes < MaxCrashes; i++)
            crashes += Execute(mutator.Next(starts), null) ? 0 : 1;
        output.WriteLine(
            $"{target.Name}: {_executions} executions, {crashes} crashes, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        return new FuzzOutcome(_executions, crashes);
    }

    private bool Execute(ReadOnlySpan<byte> data, string? name)
    {
        int kept = Math.Min(data.Length, _current.Length);
        data[..kept].CopyTo(_current);
        _currentLength = kept;
        _executions++;
        try
        {
            target.Fuzz(data);
            return true;
        }
#pragma warning disable CA1031 // Whatever is thrown is a finding.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            string where = name ?? (target.MustFail ? "an input" : corpus.WriteCrash(data));
            if (!target.MustFail)
                output.WriteLine($"{target.Name}: {where}: {fault}");
            return false;
        }
    }

    /// <summary>No execution may take as long as the watch waits: a loop that does not end shows itself here.</summary>
    private void StopWhenHung()
    {
        long executions = Volatile.Read(ref _executions);
        if (executions == _executionsAtLastWatch)
        {
            output.WriteLine($"{target.Name}: hangs on {corpus.WriteCrash(_current.AsSpan(0, _currentLength))}");
            Environment.Exit(1);
        }
        _executionsAtLastWatch = executions;
    }
}
