using PiTap.Wire.Application.Tls;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// What is known of the QUIC connection of one flow: it reads the Initial packets of both directions until both hellos are whole. A
/// client may begin several connections on one flow; each is reported as it comes. Between hellos it holds no buffer.
/// </summary>
public sealed partial class QuicConnection
{
    /// <summary>
    /// Packets of a flow that may fail to decrypt before it is given up. A new connection that does decrypt starts the count again.
    /// </summary>
    public const int MaxFailedPackets = 16;

    /// <summary>Packets looked at in one datagram (RFC 9000 section 12.2): in practice there are at most four.</summary>
    public const int MaxCoalescedPackets = 8;

    /// <summary>
    /// Connections that are read on one flow: each has keys of its own to derive, and a client that goes on has nothing new to say.
    /// </summary>
    public const int MaxConnections = 64;

    private const int MaxVersionsPerDatagram = 2;

    /// <summary>Bytes of a server's Initial that is kept until the client's comes: no datagram of a handshake is longer.</summary>
    private const int MaxEarlyBytes = 1_500;
    private const byte ClientHelloType = 1;
    private const byte ServerHelloType = 2;

    private readonly QuicCryptoBuffer _clientStream = new();
    private readonly QuicCryptoBuffer _serverStream = new();
    private byte[] _early = [];
    private QuicConnectionId _keyId;
    private QuicConnectionId _serverId;
    private QuicConnectionId _retryId;
    private ushort _failedPackets;
    private ushort _connections;
    private bool _hasClient;
    private bool _isServerSeen;
    private bool _isRetried;
    private bool _isClientDone;
    private bool _isServerDone;
    private bool _restarts;
    private int _clientHelloLength;
    private int _serverHelloLength;
    private int _googleHelloLength;

    /// <summary>The version in use: the client's, until the server answers with another; 0 before a long header was seen.</summary>
    public uint Version { get; private set; }

    /// <summary>True if those packets are the client's that the caller marked as not from the client.</summary>
    public bool AreRolesSwapped { get; private set; }

    /// <summary>True after <see cref="MaxFailedPackets"/>, and beyond <see cref="MaxConnections"/>.</summary>
    public bool HasGivenUp => _failedPackets >= MaxFailedPackets || _connections > MaxConnections;

    /// <summary>True while a buffer is held.</summary>
    internal bool HasBuffers => _clientStream.HasBuffer || _serverStream.HasBuffer;

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _clientStream.HeldBytes + _serverStream.HeldBytes + _early.Length;

    /// <summary>
    /// The ID that the server gave itself: packets of the client begin with it, from wherever they come (RFC 9000 section 5.1). Empty until
    /// an Initial of the server could be decrypted.
    /// </summary>
    public ReadOnlySpan<byte> ServerConnectionId => _isServerSeen ? _serverId.Bytes : default;

    /// <summary>
    /// The body of the client's TLS ClientHello, without the four bytes of the handshake header (RFC 8446 section 4). Whole after
    /// <see cref="QuicEvents.ClientHelloReady"/> until the next call of a method; else empty.
    /// </summary>
    public ReadOnlySpan<byte> ClientHello => Body(_clientStream, _clientHelloLength);

    /// <summary>The same of the server's ServerHello, after <see cref="QuicEvents.ServerHelloReady"/>.</summary>
    public ReadOnlySpan<byte> ServerHello => Body(_serverStream, _serverHelloLength);

    /// <summary>Q050: the client's hello, for <see cref="GquicMessageView"/>, after <see cref="QuicEvents.GoogleHelloReady"/>.</summary>
    public ReadOnlySpan<byte> GoogleHello => _googleHelloLength == 0 ? default : _clientStream.Prefix[.._googleHelloLength];

    /// <summary>
    /// Looks at one UDP payload of the flow, in the order of capture. <paramref name="fromClient"/> is the caller's belief: where it is
    /// wrong, the keys tell. What was reported before is gone with this call.
    /// </summary>
    public QuicEvents Observe(ReadOnlySpan<byte> datagram, bool fromClient, QuicInitialDecryptor decryptor)
    {
        ArgumentNullException.ThrowIfNull(decryptor);
        DropReported();
        QuicEvents events = QuicEvents.None;
        ReadOnlySpan<byte> rest = datagram;
        ReadOnlySpan<byte> destination = default;
        uint version = 0;
        int versions = 0;
        for (int i = 0; i < MaxCoalescedPackets; i++)
        {
            if (QuicLongHeaderView.Parse(rest, out QuicLongHeaderView packet) != ParseStatus.Ok)
                break;
            if (i == 0)
            {
                destination = packet.DestinationConnectionId;
                if (QuicClassifier.IsPlausible(packet, datagram.Length))
                    events |= QuicEvents.LooksLikeQuic;
                else if (!_hasClient)
                    break;
            }
            // All packets of a datagram go to one connection (RFC 9000 section 12.2), and change its version once at most (RFC 9368 section
            // 2.3). Others are ignored, as receivers do: each would ask for keys of its own.
            if (!packet.DestinationConnectionId.SequenceEqual(destination))
                break;
            if (packet.Version != version && ++versions > MaxVersionsPerDatagram)
                break;
            version = packet.Version;
            events |= ObservePacket(packet, fromClient, decryptor);
            rest = rest[packet.TotalLength..];
        }
        return events;
    }

