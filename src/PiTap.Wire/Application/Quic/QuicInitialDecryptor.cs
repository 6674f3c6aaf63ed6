using System.Buffers.Binary;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// Reads Initial packets, whose keys anyone can derive from the first connection ID that the client chose (RFC 9001 section 5.2, RFC 9369
/// section 3.3). One for each thread, shared by all flows: it keeps the keys of the latest connections, in a table of fixed size.
/// </summary>
public sealed class QuicInitialDecryptor : IDisposable
{
    /// <summary>Connections whose keys are kept: a further one takes the place of the one that shares its slot.</summary>
    public const int MaxCachedConnections = 256;

    /// <summary>The longest UDP payload, in bytes (RFC 768: 65,535 less the header).</summary>
    public const int MaxPacketLength = 65_527;

    private readonly Entry?[] _entries = new Entry?[MaxCachedConnections];
    private readonly byte[] _scratch = new byte[2 * MaxPacketLength];

    /// <summary>Packets that were read.</summary>
    public long DecryptedCount { get; private set; }

    /// <summary>Keys that were derived: what a packet of a new connection costs most.</summary>
    public long DerivedCount { get; private set; }

    /// <summary>Packets that no key fitted: other keys, damaged, or not QUIC.</summary>
    public long FailedCount { get; private set; }

    /// <summary>
    /// Decrypts one Initial packet. <paramref name="keyConnectionId"/> is the connection ID that the keys come from: the destination of
    /// the client's first Initial, or after a Retry the Retry's source. <paramref name="payload"/> holds the frames, valid until the next
    /// call. False for other packet types, packets that are not whole, and keys that do not fit.
    /// </summary>
    public bool TryDecrypt(
        scoped in QuicLongHeaderView packet, scoped ReadOnlySpan<byte> keyConnectionId, bool isFromClient, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (packet.Type != QuicPacketType.Initial || packet.IsPayloadTruncated || packet.TotalLength > MaxPacketLength
            || keyConnectionId.Length > QuicLongHeaderView.MaxConnectionIdLength)
        {
            return false;
        }
        uint version = packet.Version;
        QuicKeySchedule second = QuicVersions.SecondSchedule(version);
        if (TryOpen(packet, keyConnectionId, QuicVersions.Schedule(version), isFromClient, out payload)
            || (second != QuicKeySchedule.None && TryOpen(packet, keyConnectionId, second, isFromClient, out payload)))
        {
            DecryptedCount++;
            return true;
        }
        FailedCount++;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Entry? entry in _entries)
            entry?.Dispose();
        Array.Clear(_entries);
    }

    private bool TryOpen(
        scoped in QuicLongHeaderView packet, scoped ReadOnlySpan<byte> connectionId, QuicKeySchedule schedule, bool isFromClient, out ReadOnlySpan<byte> payload)
    {
        ref Entry? slot = ref _entries[SlotOf(connectionId, schedule)];
        slot ??= new Entry();
        slot.Select(connectionId, schedule);
        QuicPacketKeys keys = slot.Keys(isFromClient, out bool isNew);
        if (isNew)
            DerivedCount++;
        bool isOpen = keys.TryOpen(packet.Packet, packet.PacketNumberOffset, _scratch, out int offset, out int length);
        payload = isOpen ? _scratch.AsSpan(offset, length) : default;
        return isOpen;
    }

    // The client draws the ID at random; one who does not only spoils the table for itself and its neighbours.
    private static int SlotOf(ReadOnlySpan<byte> connectionId, QuicKeySchedule schedule)
    {
        Span<byte> head = stackalloc byte[sizeof(ulong)];
        head.Clear();
        connectionId[..Math.Min(connectionId.Length, head.Length)].CopyTo(head);
        ulong mixed = (BinaryPrimitives.ReadUInt64LittleEndian(head) + (ulong)schedule) * 0x9e37_79b9_7f4a_7c15;
        return (int)(mixed >> 56) % MaxCachedConnections;
    }

    private sealed class Entry : IDisposable
    {
        private readonly byte[] _initialSecret = new byte[QuicPacketKeys.SecretLength];
        private readonly QuicPacketKeys _client = new();
        private readonly QuicPacketKeys _server = new();
        private QuicConnectionId _id;
        private QuicKeySchedule _schedule;
        private bool _hasClient;
        private bool _hasServer;
        public void Select(ReadOnlySpan<byte> connectionId, QuicKeySchedule schedule)
        {
            if (_schedule == schedule && _id.Is(connectionId))
                return;
            _id.Set(connectionId);
            _schedule = schedule;
            _hasClient = false;
            _hasServer = false;
            QuicPacketKeys.DeriveInitialSecret(schedule, connectionId, _initialSecret);
        }
        public QuicPacketKeys Keys(bool isClient, out bool isNew)
        {
            QuicPacketKeys keys = isClient ? _client : _server;
            ref bool isDerived = ref isClient ? ref _hasClient : ref _hasServer;
            isNew = !isDerived;
            if (isNew)
            {
                keys.Derive(_initialSecret, _schedule, isClient);
                isDerived = true;
            }
            return keys;
        }
        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }
    }
}
