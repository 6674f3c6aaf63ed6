namespace PiTap.Host.Platform;

/// <summary>Ends a command with a sentence for its user.</summary>
/// <param name="message">The sentence.</param>
/// <param name="code">What the process returns, of <see cref="ExitCode"/>.</param>
internal sealed class CliException(string message, int code = ExitCode.Failed) : Exception(message)
{
    /// <summary>What the process returns.</summary>
    public int Code { get; } = code;
}

/// <summary>What the process returns. Part of the CLI's contract.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Failed, in whole or in part; standard error says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
