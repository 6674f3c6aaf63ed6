using CsCheck;
using PiTap.TestKit;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;
using PiTap.Wire.Tests.Legacy;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicConnectionTests : IDisposable
{
    private static readonly byte[] s_id = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] s_otherId = [9, 9, 9, 9, 5, 6, 7, 8];
    private static readonly byte[] s_serverId = [0xaa, 0xbb, 0xcc, 0xdd];
    private static readonly byte[] s_hello = QuicPacketBuilder.Message(1, 1800);
    private static readonly byte[] s_serverHello = QuicPacketBuilder.Message(2, 90);

    private readonly QuicInitialDecryptor _decryptor = new();
    private readonly QuicConnection _connection = new();

    public void Dispose() => _decryptor.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_handshakes_of_the_rfcs_give_both_hellos(bool isV2)
    {
        QuicEvents client = Observe(isV2 ? QuicSamples.ClientInitialV2 : QuicSamples.ClientInitial, true);
        Assert.Equal(QuicEvents.LooksLikeQuic | QuicEvents.ConnectionStarted | QuicEvents.ClientHelloReady, client);
        Assert.Equal(QuicSamples.ClientHello, _connection.ClientHello.ToArray());
        Assert.Equal(isV2 ? QuicVersions.V2 : QuicVersions.V1, _connection.Version);

        QuicEvents server = Observe(isV2 ? QuicSamples.ServerInitialV2 : QuicSamples.ServerInitial, false);
        Assert.Equal(QuicEvents.LooksLikeQuic | QuicEvents.ServerHelloReady, server);
        Assert.Equal(QuicSamples.ServerHello, _connection.ServerHello.ToArray());
        Assert.True(_connection.ClientHello.IsEmpty);

        _connection.ReleaseBuffers();
        Assert.False(_connection.HasBuffers);
        Assert.True(_connection.ServerHello.IsEmpty);
    }

    [Fact]
    public void A_settled_connection_decrypts_nothing_more_and_holds_no_buffer()
    {
        Observe(QuicSamples.ClientInitial, true);
        Observe(QuicSamples.ServerInitial, false);
        long decrypted = _decryptor.DecryptedCount;
        Assert.Equal(QuicEvents.LooksLikeQuic, Observe(QuicSamples.ClientInitial, true));
        Assert.Equal(QuicEvents.LooksLikeQuic, Observe(QuicSamples.ServerInitial, false));
        Assert.Equal(decrypted, _decryptor.DecryptedCount);
        Assert.False(_connection.HasBuffers);
    }

    [Fact]
    public void A_hello_in_shuffled_overlapping_frames_over_several_packets_is_whole_when_the_last_piece_came()
    {
        Gen.Int[0, s_hello.Length - 1].Array[0, 20].Select(Gen.Int[0, int.MaxValue]).Sample((cuts, seed) =>
        {
            using QuicInitialDecryptor decryptor = new();
            QuicConnection connection = new();
            int[] bounds = [0, .. cuts.Distinct().Where(cut => cut > 0).Order(), s_hello.Length];
            List<byte[]> frames = [];
            for (int i = 0; i + 1 < bounds.Length; i++)
            {
                int end = Math.Min(s_hello.Length, bounds[i + 1] + (seed % 5));
                frames.Add(QuicPacketBuilder.Crypto(bounds[i], s_hello.AsSpan(bounds[i]..end)));
            }
            new Random(seed).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(frames));
            QuicEvents last = QuicEvents.None;
            int reports = 0;
            uint number = 0;
            foreach (byte[][] group in frames.Chunk(3))
            {
                byte[][] spaced = [.. group.SelectMany(frame => new byte[][] { frame, [1, 0, 0] })];
                byte[] packet =
                    new QuicPacketBuilder { KeyId = s_id, Destination = s_id, Number = number++, MinLength = 1200 }.Build(spaced);
                last = connection.Observe(packet, true, decryptor);
                if (last.HasFlag(QuicEvents.ClientHelloReady))
                {
                    reports++;
                    Assert.Equal(s_hello[4..], connection.ClientHello.ToArray());
                }
            }
            Assert.Equal(1, reports);
        }, iter: 60);
    }

    [Fact]
    public void A_gap_in_the_middle_is_waited_for()
    {
        Observe(QuicPacketBuilder.Client(
            s_id, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 500)), QuicPacketBuilder.Crypto(600, s_hello.AsSpan(600, 400))), true);
        Assert.True(_connection.HasBuffers);
        Assert.True(_connection.ClientHello.IsEmpty);
        Assert.False(Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(1000, s_hello.AsSpan(1000))), true)
            .HasFlag(QuicEvents.ClientHelloReady));
        Assert.True(Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(450, s_hello.AsSpan(450, 200))), true)
            .HasFlag(QuicEvents.ClientHelloReady));
        Assert.Equal(s_hello[4..], _connection.ClientHello.ToArray());
    }

    [Fact]
    public void The_rest_of_a_hello_may_go_to_the_id_that_the_server_chose()
    {
        Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 1000))), true);
        Observe(QuicPacketBuilder.Server(s_id, s_serverId, [2, 0, 0, 0, 0]), false);
        byte[] rest = new QuicPacketBuilder { KeyId = s_id, Destination = s_serverId, Number = 1 }.Build(
            QuicPacketBuilder.Crypto(1000, s_hello.AsSpan(1000)));
        QuicEvents events = Observe(rest, true);
        Assert.Equal(QuicEvents.LooksLikeQuic | QuicEvents.ClientHelloReady, events);
        Assert.Equal(s_hello[4..], _connection.ClientHello.ToArray());
    }

    [Fact]
    public void Coalesced_packets_are_all_looked_at()
    {
        Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 1000))), true);
        byte[] first = new QuicPacketBuilder { KeyId = s_id, Destination = s_id, Number = 1 }.Build(
            QuicPacketBuilder.Crypto(1000, s_hello.AsSpan(1000, 100)));
        byte[] second = new QuicPacketBuilder { KeyId = s_id, Destination = s_id, Number = 2 }.Build(
            QuicPacketBuilder.Crypto(1100, s_hello.AsSpan(1100)));
        Assert.True(Observe([.. first, .. second], true).HasFlag(QuicEvents.ClientHelloReady));

        byte[] handshake = [0xe0, 0, 0, 0, 1, 0, 4, .. s_serverId, 30, .. new byte[30]];
        byte[] server = QuicPacketBuilder.Server(s_id, s_serverId, QuicPacketBuilder.Crypto(0, s_serverHello));
        QuicEvents events = Observe([.. server, .. handshake, 0x40, 1, 2], false);
        Assert.Equal(QuicEvents.LooksLikeQuic | QuicEvents.ServerHelloReady | QuicEvents.HandshakeSeen, events);
    }

    [Fact]
    public void After_a_retry_the_keys_come_from_its_source_id_and_the_hello_is_reported_once()
    {
        Assert.True(Observe(QuicSamples.ClientInitial, true).HasFlag(QuicEvents.ClientHelloReady));
        Assert.True(Observe(QuicSamples.Retry, false).HasFlag(QuicEvents.RetrySeen));

        // A second Retry is not heeded by the client.
        byte[] otherRetry = [.. QuicSamples.Retry];
        otherRetry[8] ^= 0xff;
        Observe(otherRetry, false);

        byte[] id = QuicSamples.ServerSourceId;
        byte[] again = new QuicPacketBuilder { KeyId = id, Destination = id, Token = [1, 2, 3], MinLength = 1200 }
            .Build(QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 900)));
        Assert.Equal(QuicEvents.LooksLikeQuic, Observe(again, true));
        QuicEvents server =
            Observe(QuicPacketBuilder.Server(QuicSamples.ServerSourceId, s_serverId, QuicPacketBuilder.Crypto(0, s_serverHello)), false);
        Assert.True(server.HasFlag(QuicEvents.ServerHelloReady));
        Assert.Equal(s_serverHello[4..], _connection.ServerHello.ToArray());
    }

    [Fact]
    public void After_a_retry_an_unfinished_hello_begins_again()
    {
        Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, s_hello.AsSpan(0, 900))), true);
        Observe([0xf0, 0, 0, 0, 1, 0, 4, .. s_serverId, 7, .. new byte[16]], false);
        byte[] again = new QuicPacketBuilder { KeyId = s_serverId, Destination = s_serverId, Token = [7], MinLength = 1200 }
            .Build(QuicPacketBuilder.Crypto(0, QuicSamples.ClientInitial.AsSpan(0, 0)),
                QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 300, 5)));
        Assert.True(Observe(again, true).HasFlag(QuicEvents.ClientHelloReady));
        Assert.Equal(300, _connection.ClientHello.Length);
    }

    [Fact]
    public void After_version_negotiation_the_next_hello_is_another_one()
    {
        byte[] forcing = new QuicPacketBuilder
        {
            Version = 0x1a2a3a4a,
            Salt = QuicPacketBuilder.SaltDraft29,
            KeyId = s_id,
            Destination = s_id,
            MinLength = 1200,
        }.Build(QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 200)));
        Assert.True(Observe(forcing, true).HasFlag(QuicEvents.ClientHelloReady));
        Assert.Equal(0x1a2a3a4au, _connection.Version);

        byte[] negotiation = [0x80, 0, 0, 0, 0, 0, 8, .. s_id, 0, 0, 0, 1];
        Assert.Equal(QuicEvents.LooksLikeQuic | QuicEvents.VersionNegotiationSeen, Observe(negotiation, false));
        Assert.Equal(QuicEvents.LooksLikeQuic, Observe(forcing, true));

        QuicEvents events = Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 210))), true);
        Assert.True(events.HasFlag(QuicEvents.ConnectionStarted | QuicEvents.ClientHelloReady));
        Assert.Equal(210, _connection.ClientHello.Length);
        Assert.Equal(QuicVersions.V1, _connection.Version);
    }

    [Fact]
    public void A_reserved_version_over_the_salt_of_version_1_is_read_too()
    {
        byte[] forcing = new QuicPacketBuilder { Version = 0xbabababa, KeyId = s_id, Destination = s_id, MinLength = 1200 }
            .Build(QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 200)));
        Assert.True(Observe(forcing, true).HasFlag(QuicEvents.ClientHelloReady));
    }

    [Fact]
    public void A_server_may_go_over_to_a_compatible_version()
    {
        Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 200))), true);
        byte[] server = QuicPacketBuilder.V2(s_id, isClient: false, destination: [], source: s_serverId)
            .Build(QuicPacketBuilder.Crypto(0, s_serverHello));
        Assert.True(Observe(server, false).HasFlag(QuicEvents.ServerHelloReady));
        Assert.Equal(QuicVersions.V2, _connection.Version);
        byte[] client = QuicPacketBuilder.V2(s_id, destination: s_serverId).Build([2, 0, 0, 0, 0]);
        Assert.Equal(QuicEvents.LooksLikeQuic, Observe(client, true));
        Assert.Equal(0, _decryptor.FailedCount);
    }

    [Fact]
    public void A_retry_request_brings_a_second_pair_of_hellos()
    {
        Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 200))), true);
        byte[] request = QuicPacketBuilder.Message(2, 60);
        Convert.FromHexString("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c").CopyTo(request, 6);
        // No session ID.
        request[38] = 0;
        Assert.True(Observe(QuicPacketBuilder.Server(s_id, s_serverId, QuicPacketBuilder.Crypto(0, request)), false)
            .HasFlag(QuicEvents.ServerHelloReady));

        byte[] second = new QuicPacketBuilder { KeyId = s_id, Destination = s_serverId, Number = 1 }.Build(
            QuicPacketBuilder.Crypto(204, QuicPacketBuilder.Message(1, 230)));
        Assert.True(Observe(second, true).HasFlag(QuicEvents.ClientHelloReady));
        Assert.Equal(230, _connection.ClientHello.Length);
        byte[] answer = new QuicPacketBuilder { KeyId = s_id, Source = s_serverId, IsClient = false, Number = 1 }.Build(
            QuicPacketBuilder.Crypto(64, s_serverHello));
        Assert.True(Observe(answer, false).HasFlag(QuicEvents.ServerHelloReady));
        Assert.Equal(s_serverHello[4..], _connection.ServerHello.ToArray());
    }

    [Fact]
    public void A_second_connection_on_the_flow_is_reported_as_well()
    {
        Observe(QuicSamples.ClientInitial, true);
        Observe(QuicSamples.ServerInitial, false);
        QuicEvents events =
            Observe(QuicPacketBuilder.Client(s_otherId, QuicPacketBuilder.Crypto(0, QuicPacketBuilder.Message(1, 77))), true);
        Assert.True(events.HasFlag(QuicEvents.ConnectionStarted | QuicEvents.ClientHelloReady));
        Assert.Equal(77, _connection.ClientHello.Length);
        Assert.True(Observe(QuicPacketBuilder.Server(s_otherId, s_serverId, QuicPacketBuilder.Crypto(0, s_serverHello)), false)
            .HasFlag(QuicEvents.ServerHelloReady));
    }

    [Fact]
    public void A_wrong_belief_about_the_client_is_found_out()
    {
        QuicEvents events = Observe(QuicSamples.ClientInitial, false);
        Assert.True(events.HasFlag(QuicEvents.RolesSwapped | QuicEvents.ClientHelloReady));
        Assert.True(_connection.AreRolesSwapped);
        Assert.True(Observe(QuicSamples.ServerInitial, true).HasFlag(QuicEvents.ServerHelloReady));
    }

    [Fact]
    [Trait("cap", "Wire.QuicConnection.MaxFailedPackets")]
    public void It_gives_up_after_the_named_number_of_failures()
    {
        byte[] damaged = [.. QuicSamples.ClientInitial];
        damaged[^1] ^= 1;
        for (int i = 1; i < 16; i++)
            Assert.Equal(QuicEvents.LooksLikeQuic, Observe(damaged, true));

        Assert.True(Observe(damaged, true).HasFlag(QuicEvents.GaveUp));
        long tried = _decryptor.FailedCount;
        Assert.Equal(QuicEvents.LooksLikeQuic, Observe(QuicSamples.ClientInitial, true));
        Assert.Equal(tried, _decryptor.FailedCount);

        _connection.Reset();
        Assert.Equal(0u, _connection.Version);
        Assert.True(Observe(QuicSamples.ClientInitial, true).HasFlag(QuicEvents.ClientHelloReady));
    }

    [Fact]
    public void A_hello_of_another_type_or_beyond_the_cap_is_not_waited_for()
    {
        Observe(QuicPacketBuilder.Client(s_id, QuicPacketBuilder.Crypto(0, [1, 1, 0, 0, 5])), true);
        Assert.False(_connection.HasBuffers);
        Observe(QuicPacketBuilder.Client(s_otherId, QuicPacketBuilder.Crypto(0, [8, 0, 0, 1, 5])), true);
        Assert.False(_connection.HasBuffers);
    }

    [Fact]
    public void The_hello_of_q050_is_found_in_its_initial()
    {
        byte[] chlo = GquicViewTests.Chlo(("SNI\0", "example.org"), ("UAID", "test agent"));
        QuicPacketBuilder builder = new()
        {
            Version = GquicVersions.Q050,
            Salt = QuicPacketBuilder.SaltQ050,
            KeyId = s_id,
            Destination = s_id,
            MinLength = 1200,
        };
        byte[] packet = builder
            .Build([8, 0, .. QuicPacketBuilder.VarInt((ulong)chlo.Length), .. chlo]);
        Assert.True(Observe(packet, true).HasFlag(QuicEvents.GoogleHelloReady));
        Assert.Equal(ParseStatus.Ok, GquicMessageView.Parse(_connection.GoogleHello, out GquicMessageView message));
        Assert.Equal("example.org"u8.ToArray(), message.Sni.ToArray());
        Assert.True(_connection.ClientHello.IsEmpty);
        Observe([], true);
        Assert.True(_connection.GoogleHello.IsEmpty);
    }

    [Fact]
    public void Random_datagrams_never_throw()
    {
        Gen<byte[]> noise = Gen.Select(
            OneOf(1u, 0u, 0x6b3343cfu, 0x51303530u, 0x0a0a0a0au), Gen.Byte[128, 255], Gen.Byte.Array[0, 60], (version, first, rest) =>
            (byte[])[first, (byte)(version >> 24), (byte)(version >> 16), (byte)(version >> 8), (byte)version, .. rest]);
        Gen<byte[]> valid = Gen.Select(Gen.OneOf(Gen.Byte[0, 8], Gen.Byte).Array[0, 60], Gen.Bool, (frames, isClient) =>
            new QuicPacketBuilder { KeyId = s_id, Destination = isClient ? s_id : [], IsClient = isClient }.Build(frames));
        Gen.Select(Gen.OneOf(noise, valid), Gen.Bool).Array[1, 30].Sample(datagrams =>
        {
            using QuicInitialDecryptor decryptor = new();
            QuicConnection connection = new();
            foreach ((byte[] datagram, bool fromClient) in datagrams)
            {
                connection.Observe(datagram, fromClient, decryptor);
                _ = connection.ClientHello.Length + connection.ServerHello.Length + connection.GoogleHello.Length;
            }
            connection.Reset();
            Assert.False(connection.HasBuffers);
        }, iter: 300);
    }

    [Fact]
    public void Watching_a_settled_connection_allocates_nothing()
    {
        Observe(QuicSamples.ClientInitial, true);
        Observe(QuicSamples.ServerInitial, false);
        byte[] shortHeader = [0x41, .. new byte[80]];
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            Observe(shortHeader, true);
            Observe(QuicSamples.ClientInitial, true);
        }));
    }

    private QuicEvents Observe(byte[] datagram, bool fromClient) => _connection.Observe(datagram, fromClient, _decryptor);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
