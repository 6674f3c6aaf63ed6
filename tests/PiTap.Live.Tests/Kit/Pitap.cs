using System.Text.Json;

namespace PiTap.Live.Tests.Kit;

/// <summary>The executable, as people start it.</summary>
internal static class Pitap
{
    public const string FlushInterval = "--flush-interval";

    public static string Executable => Environment.GetEnvironmentVariable("PITAP_EXECUTABLE")
        ?? Path.Combine(AppContext.BaseDirectory, "pitap");

    /// <summary>What a command said. Reading commands run outside the namespaces: they need no interface.</summary>
    public static Answer Run(params string[] arguments)
    {
        using Running running = new(Executable, arguments);
        int code = running.WaitForEnd();
        return new Answer(code, running.Output, running.Error);
    }

    /// <summary>The lines that a command prints, which must succeed without a word on standard error.</summary>
    public static string[] Lines(string command, string db)
    {
        Answer answer = Run(command, "--db", db, "--format", "jsonl");
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        return answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static FlowLine[] Flows(string db) =>
        [.. Lines("flows", db).Select(static line => JsonSerializer.Deserialize<FlowLine>(line, JsonSerializerOptions.Web)!)];

    public static RunLine[] Runs(string db)
    {
        Answer answer = Run("stats", "--json", "--db", db);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        return RunsIn(answer);
    }

    /// <summary>None while there is no store yet, or while it is handed over at the end.</summary>
    public static RunLine[] RunsIfAny(string db) => Run("stats", "--json", "--db", db) is { Code: 0 } answer ? RunsIn(answer) : [];

    private static RunLine[] RunsIn(Answer answer) =>
        JsonSerializer.Deserialize<StatsLine>(answer.Output, JsonSerializerOptions.Web)!.Runs;

    /// <summary>Starts `pitap live` on the watched interface and waits until it captures.</summary>
    public static Running Live(TapWorld world, string db, params string[] more)
    {
        Running live = StartLive(world, db, more);
        try
        {
            live.WaitForError("Listening on");
            return live;
        }
        catch
        {
            live.Dispose();
            throw;
        }
    }

    /// <summary>Counters are in the store within a second, unless <paramref name="more"/> says otherwise.</summary>
    public static Running StartLive(TapWorld world, string db, params string[] more)
    {
        string[] flush = more.Contains(FlushInterval) ? [] : [FlushInterval, "1"];
        return TapWorld.Start(world.Tap, Executable, ["live", "--interface", TapWorld.Watched, "--db", db, .. flush, .. more]);
    }
}

internal sealed record Answer(int Code, string Output, string Error);

/// <summary>A line of `pitap flows`, as a program reads it.</summary>
internal sealed record FlowLine(
    DateTimeOffset Start, DateTimeOffset End, string Proto, string Client, int ClientPort, string Server, int ServerPort, long PacketsUp,
    long PacketsDown, long BytesUp, long BytesDown, string? Host,
    string? HostSource, string Verdict)
{
    public long Packets => PacketsUp + PacketsDown;

    public long Bytes => BytesUp + BytesDown;
}

internal sealed record StatsLine(RunLine[] Runs);

/// <summary>A run in `pitap stats`.</summary>
internal sealed record RunLine(int Run, string Mode, bool Complete, SourceLine[] Sources, Dictionary<string, long> Losses);

internal sealed record SourceLine(
    string Source, long Received, long Kept, long Reduced, long Filtered, long DroppedByKernel, long DroppedByInterface, long DroppedByRing,
    long BytesKept, long Interruptions)
{
    public long Dropped => DroppedByKernel + DroppedByRing;
}
