using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>Commands the capture of another process, through its daemon's socket.</summary>
internal sealed class SocketControl(string databasePath) : IControl
{
    /// <summary>
    /// Longer than a daemon lets its callers wait (10 s for their turn, 2 min each for the analysis and the store), by what it takes to
    /// read the store's devices.
    /// </summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(6);

    /// <inheritdoc/>
    public async Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation)
    {
        try
        {
            using DaemonConnection connection = DaemonConnection.Open(databasePath, Timeout);
            connection.Send(new StoreRequest(DaemonVerbs.Forget, Device: device));
            string line = await connection.ReadLineAsync(cancellation).ConfigureAwait(false);
            return connection.TryParse(line, RecordJson.Default.ForgottenRecords, out ForgottenRecords? forgotten, out StoreReply? reply)
                ? forgotten!
                : throw new ControlException(reply!.Error ?? "The daemon gave no answer.");
        }
        catch (IOException failure)
        {
            throw new ControlException(failure.Message, failure);
        }
    }
}
