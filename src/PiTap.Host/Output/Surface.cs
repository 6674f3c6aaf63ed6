using System.Text;
using PiTap.Host.Platform;

namespace PiTap.Host.Output;

/// <summary>Where a command speaks: results on standard output, everything else on standard error, and the clock it goes by.</summary>
internal sealed class Surface : IDisposable
{
    private const int DefaultWidth = 80;
    private const int DefaultHeight = 24;
    private const int MinWidth = 20;
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly TerminalTraits _traits;
    private readonly bool _isOutputTerminal;

    public Surface(Stream output, Stream error, bool isOutputTerminal, bool isErrorTerminal, TimeProvider clock, TerminalTraits traits)
    {
        Stream = output;
        Out = new StreamWriter(output, s_encoding, leaveOpen: true) { AutoFlush = false, NewLine = "\n" };
        Error = new StreamWriter(error, s_encoding, leaveOpen: true) { AutoFlush = true, NewLine = "\n" };
        _isOutputTerminal = isOutputTerminal;
        _traits = traits;
        CanDraw = isErrorTerminal && traits.HasEscapes;
        Clock = clock;
        Times = new ShownTime(clock);
    }

    /// <summary>Bytes of results; flush <see cref="Out"/> before writing here.</summary>
    public Stream Stream { get; }

    /// <summary>Text of results.</summary>
    public TextWriter Out { get; }

    /// <summary>Messages.</summary>
    public TextWriter Error { get; }

    /// <summary>True if standard error is a terminal on which things can be drawn and erased again.</summary>
    public bool CanDraw { get; }

    /// <summary>True if text may be more than ASCII.</summary>
    public bool IsUnicode => _traits.IsUnicode;

    public TimeProvider Clock { get; }

    /// <summary>Times as people read them here.</summary>
    public ShownTime Times { get; }

    /// <summary>What the program was called as, for hints: <c>pitap</c>.</summary>
    public CommandName Command { get; init; } = CommandName.Plain;

    /// <summary>Cells that a table may take; null for as many as it likes.</summary>
    public int? TableWidth => _isOutputTerminal || _traits.Columns is not null ? Width : null;

    /// <summary>Cells of a line on the terminal.</summary>
    public int Width =>
        Math.Max(MinWidth, FixedWidth ?? _traits.Columns ?? (Size().Columns is > 0 and int columns ? columns : DefaultWidth));

    /// <summary>Lines of the terminal.</summary>
    public int Height => Math.Max(1, FixedHeight ?? (Size().Lines is > 0 and int lines ? lines : DefaultHeight));

    /// <summary>Lines to use whatever the terminal has; null asks it each time.</summary>
    public int? FixedHeight { get; set; }

    /// <summary>Cells to use whatever the terminal has; null asks it each time.</summary>
    public int? FixedWidth { get; set; }

    /// <summary>This process's standard output and error.</summary>
    public static Surface Standard() => new(
        new DescriptorStream(OutputDescriptor),
        new DescriptorStream(ErrorDescriptor),
        NativeMethods.IsTerminal(OutputDescriptor) == 1,
        NativeMethods.IsTerminal(ErrorDescriptor) == 1,
        TimeProvider.System,
        TerminalTraits.Of(Environment.GetEnvironmentVariable))
    {
        Command = CommandName.OfProcess(),
    };

    /// <summary>
    /// One message on standard error, cleaned: it may hold a name from the network or from a folder. Where that is gone or full there is
    /// nobody to tell, and whatever has something to say goes on.
    /// </summary>
    public void Say(string message)
    {
        try
        {
            Error.WriteLine(Message(message));
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The exit code says what is left to say.
        }
    }

    /// <summary>The message as it is printed.</summary>
    public string Message(string message) => "pitap: " + DisplayText.Clean(Command.In(message), IsUnicode);

    /// <summary>A sentence of the results, broken into lines of the terminal's width.</summary>
    public void Paragraph(string text)
    {
        string clean = DisplayText.Clean(Command.In(text), IsUnicode);
        if (TableWidth is int width)
            clean = string.Join('\n', DisplayText.Wrap(clean, width, IsUnicode));
        Out.WriteLine(clean);
    }

    /// <summary>The text, brighter on a terminal.</summary>
    public string Bold(string text) => _isOutputTerminal && _traits.HasEscapes ? $"\u001b[1m{text}\u001b[0m" : text;

    public void Dispose()
    {
        try
        {
            Out.Flush();
            Error.Flush();
        }
        catch (IOException)
        {
            // Only after a command that failed is there anything left, and why was told by then.
        }
    }

    private static (int Columns, int Lines) Size()
    {
        (int, int) size = NativeMethods.TerminalSize(OutputDescriptor);
        return size == (0, 0) ? NativeMethods.TerminalSize(ErrorDescriptor) : size;
    }
}
