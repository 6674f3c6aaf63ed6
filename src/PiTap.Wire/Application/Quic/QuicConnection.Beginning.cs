namespace PiTap.Wire.Application.Quic;

/// <content>Where a connection begins, and an answer that comes before the client's first packet.</content>
public sealed partial class QuicConnection
{
    /// <summary>
    /// A packet that no key fits. Before the client's first one it may be the server's answer: networks and captures swap packets, and its
    /// keys come from what the client's holds. One is kept until then.
    /// </summary>
    private void Fail(in QuicLongHeaderView packet)
    {
        _failedPackets++;
        if (!_hasClient && packet.TotalLength is > 0 and <= MaxEarlyBytes && packet.TotalLength > _early.Length)
            _early = packet.Packet.ToArray();
    }

    private QuicEvents Begin(in QuicLongHeaderView packet, ReadOnlySpan<byte> payload, QuicInitialDecryptor decryptor)
    {
        Start(packet);
        QuicEvents events = QuicEvents.ConnectionStarted | FeedClient(payload, packet.Version);
        byte[] early = _early;
        _early = [];
        // It goes to the ID that the client gave itself (RFC 9000 section 7.2).
        bool isAnswer = QuicLongHeaderView.Parse(early, out QuicLongHeaderView answer) == ParseStatus.Ok
            && answer.DestinationConnectionId.SequenceEqual(packet.SourceConnectionId);
        return isAnswer ? events | ObserveServerInitial(answer, decryptor) : events;
    }

    private void Start(in QuicLongHeaderView packet)
    {
        // After a Retry that was not captured the hello that comes again is the same one, but nothing tells so: it is reported again.
        StartOver();
        _hasClient = true;
        _failedPackets = 0;
        _connections++;
        Version = packet.Version;
        _keyId.Set(packet.DestinationConnectionId);
    }

    private void StartOver()
    {
        _clientStream.Reset();
        _serverStream.Reset();
        _clientHelloLength = 0;
        _serverHelloLength = 0;
        _googleHelloLength = 0;
        _isServerSeen = false;
        _isRetried = false;
        _isClientDone = false;
        _isServerDone = false;
        _restarts = false;
        _serverId.Set(default);
    }
}
