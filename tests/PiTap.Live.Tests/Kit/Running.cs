using System.Diagnostics;

namespace PiTap.Live.Tests.Kit;

/// <summary>A process that a test started, and what it has said so far. Whatever happens, it ends with the test.</summary>
internal sealed class Running : IDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly List<string> _output = [];
    private readonly List<string> _error = [];

    public Running(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start =
            new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Add(_error, line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string Output => Text(_output);

    public string Error => Text(_error);

    public void WaitForError(string sentence, int times = 1) =>
        Wait.Until(
            () => Has(sentence, times)
                || (HasEnded && !Has(sentence, times)
                    ? throw new InvalidOperationException($"It ended without '{sentence}': {Error}") : false),
            () => $"'{sentence}' in: {Error}");

    private bool Has(string sentence, int times) => Error.Split(sentence).Length > times;

    /// <summary>The exit code, once it has ended and all its words are here.</summary>
    public int WaitForEnd()
    {
        Assert.True(_process.WaitForExit(Wait.LimitMs), "It does not end: " + Error);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Asks it to end; returns the exit code.</summary>
    public int End(int signal)
    {
        Native.Signal(Id, signal);
        return WaitForEnd();
    }

    /// <summary>SIGKILL: it has no say in this.</summary>
    public void Kill()
    {
        _process.Kill();
        WaitForEnd();
    }

    public void Dispose()
    {
        if (!HasEnded)
            _process.Kill();
        _process.WaitForExit(Wait.LimitMs);
        _process.Dispose();
    }

    private void Add(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (_gate)
            lines.Add(line);
    }

    private string Text(List<string> lines)
    {
        lock (_gate)
            return string.Join('\n', lines);
    }
}
