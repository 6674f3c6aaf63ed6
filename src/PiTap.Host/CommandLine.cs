using System.CommandLine;
using System.CommandLine.Invocation;
using PiTap.Host.Commands;
using PiTap.Host.Output;
using PiTap.Host.Platform;

namespace PiTap.Host;

/// <summary>The command `pitap`: parses, runs one verb, and turns every failure into one sentence and an exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        PiTap shows who a device talks to, how that is known, and what could be read on the way.
        It listens only: traffic is never altered, and PiTap itself contacts nobody.

        Exit codes: 0 done, 1 failed (standard error says why), 2 wrong usage.
        """;

    public static int Run(string[] args, Surface surface)
    {
        try
        {
            return Invoke(args, surface);
        }
        catch (OutputClosedException)
        {
            return ExitCode.Ok;
        }
        catch (Exception failure) when (Failures.Sentence(failure) is string sentence)
        {
            surface.Say(sentence);
            return failure is CliException cli ? cli.Code : ExitCode.Failed;
        }
        catch (Exception failure)
        {
            surface.Say($"Internal error, please report it: {failure.GetType().Name}: {failure.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>The parser; where a verb comes first, as it should, only that one is set up.</summary>
    private static RootCommand Build(string[] args, Surface surface)
    {
        (string Name, Func<Surface, Command> Create)[] verbs =
        [
            ("demo", DemoCommand.Create),
            ("live", LiveCommand.Create),
            ("watch", WatchCommand.Create),
            ("replay", ReplayCommand.Create),
            ("flows", RecordCommands.Flows),
            ("parties", RecordCommands.Parties),
            ("contacts", RecordCommands.Contacts),
            ("devices", RecordCommands.Devices),
            ("names", RecordCommands.Names),
            ("forget", ForgetCommand.Create),
            ("stats", StatsCommand.Create),
            ("data", DataCommand.Create),
            ("doctor", DoctorCommand.Create),
            ("page", PageCommand.Create),
        ];
        RootCommand root = new(Description);
        // [suggest] and its like would swallow a file of that name.
        root.Directives.Clear();
        int asked = args.Length == 0 ? -1 : Array.FindIndex(verbs, verb => verb.Name == args[0]);
        foreach ((_, Func<Surface, Command> create) in asked < 0 ? verbs : verbs[asked..(asked + 1)])
            root.Add(create(surface));
        return root;
    }

    private static int Invoke(string[] args, Surface surface)
    {
        // Scripts ask for the version before every use: answered without loading the parser.
        if (args is ["--version"])
        {
            surface.Out.WriteLine("pitap " + ProgramVersion.Text);
            surface.Out.Flush();
            return ExitCode.Ok;
        }
        // An argument that begins with @ is a file of that name, not a file of arguments.
        ParseResult parsed = Build(args, surface).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
            return Refuse(parsed, surface);
        int code = parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = surface.Out,
            Error = surface.Error,
        });
        try
        {
            surface.Out.Flush();
        }
        catch (OutputClosedException)
        {
            // What came of the command is the same, whether anybody read to the end or not.
        }
        return code;
    }

    /// <summary>The words of a command behind `pitap`, each with a blank: <c>data show </c>.</summary>
    private static string Path(Command command) => command is RootCommand
        ? ""
        : string.Concat(command.Parents.OfType<Command>().Select(Path)) + command.Name + " ";

    private static int Refuse(ParseResult parsed, Surface surface)
    {
        Command command = parsed.CommandResult.Command;
        bool isRoot = command is RootCommand;
        if (isRoot && parsed.UnmatchedTokens is [string unknown, ..])
        {
            surface.Say($"There is no command '{unknown}'.");
        }
        else
        {
            foreach (string message in parsed.Errors.Select(static error => error.Message).Distinct(StringComparer.Ordinal))
                surface.Say(message.ReplaceLineEndings(" ").Replace('\t', ' ').Replace("  ", " ", StringComparison.Ordinal));
        }
        surface.Say($"See 'pitap {Path(command)}--help'.");
        return ExitCode.Usage;
    }
}
