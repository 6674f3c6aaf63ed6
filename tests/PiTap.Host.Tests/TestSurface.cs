using System.Text;
using PiTap.Host.Output;
using PiTap.Host.Platform;

namespace PiTap.Host.Tests;

/// <summary>A surface that keeps what was said.</summary>
internal sealed class TestSurface : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    /// <param name="isTerminal">Whether standard output is one.</param>
    /// <param name="clock">The clock and the zone; UTC without one.</param>
    /// <param name="isErrorTerminal">Whether standard error is a terminal.</param>
    /// <param name="width">Cells of a line.</param>
    /// <param name="environment">Variables beside TERM and LANG, or in their place, each NAME=VALUE.</param>
    public TestSurface(bool isTerminal = false, TimeProvider? clock = null, bool isErrorTerminal = false, int width = 200,
        params string[] environment)
    {
        Dictionary<string, string> variables = new() { ["TERM"] = "xterm", ["LANG"] = "C.UTF-8" };
        foreach (string variable in environment)
            variables[variable.Split('=')[0]] = variable.Split('=')[1];
        Surface = new Surface(_output, _error, isTerminal, isErrorTerminal, clock ?? new ZoneClock(TimeZoneInfo.Utc),
            TerminalTraits.Of(name => variables.GetValueOrDefault(name)))
        {
            FixedWidth = variables.ContainsKey("COLUMNS") ? null : width,
            FixedHeight = 24,
            Command = CommandName.Of(name => variables.GetValueOrDefault(name), "pitap"),
        };
    }

    public Surface Surface { get; }

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>True once something was said; from any thread.</summary>
    public bool HasError => _error.Length > 0;

    /// <summary>How much was said so far; from any thread.</summary>
    public long ErrorBytes => _error.Length;

    /// <summary>Runs the command line and returns its exit code.</summary>
    public int Run(params string[] args) => CommandLine.Run(args, Surface);

    public void Dispose() => Surface.Dispose();

    private string Text(MemoryStream stream)
    {
        Surface.Dispose();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

/// <summary>A folder of the test's own.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pitap-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>The system's clock in a zone of the test's own.</summary>
internal sealed class ZoneClock(TimeZoneInfo zone, DateTimeOffset? now = null) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => zone;

    public override DateTimeOffset GetUtcNow() => now ?? base.GetUtcNow();
}
