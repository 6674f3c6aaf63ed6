namespace PiTap.Host.Remote;

/// <summary>What the socket allows.</summary>
internal sealed class DaemonLimits
{
    /// <summary>Connections at once, whatever they want; a further one is closed without a word.</summary>
    public int MaxConnections { get; init; } = 160;

    /// <summary>Questions about the store that are answered at once: each has a thread, and the store's gate is one.</summary>
    public int MaxQueries { get; init; } = 8;

    /// <summary>Questions that wait for one of these places.</summary>
    public int MaxWaitingQueries { get; init; } = 64;

    /// <summary>How long a question waits for its place before it is refused.</summary>
    public TimeSpan QueryWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clients that watch the live state.</summary>
    public int MaxWatchers { get; init; } = 32;

    /// <summary>Clients with a command; the daemon carries out one after the other.</summary>
    public int MaxCommands { get; init; } = 16;

    /// <summary>How long a client may take to ask, and to take each piece of the answer (<see cref="AnswerStream.PieceBytes"/>).</summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an answer about the store may take in all: a large store is some minutes' work.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After how much silence an answer shows that it goes on; clients give up after 30 s.</summary>
    public TimeSpan KeepAliveEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long closing waits for clients to notice.</summary>
    public TimeSpan CloseWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait after a failed accept.</summary>
    public TimeSpan AcceptRetry { get; init; } = TimeSpan.FromSeconds(1);
}
