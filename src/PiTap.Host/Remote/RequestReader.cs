using System.Net.Sockets;
using System.Text.Json;

namespace PiTap.Host.Remote;

/// <summary>Reads what a client asks.</summary>
internal static class RequestReader
{
    /// <summary>
    /// The first line; null if it is no request, or too long. A client that takes too long is an <see
    /// cref="OperationCanceledException"/>.
    /// </summary>
    public static async Task<StoreRequest?> ReadAsync(NetworkStream stream, TimeSpan timeout, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(timeout);
        byte[] buffer = new byte[DaemonVerbs.MaxRequestBytes];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await stream.ReadAsync(buffer.AsMemory(length), patience.Token).ConfigureAwait(false);
            if (read == 0)
                return null;
            int newline = buffer.AsSpan(length, read).IndexOf((byte)'\n');
            if (newline >= 0)
                return Parse(buffer.AsSpan(0, length + newline));
            length += read;
        }
        return null;
    }

    private static StoreRequest? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, RecordJson.Default.StoreRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
