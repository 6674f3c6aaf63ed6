using System.Buffers;

namespace PiTap.Host.Platform;

/// <summary>
/// What the program was called as: hints name the command that its user can type again. `src/run.sh` says it in <c>PITAP_COMMAND</c>.
/// </summary>
internal sealed class CommandName
{
    private const string Name = "pitap";
    private const int MaxChars = 256;

    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+:,@%");

    private CommandName(string text) => Text = text;

    /// <summary>For example <c>sudo src/run.sh</c>.</summary>
    public string Text { get; }

    public static CommandName Plain { get; } = new(Name);

    /// <summary>Of this process.</summary>
    public static CommandName OfProcess() => Of(Environment.GetEnvironmentVariable, FirstArgument());

    /// <summary>From the environment and the name under which the process was started.</summary>
    public static CommandName Of(Func<string, string?> environment, string started)
    {
        string? told = environment("PITAP_COMMAND");
        string text = !string.IsNullOrEmpty(told) && told.Length <= MaxChars ? told
            : Path.GetFileName(started) == Name && started.Length <= MaxChars ? started
            : Name;
        return new CommandName(string.IsNullOrEmpty(environment("SUDO_USER")) || !Environment.IsPrivilegedProcess ? text : "sudo " + text);
    }

    /// <summary>A sentence in which commands stand as <c>'pitap flows'</c>, with what this one is called.</summary>
    public string In(string sentence) =>
        Text == Name ? sentence : sentence.Replace($"'{Name} ", $"'{Text} ", StringComparison.Ordinal);

    /// <summary>A path as a shell takes it.</summary>
    public static string Quoted(string path) =>
        path.AsSpan().ContainsAnyExcept(s_plain) ? $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'" : path;

    /// <summary>The path that the process was started by: the runtime knows only the file behind it.</summary>
    private static string FirstArgument()
    {
        try
        {
            string line = File.ReadAllText("/proc/self/cmdline");
            return line[..Math.Max(0, line.IndexOf('\0', StringComparison.Ordinal))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Name;
        }
    }
}
