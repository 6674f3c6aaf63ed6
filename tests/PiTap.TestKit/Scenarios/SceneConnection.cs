using PiTap.Wire.Transport;

namespace PiTap.TestKit.Scenarios;

/// <summary>A TCP connection of a scene. A side acknowledges what it got with whatever it sends next.</summary>
public sealed class SceneConnection(Scene scene, SceneHost client, ushort clientPort, SceneHost server, ushort serverPort)
{
    private const int SegmentBytes = 1_400;
    private const int RoundTripMs = 24;

    private uint _up = 1_000;
    private uint _down = 2_000_000_000;

    /// <summary>The three segments that open it; returns when it is open.</summary>
    public long Open(long ms)
    {
        Segment(ms, true, TcpFlags.Syn, []);
        _up++;
        Segment(ms + RoundTripMs, false, TcpFlags.Syn | TcpFlags.Ack, []);
        _down++;
        Segment(ms + RoundTripMs + 1, true, TcpFlags.Ack, []);
        return ms + RoundTripMs + 1;
    }

    /// <summary>Bytes from one side, cut into segments; the other acknowledges them. Returns when that is done.</summary>
    public long Send(long ms, bool fromClient, ReadOnlySpan<byte> bytes)
    {
        for (int offset = 0; offset < bytes.Length; offset += SegmentBytes)
        {
            Segment(ms, fromClient, TcpFlags.Psh | TcpFlags.Ack, bytes.Slice(offset, Math.Min(SegmentBytes, bytes.Length - offset)));
            ms++;
        }
        Segment(ms, !fromClient, TcpFlags.Ack, []);
        return ms;
    }

    /// <summary>A question and its answer; returns when the answer is there.</summary>
    public long Exchange(long ms, ReadOnlySpan<byte> question, ReadOnlySpan<byte> answer) =>
        Send(Send(ms, true, question) + RoundTripMs, false, answer);

    /// <summary>The segments that close it, the server first.</summary>
    public void Close(long ms)
    {
        Segment(ms, false, TcpFlags.Fin | TcpFlags.Ack, []);
        _down++;
        Segment(ms + 1, true, TcpFlags.Fin | TcpFlags.Ack, []);
        _up++;
        Segment(ms + RoundTripMs, false, TcpFlags.Ack, []);
    }

    private void Segment(long ms, bool fromClient, TcpFlags flags, ReadOnlySpan<byte> payload)
    {
        bool isFirst = flags == TcpFlags.Syn;
        if (fromClient)
        {
            scene.Tcp(ms, client, server, Packets.Tcp(clientPort, serverPort, _up, isFirst ? 0 : _down, flags, payload));
            _up += (uint)payload.Length;
        }
        else
        {
            scene.Tcp(ms, server, client, Packets.Tcp(serverPort, clientPort, _down, _up, flags, payload));
            _down += (uint)payload.Length;
        }
    }
}