    /// <summary>Gives the buffers back, and with them what was reported or is not whole; what is known of the connection stays.</summary>
    public void ReleaseBuffers()
    {
        DropReported();
        _clientStream.Release();
        _serverStream.Release();
        _early = [];
    }

    /// <summary>Reset, for another flow.</summary>
    public void Reset()
    {
        StartOver();
        _early = [];
        _hasClient = false;
        _failedPackets = 0;
        _connections = 0;
        AreRolesSwapped = false;
        Version = 0;
        _keyId.Set(default);
    }

    private static ReadOnlySpan<byte> Body(QuicCryptoBuffer stream, int messageLength) =>
        messageLength == 0 ? default : stream.Prefix[QuicHandshakeMessage.HeaderLength..messageLength];

    private QuicEvents ObservePacket(in QuicLongHeaderView packet, bool fromClient, QuicInitialDecryptor decryptor)
    {
        bool isClient = fromClient != AreRolesSwapped;
        switch (packet.Type)
        {
            case QuicPacketType.Initial:
                if (Version == 0)
                    Version = packet.Version;
                return HasGivenUp ? QuicEvents.None : ObserveInitial(packet, isClient, decryptor);
            case QuicPacketType.Handshake:
                // Another ID than the first one is not the server's (RFC 9000 section 7.2).
                if (!isClient && !_isServerSeen)
                    _serverId.Set(packet.SourceConnectionId);
                return QuicEvents.HandshakeSeen;
            case QuicPacketType.Retry:
                ObserveRetry(packet, isClient);
                return QuicEvents.RetrySeen;
            case QuicPacketType.VersionNegotiation:
                // It answers a first Initial only (RFC 9000 section 6.2): the next one is another beginning, with the same ID or a new one.
                _restarts |= !_isServerSeen;
                return QuicEvents.VersionNegotiationSeen;
            default:
                return QuicEvents.None;
        }
    }

    // RFC 9000 section 17.2.5.2: the client sends its hello again, to the Retry's source ID, and both sides' keys come from that. But
    // anyone can send a Retry, and the client drops a forged one: it changes nothing until a packet shows that it was followed.
    private void ObserveRetry(in QuicLongHeaderView packet, bool isClient)
    {
        if (!isClient && _hasClient && !_isServerSeen && !_isRetried)
        {
            _isRetried = true;
            _retryId.Set(packet.SourceConnectionId);
        }
    }

    private void FollowRetry(ReadOnlySpan<byte> keyId)
    {
        _isRetried = false;
        _keyId.Set(keyId);
        _serverId.Set(keyId);
        if (!_isClientDone)
            _clientStream.Reset();
    }

    private QuicEvents ObserveInitial(in QuicLongHeaderView packet, bool isClient, QuicInitialDecryptor decryptor)
    {
        if (packet.IsPayloadTruncated)
            return QuicEvents.None;
        QuicEvents events = isClient ? ObserveClientInitial(packet, decryptor) : ObserveServerInitial(packet, decryptor);
        if (HasGivenUp)
        {
            ReleaseBuffers();
            events |= QuicEvents.GaveUp;
        }
        return events;
    }

    private QuicEvents ObserveClientInitial(in QuicLongHeaderView packet, QuicInitialDecryptor decryptor)
    {
        ReadOnlySpan<byte> destination = packet.DestinationConnectionId;
        bool isKeyId = _keyId.Is(destination);
        ReadOnlySpan<byte> payload;
        bool isSameVersion = packet.Version == Version;
        if (_hasClient && (!_restarts || (isKeyId && isSameVersion)))
        {
            if (_isClientDone && isSameVersion && (isKeyId || _serverId.Is(destination)))
                return QuicEvents.None;
            // The keys stay those of the first ID when the client goes over to the one that the server chose (RFC 9001 section 5.2).
            if (decryptor.TryDecrypt(packet, _keyId.Bytes, isFromClient: true, out payload))
            {
                if (!isKeyId)
                {
                    _serverId.Set(destination);
                }
                else if (!isSameVersion && !_isServerSeen)
                {
                    // Another version before any answer: a new hello, after a Version Negotiation that was not captured.
                    return Begin(packet, payload, decryptor);
                }
                return _isClientDone ? QuicEvents.None : FeedClient(payload, packet.Version);
            }
            if (isKeyId)
            {
                _failedPackets++;
                return QuicEvents.None;
            }
        }
        if (!decryptor.TryDecrypt(packet, destination, isFromClient: true, out payload))
        {
            Fail(packet);
            return QuicEvents.None;
        }
        // The Retry's token comes with it: the same connection, under new keys. Which of several Retries it was does not matter.
        if (_isRetried && !_isServerSeen && isSameVersion && !packet.Token.IsEmpty)
        {
            FollowRetry(destination);
            return _isClientDone ? QuicEvents.None : FeedClient(payload, packet.Version);
        }
        return Begin(packet, payload, decryptor);
    }

