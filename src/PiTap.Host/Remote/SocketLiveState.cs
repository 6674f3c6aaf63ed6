using System.Runtime.CompilerServices;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>Watches the capture of another process, through its daemon's socket.</summary>
internal sealed class SocketLiveState(string databasePath) : ILiveStateReader
{
    /// <summary>A daemon sends a state each second; one that is silent for so long hangs.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    /// <exception cref="IOException">No daemon answers, or it refuses or breaks off; the message is a sentence.</exception>
    public async IAsyncEnumerable<LiveState> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using DaemonConnection connection = DaemonConnection.Open(databasePath, s_timeout);
        connection.Send(new StoreRequest(DaemonVerbs.Watch));
        while (true)
        {
            string line;
            try
            {
                line = await connection.ReadLineAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
            if (connection.TryParse(line, RecordJson.Default.LiveState, out LiveState? state, out StoreReply? reply))
                yield return state!;
            else if (reply!.Error is null)
                yield break;
            else
                throw new IOException("The daemon refuses: " + reply.Error);
        }
    }
}
