using System.Globalization;
using SharpFuzz;

namespace PiTap.Fuzz;

/// <summary>
/// Verbs: none (managed run), <c>--write-seeds</c>, <c>--list</c>, <c>--instrument FILE</c> and <c>--afl</c>, which fuzz.sh uses. Exit
/// codes: 0 as it should be, 1 a parser broke (or the canary did not), 2 usage.
/// </summary>
internal static class Program
{
    private const string Usage =
        "PiTap.Fuzz --target NAME|all [--executions N] [--seed N] [--corpus FOLDER] | --write-seeds | --list | --instrument FILE "
        + "| --afl --target NAME";

    private static int Main(string[] args)
    {
        if (!TryReadOptions(args, out Dictionary<string, string> options))
            return Fail(Usage);
        // Before anything touches the assembly: a loaded file cannot be instrumented.
        if (options.TryGetValue("--instrument", out string? assembly))
        {
            Fuzzer.Instrument(assembly, static _ => true, Options.Value);
            return 0;
        }
        return Run(options);
    }

    private static int Run(Dictionary<string, string> options)
    {
        string root = options.GetValueOrDefault("--corpus") ?? FindCorpus();
        if (options.ContainsKey("--list"))
        {
            foreach (FuzzTarget target in TargetTable.All)
                Console.WriteLine(target.Name);
            return 0;
        }
        if (options.ContainsKey("--write-seeds"))
        {
            foreach (FuzzTarget target in TargetTable.All)
                Console.WriteLine($"{target.Name}: {new Corpus(root, target.Name).WriteSeeds(target.Seeds())} seeds");
            return 0;
        }
        if (!options.TryGetValue("--target", out string? name))
            return Fail(Usage);
        if (options.ContainsKey("--afl"))
            return RunUnderAfl(name);
        if (!TryNumber(options, "--executions", 100_000, out long executions) || !TryNumber(options, "--seed", 1, out long seed)
            || seed > int.MaxValue)
            return Fail(Usage);
        IReadOnlyList<FuzzTarget> targets = name == "all" ? TargetTable.All : TargetTable.Find(name) is { } one ? [one] : [];
        return targets.Count == 0 ? Fail($"There is no target '{name}'; --list names them.")
            : RunManaged(targets, root, executions, (int)seed);
    }

    private static int RunManaged(IReadOnlyList<FuzzTarget> targets, string root, long executions, int seed)
    {
        long total = 0;
        int failed = 0;
        foreach (FuzzTarget target in targets)
        {
            FuzzOutcome outcome = new ManagedFuzzer(target, new Corpus(root, target.Name), Console.Out).Run(executions, seed);
            total += outcome.Executions;
            if (outcome.Crashes > 0 == target.MustFail)
                continue;
            failed++;
            if (target.MustFail)
                Console.WriteLine($"{target.Name}: its fault was not found");
        }
        Console.WriteLine($"{total} executions of {targets.Count} targets, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static int RunUnderAfl(string name)
    {
        if (TargetTable.Find(name) is not { } target)
            return Fail($"There is no target '{name}'; --list names them.");
        byte[] buffer = new byte[1 << 20];
        Fuzzer.Run(stream =>
        {
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            target.Fuzz(buffer.AsSpan(0, length));
        });
        return 0;
    }

    /// <summary>The corpus in the working tree, found from where the program lies.</summary>
    private static string FindCorpus()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "corpus");
            if (File.Exists(Path.Combine(folder.FullName, "PiTap.Fuzz.csproj")))
                return candidate;
        }
        return Path.Combine(Environment.CurrentDirectory, "corpus");
    }

    private static bool TryReadOptions(string[] args, out Dictionary<string, string> options)
    {
        options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--list" or "--write-seeds" or "--afl":
                    options[args[i]] = "";
                    break;
                case "--target" or "--executions" or "--seed" or "--corpus" or "--instrument" when i + 1 < args.Length:
                    options[args[i]] = args[++i];
                    break;
                default:
                    return false;
            }
        }
        return options.Count > 0;
    }

    private static bool TryNumber(Dictionary<string, string> options, string name, long standard, out long number)
    {
        number = standard;
        return !options.TryGetValue(name, out string? text)
            || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
