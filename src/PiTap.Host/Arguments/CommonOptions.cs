using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PiTap.Analysis;
using PiTap.Host.Platform;
using PiTap.Store;

namespace PiTap.Host.Arguments;

/// <summary>The options that several commands share. Each call makes a new one: a symbol belongs to one command.</summary>
internal static class CommonOptions
{
    private const int MaxPort = 65535;

    public static Option<string> Db() => new("--db")
    {
        Description = "The store's file.",
        HelpName = "PATH",
        CustomParser = static result => NotEmpty(result, Single(result)) ?? "",
        DefaultValueFactory = static _ => DefaultPaths.Database() ?? "",
    };

    /// <summary>
    /// The store that <see cref="Db"/> or its default names, for a command that uses it: there has to be such a name, and what has it has
    /// to be a file, if anything. What is no file is left as it is.
    /// </summary>
    public static string StorePath(ParseResult parsed, Option<string> db)
    {
        string path = NamedStore(parsed, db);
        return StoreFile.WhyNot(path) is { } reason ? throw new CliException(reason, ExitCode.Usage) : path;
    }

    /// <summary>The same for a command that only looks.</summary>
    public static string NamedStore(ParseResult parsed, Option<string> db) => parsed.GetRequiredValue(db) is { Length: > 0 } path
        ? path
        : throw new CliException("The store has no place: HOME is not set. Set it, or name a file with --db.", ExitCode.Usage);

    public static Option<string?> Profile() => new("--profile")
    {
        Description = "Take devices to run this app: tell its publisher from third parties, and those that its privacy policy names "
            + "from those that it does not. 'pitap data profiles' lists them.",
        HelpName = "APP",
        CustomParser = static result => NotEmpty(result, Single(result)),
    };

    public static Option<bool> Json() => new("--json") { Description = "One JSON object instead of text." };

    public static Option<ClientFilter?> Clients() => new("--clients")
    {
        Description = "Keep only the traffic of these clients: addresses, subnets and MACs, separated by commas (default: of all).",
        HelpName = "LIST",
        CustomParser = static result =>
        {
            string[] items = [.. Items(result)];
            string error = "needs at least one address, subnet or MAC; leave it out to keep all";
            if (items.Length > 0 && ClientFilter.TryParse(items, out ClientFilter? filter, out error))
                return filter;
            result.AddError($"--clients: {error}.");
            return null;
        },
    };

    public static Option<string[]> Ignore() => new("--ignore")
    {
        Description = "Reduce flows to these hosts, and to names below them, to totals: host name suffixes, separated by commas "
            + "(default: none).",
        HelpName = "LIST",
        CustomParser = ParseSuffixes,
    };

    /// <summary>Absent: the analysis's own default. <see cref="FlowTimeout.None"/>: no time-out.</summary>
    public static Option<FlowTimeout?> FlowTimeoutOption() => new("--flow-timeout")
    {
        Description = "End a flow that was silent for so long (30s, 5m, 2h; "
            + $"default: {Duration.Format(new AnalysisOptions().FlowIdleTimeoutNs ?? 0)}); none: one flow for each 5-tuple.",
        HelpName = "T|none",
        CustomParser = static result =>
        {
            string text = Single(result);
            if (text == "none")
                return FlowTimeout.None;
            return ParseDuration(result, text) is long durationNs ? new FlowTimeout(durationNs) : null;
        },
    };

    public static Option<long?> DurationOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "T",
        CustomParser = static result => ParseDuration(result, Single(result)),
    };

    public static Option<long?> Size(string name, string description, long minBytes, long maxBytes) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result =>
        {
            string text = Single(result);
            if (!ByteSize.TryParse(text, out long bytes))
                result.AddError($"{name}: '{text}' is no size; write for example 64MiB.");
            else if (bytes < minBytes || bytes > maxBytes)
                result.AddError($"{name}: {text} is outside {ByteSize.Format(minBytes)} to {ByteSize.Format(maxBytes)}.");
            else
                return bytes;
            return null;
        },
    };

    public static Option<int?> Number(string name, string helpName, string description, int min, int max) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            string text = Single(result);
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
                return number;
            result.AddError($"{name}: '{text}' is no whole number from {min} to {max}.");
            return null;
        },
    };

    /// <summary>A moment: RFC 3339, a date, a time of the day, or a duration before now.</summary>
    public static Option<Moment?> MomentOption(string name, string description, TimeProvider clock) => new(name)
    {
        Description = description,
        HelpName = "T",
        CustomParser = result =>
        {
            string text = Single(result);
            if (Moment.Parse(text, clock) is Moment moment)
                return moment;
            result.AddError($"{name}: '{text}' is no time; write 2021-02-12T17:00:00Z, 2021-02-12, 14:13:45, or 2h for two hours ago.");
            return null;
        },
    };

    /// <summary>Absent: the default of the capture. Empty: none.</summary>
    public static Option<int[]?> Ports(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "LIST|none",
        CustomParser = result =>
        {
            if (Single(result) == "none")
                return [];
            List<int> ports = [];
            if (!Items(result).Any())
                result.AddError($"{name} needs at least one port; none: no port is left out.");
            foreach (string item in Items(result))
            {
                if (int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= MaxPort)
                    ports.Add(port);
                else
                    result.AddError($"{name}: '{item}' is no port from 1 to {MaxPort}.");
            }
            return [.. ports];
        },
    };

    /// <summary>Refuses arguments that look like options: a mistyped one would be taken for a file, or for a device.</summary>
    public static void NoOptions(ArgumentResult result)
    {
        foreach (string text in result.Tokens.Select(static token => token.Value))
        {
            if (text.Length > 1 && text[0] == '-')
                result.AddError($"There is no option '{text}'. If it is meant as it stands, write ./{text} for a file.");
        }
    }

    /// <summary>An option given once has one token; given twice without being a list, the last one counts.</summary>
    public static string Single(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;

    /// <summary>The text, with an error where there is none.</summary>
    public static string? NotEmpty(ArgumentResult result, string text)
    {
        if (!string.IsNullOrWhiteSpace(text) && !text.Contains('\0'))
            return text;
        result.AddError($"{OptionName(result)} needs a value that is not empty.");
        return null;
    }

    /// <summary>What stands between commas.</summary>
    public static IEnumerable<string> Items(ArgumentResult result) =>
        result.Tokens.SelectMany(static token =>
            token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static string OptionName(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name
        : result.Argument.Name;

    private static long? ParseDuration(ArgumentResult result, string text)
    {
        if (Duration.TryParse(text, out long durationNs))
            return durationNs;
        result.AddError($"{OptionName(result)}: '{text}' is no duration; write for example 30s, 5m, 2h or 1d.");
        return null;
    }

    private static string[] ParseSuffixes(ArgumentResult result)
    {
        List<string> suffixes = [];
        if (!Items(result).Any())
            result.AddError($"{OptionName(result)} needs at least one host name suffix; leave it out to keep all.");
        foreach (string item in Items(result))
        {
            string suffix = item.TrimStart('*').Trim('.').ToLowerInvariant();
            if (suffix.Length == 0 || suffix.AsSpan().ContainsAny(" */:@"))
                result.AddError($"{OptionName(result)}: '{item}' is no host name suffix; write for example example.org.");
            else
                suffixes.Add(suffix);
        }
        return [.. suffixes];
    }
}

/// <summary>When a silent flow ends.</summary>
/// <param name="IdleNs">Nanoseconds; null for never.</param>
internal sealed record FlowTimeout(long? IdleNs)
{
    public static FlowTimeout None { get; } = new((long?)null);
}
