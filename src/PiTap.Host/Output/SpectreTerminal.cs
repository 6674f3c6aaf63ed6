using System.Text;
using Spectre.Console;

namespace PiTap.Host.Output;

/// <summary>
/// What Spectre.Console may know of the terminal. The base library, asked for it, sends sequences that nobody takes back. The size is that
/// of the beginning: told of a smaller one, Spectre.Console clears the screen and all that the terminal has scrolled away, which is the
/// user's.
/// </summary>
internal sealed class SpectreTerminal : IAnsiConsoleOutput
{
    private readonly Surface _surface;

    private SpectreTerminal(Surface surface)
    {
        _surface = surface;
        Width = surface.Width;
        Height = surface.Height;
    }

    public TextWriter Writer => _surface.Error;

    public bool IsTerminal => true;

    public int Width { get; }

    public int Height { get; }

    /// <summary>A console that draws on standard error.</summary>
    public static IAnsiConsole Console(Surface surface)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new SpectreTerminal(surface),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        console.Profile.Capabilities.Unicode = surface.IsUnicode;
        return console;
    }

    public void SetEncoding(Encoding encoding)
    {
    }
}
