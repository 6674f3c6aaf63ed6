namespace PiTap.Wire.Application;

/// <summary>What a datagram brought.</summary>
public enum QuicOutcome : byte
{
    /// <summary>Nothing of use.</summary>
    Nothing = 0,
    /// <summary>Bytes of a hello: messages may be there to take.</summary>
    Progress = 1,
    /// <summary>A connection began that is not the one before.</summary>
    NewConnection = 2,
}

/// <summary>
/// Follows the Initial packets of one UDP flow and puts the hellos together: over coalesced packets, retransmissions, any order, Retry (RFC 9000 section 17.2.5), and one connection
/// after the other on the same ports. Keeps no buffer once the hellos were taken.
/// </summary>
public sealed class QuicConnection
{
    /// <summary>Packets of one datagram that are looked at.</summary>
    private const int MaxCoalesced = 8;

    /// <summary>Initial packets that may fail to decrypt; then the flow is left alone.</summary>
    private const int MaxFailures = 16;

    private const int MessageHeaderBytes = 4;
    private const byte ClientHello = 1;
    private const byte ServerHello = 2;

    private readonly QuicCryptoStream _client = new();
    private readonly QuicCryptoStream _server = new();
    private readonly byte[] _connectionId = new byte[QuicLongHeaderView.MaxConnectionIdBytes];
    private readonly byte[] _serverId = new byte[QuicLongHeaderView.MaxConnectionIdBytes];
    private int _connectionIdLength = -1;
    private int _serverIdLength = -1;
    private int _clientTaken;
    private int _serverTaken;
    private int _failures;

    /// <summary>Version of the connection at hand; 0 before one is known.</summary>
    public uint Version { get; private set; }

    /// <summary>Makes it as good as new.</summary>
    public void Reset()
    {
        Forget();
        _connectionIdLength = -1;
        Version = 0;
        _failures = 0;
    }

    /// <summary>Looks at a datagram.</summary>
    /// <param name="datagram">The UDP payload.</param>
    /// <param name="fromClient">Whether the side that is taken for the client sent it.</param>
    /// <param name="decryptor">The thread's decryptor.</param>
    /// <param name="scratch">Room for a plaintext.</param>
    public QuicOutcome Observe(ReadOnlySpan<byte> datagram, bool fromClient, QuicInitialDecryptor decryptor, Span<byte> scratch)
    {
        ArgumentNullException.ThrowIfNull(decryptor);
        QuicOutcome outcome = QuicOutcome.Nothing;
        for (int packets = 0; packets < MaxCoalesced && !datagram.IsEmpty && (datagram[0] & 0x80) != 0; packets++)
        {
            if (QuicLongHeaderView.Parse(datagram, out QuicLongHeaderView header) != ParseStatus.Ok)
                break;
            if (header.Type == QuicPacketType.Initial)
            {
                QuicOutcome packet = fromClient ? ObserveClient(header, decryptor, scratch) : ObserveServer(header, decryptor, scratch);
                outcome = packet > outcome ? packet : outcome;
            }
            datagram = datagram[header.Packet.Length..];
        }
        return outcome;
    }

    /// <summary>Takes the next whole message, without its header; false where there is none. The bytes hold until the next call of any kind.</summary>
    public bool TryTakeMessage(bool fromClient, out ReadOnlySpan<byte> body)
    {
        QuicCryptoStream stream = fromClient ? _client : _server;
        ref int taken = ref fromClient ? ref _clientTaken : ref _serverTaken;
        ReadOnlySpan<byte> rest = stream.Contiguous;
        rest = taken <= rest.Length ? rest[taken..] : default;
        body = default;
        if (rest.Length < MessageHeaderBytes || rest[0] != (fromClient ? ClientHello : ServerHello))
            return false;
        int length = rest[1] << 16 | rest[2] << 8 | rest[3];
        if (rest.Length < MessageHeaderBytes + length)
            return false;
        body = rest.Slice(MessageHeaderBytes, length);
        taken += MessageHeaderBytes + length;
        return true;
    }

    /// <summary>The hello of Google's own crypto that Q050 carries instead of TLS, as far as it is there.</summary>
    public ReadOnlySpan<byte> GoogleHello(bool fromClient) => (fromClient ? _client : _server).Contiguous;

    private QuicOutcome ObserveClient(in QuicLongHeaderView header, QuicInitialDecryptor decryptor, Span<byte> scratch)
    {
        if (_failures >= MaxFailures)
            return QuicOutcome.Nothing;
        ReadOnlySpan<byte> own = header.DestinationConnectionId;
        bool isKnown = _connectionIdLength >= 0 && header.Version == Version;
        if (isKnown && decryptor.TryDecrypt(header, _connectionId.AsSpan(0, _connectionIdLength), true, scratch, out int length))
            return Read(scratch[..length], _client);
        // What does not open with the keys at hand is another connection, or the same one after a Retry: its own ID tells.
        if (isKnown && (own.SequenceEqual(_connectionId.AsSpan(0, _connectionIdLength)) || IsServerId(own)))
        {
            _failures++;
            return QuicOutcome.Nothing;
        }
        if (!decryptor.TryDecrypt(header, own, true, scratch, out length))
        {
            _failures++;
            return QuicOutcome.Nothing;
        }
        Forget();
        own.CopyTo(_connectionId);
        _connectionIdLength = own.Length;
        Version = header.Version;
        Read(scratch[..length], _client);
        return QuicOutcome.NewConnection;
    }

    private QuicOutcome ObserveServer(in QuicLongHeaderView header, QuicInitialDecryptor decryptor, Span<byte> scratch)
    {
        if (_connectionIdLength < 0 || _failures >= MaxFailures)
            return QuicOutcome.Nothing;
        if (!decryptor.TryDecrypt(header, _connectionId.AsSpan(0, _connectionIdLength), false, scratch, out int length))
        {
            _failures++;
            return QuicOutcome.Nothing;
        }
        header.SourceConnectionId.CopyTo(_serverId);
        _serverIdLength = header.SourceConnectionId.Length;
        return Read(scratch[..length], _server);
    }

    private bool IsServerId(ReadOnlySpan<byte> id) => _serverIdLength >= 0 && id.SequenceEqual(_serverId.AsSpan(0, _serverIdLength));

    private static QuicOutcome Read(ReadOnlySpan<byte> frames, QuicCryptoStream stream)
    {
        var reader = new QuicFrameReader(frames);
        QuicOutcome outcome = QuicOutcome.Nothing;
        while (reader.MoveNext())
        {
            stream.Add(reader.CryptoOffset, reader.CryptoData);
            outcome = QuicOutcome.Progress;
        }
        return outcome;
    }

    private void Forget()
    {
        _client.Reset();
        _server.Reset();
        _clientTaken = _serverTaken = 0;
        _serverIdLength = -1;
    }
}
