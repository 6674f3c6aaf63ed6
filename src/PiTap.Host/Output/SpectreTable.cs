using Spectre.Console;

namespace PiTap.Host.Output;

/// <summary>The only places that load Spectre.Console: a table or a progress bar on a terminal.</summary>
internal static class SpectreTable
{
    /// <summary>Draws cleaned rows. Cells are plain <see cref="Text"/>, never markup: a bracket in a name is a bracket.</summary>
    public static void Draw(Surface surface, IReadOnlyList<Column> columns, IReadOnlyList<string[]> rows)
    {
        Spectre.Console.Table table = new() { Border = TableBorder.Simple };
        foreach (Column column in columns)
        {
            TableColumn drawn = new(new Text(column.Header, new Style(decoration: Decoration.Bold)));
            if (column.IsNumber)
                drawn.RightAligned().NoWrap();
            table.AddColumn(drawn);
        }
        foreach (string[] row in rows)
            table.AddRow(row.Select(static cell => new Text(cell)));
        Console(surface).Write(table);
        surface.Out.Flush();
    }

    /// <summary>A console of Spectre's over the surface's output.</summary>
    private static IAnsiConsole Console(Surface surface)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(surface.Out),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = surface.Width;
        return console;
    }
}
