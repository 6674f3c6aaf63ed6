using System.Diagnostics;
using PiTap.Host.Platform;

namespace PiTap.Host.Remote;

/// <summary>
/// An answer on its way to a client, in pieces. There is a time for each piece and one for all of them: whoever takes a byte now and then
/// holds a place no longer than whoever takes none.
/// </summary>
internal sealed class AnswerStream(Stream client, DaemonLimits limits) : WriteOnlyStream
{
    /// <summary>Bytes of a piece: what a client has to take in <see cref="DaemonLimits.ClientTimeout"/>.</summary>
    public const int PieceBytes = 64 * 1024;

    private readonly byte[] _piece = new byte[PieceBytes];
    private readonly CancellationTokenSource _all = new(limits.AnswerTimeout);
    private int _length;
    private long _sent = Stopwatch.GetTimestamp();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_length == PieceBytes)
                Flush();
            int count = Math.Min(buffer.Length, PieceBytes - _length);
            buffer[..count].CopyTo(_piece.AsSpan(_length));
            _length += count;
            buffer = buffer[count..];
        }
    }

    public override void WriteByte(byte value) => Write([value]);

    /// <summary>
    /// Between two records, while the store is searched: an answer that finds little ends in time as well, its client is told now and then
    /// that it goes on, with an empty line if there is nothing else, and one that is gone is noticed.
    /// </summary>
    public void KeepAlive()
    {
        if (_all.IsCancellationRequested)
            throw new IOException("The answer takes too long.");
        if (Stopwatch.GetElapsedTime(_sent) < limits.KeepAliveEvery)
            return;
        if (_length == 0)
            WriteByte((byte)'\n');
        Flush();
    }

    /// <summary>Sends what there is. An <see cref="IOException"/> if the client is too slow for it.</summary>
    public override void Flush()
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(_all.Token);
        patience.CancelAfter(limits.ClientTimeout);
        try
        {
            client.WriteAsync(_piece.AsMemory(0, _length), patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException slow)
        {
            throw new IOException("The client takes its answer too slowly.", slow);
        }
        _length = 0;
        _sent = Stopwatch.GetTimestamp();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _all.Dispose();
        base.Dispose(disposing);
    }
}
