using System.Text;
using PiTap.Export;
using PiTap.Host.Platform;

namespace PiTap.Host.Output;

/// <summary>Where a command speaks: results on standard output, everything else on standard error, and the clock it goes by.</summary>
internal sealed class Surface : IDisposable
{
    private const int DefaultWidth = 120;
    private const int DefaultHeight = 24;
    private const int MinWidth = 40;
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    public Surface(Stream output, Stream error, bool isOutputTerminal, bool isErrorTerminal, TimeProvider clock)
    {
        Stream = output;
        Out = new StreamWriter(output, s_encoding, leaveOpen: true) { AutoFlush = false };
        Error = new StreamWriter(error, s_encoding, leaveOpen: true) { AutoFlush = true };
        IsOutputTerminal = isOutputTerminal;
        IsErrorTerminal = isErrorTerminal;
        Clock = clock;
    }

    /// <summary>Bytes of results; flush <see cref="Out"/> before writing here.</summary>
    public Stream Stream { get; }

    /// <summary>Text of results.</summary>
    public TextWriter Out { get; }

    /// <summary>Messages.</summary>
    public TextWriter Error { get; }

    public bool IsOutputTerminal { get; }

    public bool IsErrorTerminal { get; }

    public TimeProvider Clock { get; }

    /// <summary>Columns of the terminal.</summary>
    public int Width => FixedWidth ?? Math.Max(MinWidth, TerminalSize(static () => Console.WindowWidth, DefaultWidth));

    /// <summary>Lines of the terminal.</summary>
    public int Height => FixedHeight ?? Math.Max(1, TerminalSize(static () => Console.WindowHeight, DefaultHeight));

    /// <summary>Lines to use whatever the terminal has; null asks it each time.</summary>
    public int? FixedHeight { get; init; }

    /// <summary>Columns to use whatever the terminal has; null asks it each time.</summary>
    public int? FixedWidth { get; init; }

    /// <summary>This process's standard output and error.</summary>
    public static Surface Standard() => new(
        new DescriptorStream(OutputDescriptor),
        new DescriptorStream(ErrorDescriptor),
        NativeMethods.IsTerminal(OutputDescriptor) == 1,
        NativeMethods.IsTerminal(ErrorDescriptor) == 1,
        TimeProvider.System);

    /// <summary>One message on standard error, cleaned: it may hold a name from the network or from a folder.</summary>
    public void Say(string message) => Error.WriteLine("pitap: " + TerminalText.Clean(message));

    public void Dispose()
    {
        Out.Flush();
        Error.Flush();
    }

    private static int TerminalSize(Func<int> ask, int otherwise)
    {
        try
        {
            int size = ask();
            return size > 0 ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }
}
