using System.Text.Json;
using PiTap.Model;

namespace PiTap.Host.Remote;

/// <summary>The newest state as a line, made once for all who watch it.</summary>
internal sealed class LiveLines
{
    private Line? _newest;

    public ReadOnlyMemory<byte> For(LiveState state)
    {
        Line? line = Volatile.Read(ref _newest);
        if (!ReferenceEquals(line?.State, state))
        {
            // Two who come at once each make it: the same.
            line = new Line(state, [.. JsonSerializer.SerializeToUtf8Bytes(state, RecordJson.Default.LiveState), (byte)'\n']);
            Volatile.Write(ref _newest, line);
        }
        return line.Bytes;
    }

    /// <summary>States are compared by reference: equality of records would compare all that is in them.</summary>
    private sealed class Line(object state, byte[] bytes)
    {
        public object State => state;

        public byte[] Bytes => bytes;
    }
}
