using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>Commands the capture of another process, through its daemon's socket.</summary>
internal sealed class SocketControl(string databasePath) : IControl
{
    /// <summary>Longer than a daemon lets its callers wait.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromMinutes(3);

    /// <inheritdoc/>
    public async Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation)
    {
        try
        {
            using DaemonConnection connection = DaemonConnection.Open(databasePath, s_timeout);
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
