using System.Text;
using PiTap.Host.Output;

namespace PiTap.Host.Tests;

/// <summary>A surface that keeps what was said.</summary>
internal sealed class TestSurface : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    public TestSurface(bool isTerminal = false, TimeProvider? clock = null, bool isErrorTerminal = false) =>
        Surface = new Surface(_output, _error, isTerminal, isErrorTerminal, clock ?? TimeProvider.System)
        {
            FixedWidth = 200,
            FixedHeight = 24
        };

    public Surface Surface { get; }

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>True once something was said; from any thread.</summary>
    public bool HasError => _error.Length > 0;

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
