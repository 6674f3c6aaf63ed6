using CsCheck;
using PiTap.TestKit;
using PiTap.Wire.Application.Quic;

namespace PiTap.Wire.Tests.Application.Quic;

/// <summary>What others than the two ends may put into a QUIC flow: it must cost little and hide nothing.</summary>
public sealed class QuicAttackTests : IDisposable
{
    /// <summary>Keys tried for one packet: of the connection, of a Retry, and of the packet's own destination.</summary>
    private const int MaxTriesPerPacket = 3;

    private static readonly byte[] s_id = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] s_retryId = [0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58];
    private static readonly byte[] s_serverId = [0xaa, 0xbb, 0xcc, 0xdd];
    private static readonly byte[] s_token = [7, 7, 7];
    private static readonly byte[] s_hello = QuicPacketBuilder.Message(1, 1_800);
    private static readonly byte[] s_serverHello = QuicPacketBuilder.Message(2, 90);

    private readonly QuicInitialDecryptor _decryptor = new();
    private readonly QuicConnection _connection = new();

    private long Tries => _decryptor.DecryptedCount + _decryptor.FailedCount;

    public void Dispose() => _decryptor.Dispose();

    private QuicEvents Observe(byte[] datagram, bool fromClient) => _connection.Observe(datagram, fromClient, _decryptor);

    private static byte[] Retry(byte[] source, byte[] token) =>
        [0xf0, 0, 0, 0, 1, 0, (byte)source.Length, .. source, .. token, .. new byte[16]];

    /// <summary>One of the two Initials that carry the client's hello.</summary>
    private static byte[] Half(int part, byte[] id, byte[] token)
    {
        ReadOnlySpan<byte> half = part == 0 ? s_hello.AsSpan(0, 1_000) : s_hello.AsSpan(1_000);
        return new QuicPacketBuilder { KeyId = id, Destination = id, Token = token, Number = (uint)part, MinLength = 1_200 }
            .Build(QuicPacketBuilder.Crypto(part * 1_000, half));
    }

    private static byte[] Answer(byte[] keyId) => QuicPacketBuilder.Server(keyId, s_serverId, QuicPacketBuilder.Crypto(0, s_serverHello));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_forged_Retry_hides_neither_hello_wherever_it_comes(int place)
    {
        byte[] forged = Retry(s_retryId, s_token);
        QuicEvents seen = QuicEvents.None;
        byte[][] client = [Half(0, s_id, []), Half(1, s_id, [])];
        for (int i = 0; i < client.Length; i++)
        {
            if (place == i)
                Observe(forged, false);
            seen |= Observe(client[i], true);
            if (seen.HasFlag(QuicEvents.ClientHelloReady))
                Assert.Equal(s_hello[4..], _connection.ClientHello.ToArray());
        }
        if (place == client.Length)
            Observe(forged, false);
        seen |= Observe(Answer(s_id), false);
        Assert.True(seen.HasFlag(QuicEvents.ClientHelloReady | QuicEvents.ServerHelloReady));
        Assert.Equal(s_serverHello[4..], _connection.ServerHello.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_true_Retry_is_followed_beside_forged_ones(bool isForgedFirst)
    {
        Observe(Half(0, s_id, []), true);
        byte[] forged = Retry([6, 6, 6, 6], s_token);
        byte[] right = Retry(s_retryId, s_token);
        Observe(isForgedFirst ? forged : right, false);
        Observe(isForgedFirst ? right : forged, false);
        QuicEvents seen = Observe(Half(0, s_retryId, s_token), true) | Observe(Half(1, s_retryId, s_token), true);
        Assert.Equal(s_hello[4..], _connection.ClientHello.ToArray());
        seen |= Observe(Answer(s_retryId), false);
        // The same connection: it is not reported a second time.
        Assert.Equal(QuicEvents.LooksLikeQuic | QuicEvents.ClientHelloReady | QuicEvents.ServerHelloReady, seen);
    }

    [Fact]
    public void An_answer_under_the_keys_of_a_Retry_is_read_where_the_second_hello_was_not_captured()
    {
        Observe(QuicSamples.ClientInitial, true);
        Observe(Retry(s_retryId, s_token), false);
        Assert.True(Observe(Answer(s_retryId), false).HasFlag(QuicEvents.ServerHelloReady));
        Assert.Equal(s_serverHello[4..], _connection.ServerHello.ToArray());
        // What the client still has to say goes by the same keys.
        Assert.Equal(0, FailuresOf(Half(0, s_retryId, s_token), true));
    }

    [Fact]
    public void A_Retry_after_the_answer_is_not_looked_at()
    {
        Observe(QuicSamples.ClientInitial, true);
        Observe(QuicSamples.ServerInitial, false);
        Observe(Retry(s_retryId, s_token), false);
        // A packet under its keys is another connection's.
        Assert.True(Observe(Half(0, s_retryId, s_token), true).HasFlag(QuicEvents.ConnectionStarted));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_Initial_that_cannot_be_read_costs_a_few_tries_and_a_flow_no_more_than_its_cap(bool fromClient)
    {
        Observe(Half(0, s_id, []), true);
        Observe(Retry(s_retryId, s_token), false);
        long before = Tries;
        for (int i = 0; i < 1_000; i++)
        {
            byte[] damaged = fromClient ? Half(1, [9, 9, 9, 9, 9, 9, (byte)(i >> 8), (byte)i], s_token)
                : Answer([9, 9, 9, 9, (byte)(i >> 8), (byte)i]);
            damaged[^1] ^= 1;
            long tries = Tries;
            Observe(damaged, fromClient);
            Assert.InRange(Tries - tries, 0, MaxTriesPerPacket);
        }
        Assert.InRange(Tries - before, 1, MaxTriesPerPacket * 16);
    }

    [Fact]
    [Trait("cap", "Wire.QuicConnection.MaxCoalescedPackets")]
    public void A_datagram_packed_with_Initials_costs_no_more_than_its_packets_may()
    {
        Observe(Half(0, s_id, []), true);
        byte[] small = new QuicPacketBuilder { KeyId = [1], Destination = s_retryId }.Build([1, 0, 0]);
        small[^1] ^= 1;
        byte[] packed = [.. Enumerable.Repeat(small, 1_400 / small.Length).SelectMany(static packet => packet)];
        Assert.True(packed.Length / small.Length > 8);
        long before = Tries;
        Observe(packed, true);
        Assert.InRange(Tries - before, 1, MaxTriesPerPacket * 8);
    }

    [Fact]
    public void Initials_to_other_connections_in_the_same_datagram_are_not_tried()
    {
        byte[] first = QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 100)));
        byte[] second = QuicPacketBuilder.Client(s_retryId, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 100)));
        long before = Tries;
        Assert.True(Observe([.. first, .. second, .. second], true).HasFlag(QuicEvents.ConnectionStarted));
        Assert.Equal(1, Tries - before);
        // A datagram of its own is another matter.
        Assert.True(Observe(second, true).HasFlag(QuicEvents.ConnectionStarted));
    }

    [Fact]
    [Trait("cap", "Wire.QuicConnection.MaxVersionsPerDatagram")]
    public void Packets_of_one_datagram_change_their_version_once()
    {
        byte[] v1 = QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 100)));
        byte[] v2 = QuicPacketBuilder.V2(s_id).Build(QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 100)));
        long before = Tries;
        Observe([.. v1, .. v2, .. v1, .. v2, .. v1, .. v2, .. v1, .. v2], true);
        Assert.InRange(Tries - before, 2, 4);
    }

    [Fact]
    [Trait("cap", "Wire.QuicConnection.MaxConnections")]
    public void A_flow_that_begins_connection_after_connection_is_given_up()
    {
        byte[] id = [.. s_id];
        for (int i = 0; i < 64; i++)
        {
            id[0] = (byte)i;
            byte[] hello = QuicPacketBuilder.Client(id, QuicPacketBuilder.Crypto(0, s_hello));
            Assert.True(Observe(hello, true).HasFlag(QuicEvents.ClientHelloReady));
        }
        id[0]++;
        Assert.True(Observe(QuicPacketBuilder.Client(id, QuicPacketBuilder.Crypto(0, s_hello)), true).HasFlag(QuicEvents.GaveUp));
        long before = Tries;
        id[0]++;
        Observe(QuicPacketBuilder.Client(id, QuicPacketBuilder.Crypto(0, s_hello)), true);
        Assert.Equal(before, Tries);
    }

    [Fact]
    public void Packets_under_other_keys_raise_no_exception()
    {
        int thread = Environment.CurrentManagedThreadId;
        int raised = 0;
        void count(object? sender, System.Runtime.ExceptionServices.FirstChanceExceptionEventArgs e) =>
            raised += Environment.CurrentManagedThreadId == thread ? 1 : 0;
        AppDomain.CurrentDomain.FirstChanceException += count;
        try
        {
            // One in four passes the reserved bits and is opened.
            for (int i = 0; i < 64; i++)
                Observe(new QuicPacketBuilder { KeyId = [(byte)i], Destination = s_id }.Build(new byte[1_200]), true);
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= count;
        }
        Assert.Equal(0, raised);
        Assert.Equal(QuicConnection.MaxFailedPackets, _decryptor.FailedCount);
    }

    [Fact]
    public void Whatever_comes_each_packet_costs_a_few_tries() =>
        Gen.Select(Gen.Int[0, 7], Gen.Byte[0, 2], Gen.Bool).Array[1, 40].Sample(steps =>
        {
            using QuicInitialDecryptor decryptor = new();
            QuicConnection connection = new();
            foreach ((int kind, byte which, bool fromClient) in steps)
            {
                byte[] id = [which, 2, 3, 4, 5, 6, 7, 8];
                byte[] datagram = kind switch
                {
                    0 => Half(0, id, []),
                    1 => Half(1, id, s_token),
                    2 => Retry(id, s_token),
                    3 => Answer(id),
                    4 => [0x80, 0, 0, 0, 0, 0, 8, .. id, 0, 0, 0, 1],
                    5 => QuicSamples.ServerInitial,
                    _ => Half(1, id, []),
                };
                if (kind == 7)
                    datagram[^1] ^= 1;
                long before = decryptor.DecryptedCount + decryptor.FailedCount;
                connection.Observe(datagram, fromClient, decryptor);
                Assert.InRange(decryptor.DecryptedCount + decryptor.FailedCount - before, 0, MaxTriesPerPacket);
            }
        }, iter: 500);

    private long FailuresOf(byte[] datagram, bool fromClient)
    {
        long before = _decryptor.FailedCount;
        Observe(datagram, fromClient);
        return _decryptor.FailedCount - before;
    }
}