    private QuicEvents ObserveServerInitial(in QuicLongHeaderView packet, QuicInitialDecryptor decryptor)
    {
        if (_hasClient && _isServerDone && packet.Version == Version && _serverId.Is(packet.SourceConnectionId))
            return QuicEvents.None;
        if (TryDecryptServer(packet, decryptor, out ReadOnlySpan<byte> payload))
        {
            // The server may have gone over to a compatible version (RFC 9368 section 2.3).
            Version = packet.Version;
            _isServerSeen = true;
            _restarts = false;
            _serverId.Set(packet.SourceConnectionId);
            return _isServerDone ? QuicEvents.None : FeedServer(payload, packet.Version);
        }
        // Not the server's keys: the roles may be the other way round.
        if (!decryptor.TryDecrypt(packet, packet.DestinationConnectionId, isFromClient: true, out payload))
        {
            Fail(packet);
            return QuicEvents.None;
        }
        AreRolesSwapped = !AreRolesSwapped;
        return QuicEvents.RolesSwapped | Begin(packet, payload, decryptor);
    }

    private bool TryDecryptServer(scoped in QuicLongHeaderView packet, QuicInitialDecryptor decryptor, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (_hasClient && decryptor.TryDecrypt(packet, _keyId.Bytes, isFromClient: false, out payload))
            return true;
        // Under the Retry's keys where the client's answer to it was not captured.
        if (!_isRetried || _isServerSeen || !decryptor.TryDecrypt(packet, _retryId.Bytes, isFromClient: false, out payload))
            return false;
        FollowRetry(_retryId.Bytes);
        return true;
    }

    private QuicEvents FeedClient(ReadOnlySpan<byte> payload, uint version)
    {
        Feed(_clientStream, payload, version);
        if (GquicVersions.HasGoogleHello(version))
            return TakeGoogleHello();
        switch (QuicHandshakeMessage.Look(_clientStream.Prefix, ClientHelloType, out int length))
        {
            case ParseStatus.Ok:
                _clientHelloLength = length;
                _isClientDone = true;
                return QuicEvents.ClientHelloReady;
            case ParseStatus.Malformed:
                _isClientDone = true;
                _clientStream.Release();
                return QuicEvents.None;
            default:
                return QuicEvents.None;
        }
    }

    private QuicEvents FeedServer(ReadOnlySpan<byte> payload, uint version)
    {
        if (GquicVersions.HasGoogleHello(version))
        {
            _isServerDone = true;
            return QuicEvents.None;
        }
        Feed(_serverStream, payload, version);
        switch (QuicHandshakeMessage.Look(_serverStream.Prefix, ServerHelloType, out int length))
        {
            case ParseStatus.Ok:
                _serverHelloLength = length;
                bool isRetryRequest = ServerHelloView.Parse(ServerHello, out ServerHelloView hello) == ParseStatus.Ok && hello.IsHelloRetryRequest;
                _isServerDone = !isRetryRequest;
                _isClientDone &= !isRetryRequest;
                return QuicEvents.ServerHelloReady;
            case ParseStatus.Malformed:
                _isServerDone = true;
                _serverStream.Release();
                return QuicEvents.None;
            default:
                return QuicEvents.None;
        }
    }

    private QuicEvents TakeGoogleHello()
    {
        ReadOnlySpan<byte> prefix = _clientStream.Prefix;
        ParseStatus status = GquicMessageView.Parse(prefix, out GquicMessageView message);
        if (status == ParseStatus.Ok && !message.IsTruncated && message.Kind == GquicMessageView.ClientHello)
        {
            _googleHelloLength = (int)message.Length;
            _isClientDone = true;
            return QuicEvents.GoogleHelloReady;
        }
        if (status == ParseStatus.Malformed || message.Length > QuicCryptoBuffer.MaxStreamBytes)
        {
            _isClientDone = true;
            _clientStream.Release();
        }
        return QuicEvents.None;
    }

    private static void Feed(QuicCryptoBuffer stream, ReadOnlySpan<byte> payload, uint version)
    {
        QuicFrameReader frames = new(payload, version);
        while (frames.Read())
        {
            if (frames.Kind == QuicFrameKind.Crypto)
                stream.TryAdd(frames.Offset, frames.Data);
        }
    }

    private void DropReported()
    {
        int clientLength = Math.Max(_clientHelloLength, _googleHelloLength);
        if (clientLength > 0)
        {
            _clientStream.Advance(clientLength);
            _clientHelloLength = 0;
            _googleHelloLength = 0;
        }
        if (_serverHelloLength > 0)
        {
            _serverStream.Advance(_serverHelloLength);
            _serverHelloLength = 0;
        }
    }
}
