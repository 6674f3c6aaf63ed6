namespace PiTap.Host.Platform;

/// <summary>Ends a command with a sentence for its user.</summary>
internal sealed class CliException(string message) : Exception(message);

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
