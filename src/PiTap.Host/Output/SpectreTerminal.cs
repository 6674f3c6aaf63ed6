using System.Text;
using Spectre.Console;

namespace PiTap.Host.Output;

/// <summary>
/// What Spectre.Console may know of the terminal. The base library, asked for it, sends sequences that nobody takes back.
/// </summary>
internal sealed class SpectreTerminal : IAnsiConsoleOutput
{
    private readonly Surface _surface;

    private SpectreTerminal(Surface surface) => _surface = surface;

    public TextWriter Writer => _surface.Error;

    public bool IsTerminal => true;

    public int Width => _surface.Width;

    public int Height => _surface.Height;

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
