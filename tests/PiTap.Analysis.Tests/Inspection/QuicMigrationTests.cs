using PiTap.Model;
using PiTap.TestKit;
using static PiTap.TestKit.Packets;

namespace PiTap.Analysis.Tests.Inspection;

/// <summary>A QUIC connection is known by the ID that the server gave itself, and its answer may come first.</summary>
public sealed class QuicMigrationTests
{
    private const long LaterNs = Conversation.DefaultStartNs + PacketTime.NanosecondsPerSecond;

    private static readonly byte[] s_key = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08];
    private static readonly byte[] s_clientId = [0xc1, 0xc2, 0xc3, 0xc4, 0xc5];
    private static readonly byte[] s_serverId = [0xf0, 0x67, 0xa5, 0x50, 0x2a, 0x42, 0x62, 0xb5];

    // RFC 8446 section 4.1.3: version, random, no session, TLS_AES_128_GCM_SHA256, no compression, supported_versions.
    private static readonly byte[] s_serverHello =
        [2, 0, 0, 46, 3, 3, .. new byte[32], 0, 0x13, 0x01, 0, 0, 6, 0, 0x2b, 0, 2, 3, 4];

    [Fact]
    public void A_connection_that_goes_on_from_another_port_keeps_its_facts()
    {
        Conversation after = new Conversation(Phone, 61_000, Server, 443, LaterNs)
            .Datagram(true, Short(s_serverId)).Datagram(false, Short(s_clientId)).Datagram(true, Short(s_serverId));
        FlowRecord[] flows = [.. Analysis.Of(Handshake(s_serverId), after).Flows];
        Assert.Equal(["a.example.com", "a.example.com"], flows.Select(static flow => flow.Host));
        Assert.All(flows, static flow => Assert.Equal((HostSource.QuicSni, Verdict.Encrypted), (flow.HostSource, flow.Verdict)));
        Assert.All(flows, static flow => Assert.Equal(AppProtocol.Quic, flow.AppProto));
        Assert.Equal(flows[0].VerdictReason, flows[1].VerdictReason);
    }

    [Fact]
    public void A_connection_that_was_silent_keeps_its_facts()
    {
        Conversation talk = Handshake(s_serverId).Wait(600 * PacketTime.NanosecondsPerSecond).Datagram(true, Short(s_serverId));
        Assert.Equal(["a.example.com", "a.example.com"], Analysis.Of(talk).Flows.Select(static flow => flow.Host));
    }

    [Theory]
    [InlineData("192.0.2.81", 443, 8)]
    [InlineData("192.0.2.80", 444, 8)]
    // Too short an ID is met by chance.
    [InlineData("192.0.2.80", 443, 3)]
    public void The_ID_of_another_server_says_nothing(string server, ushort port, int idBytes)
    {
        byte[] id = s_serverId[..idBytes];
        Conversation after = new Conversation(Phone, 61_000, Ip(server), port, LaterNs).Datagram(true, Short(id));
        Assert.Null(Analysis.Of(Handshake(id), after).Flows[^1].Host);
    }

    [Fact]
    public void Another_ID_at_the_same_server_says_nothing()
    {
        byte[] other = [.. s_serverId[..7], 0];
        Conversation after = new Conversation(Phone, 61_000, Server, 443, LaterNs).Datagram(true, Short(other));
        Assert.Null(Analysis.Of(Handshake(s_serverId), after).Flows[^1].Host);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_before_the_first_packet_of_the_client_is_an_answer(bool isForThisClient)
    {
        byte[] answer = ServerInitial(s_serverId, isForThisClient ? s_clientId : [9, 9, 9, 9, 9]);
        Conversation talk = new Conversation(Phone, 50_000, Server, 443).Datagram(false, answer).Datagram(true, ClientInitial());
        FlowRecord flow = Assert.Single(Analysis.Of(talk).Flows);
        Assert.Equal(("a.example.com", Phone), (flow.Host, flow.Client));
        Assert.Equal(isForThisClient ? "QUIC handshake seen, TLS 1.3" : "QUIC handshake begun, no answer seen", flow.VerdictReason);
    }

    private static Conversation Handshake(byte[] serverId) =>
        new Conversation(Phone, 50_000, Server, 443).Datagram(true, ClientInitial()).Datagram(false, ServerInitial(serverId, s_clientId));

    private static byte[] ClientInitial() => new QuicPacketBuilder
    {
        KeyId = s_key,
        Destination = s_key,
        Source = s_clientId,
        MinLength = QuicPacketBuilder.ClientDatagramLength,
    }.Build(QuicPacketBuilder.Crypto(0, HelloBytes.Client("a.example.com").AsSpan(5)));

    private static byte[] ServerInitial(byte[] serverId, byte[] clientId) => new QuicPacketBuilder
    {
        KeyId = s_key,
        Destination = clientId,
        Source = serverId,
        IsClient = false,
        MinLength = QuicPacketBuilder.ClientDatagramLength,
    }.Build(QuicPacketBuilder.Crypto(0, s_serverHello));

    /// <summary>A packet with a short header: its ID, then bytes like random ones.</summary>
    private static byte[] Short(byte[] id) => [0x41, .. id, .. Enumerable.Range(0, 40).Select(static i => (byte)(i * 97 + 13))];
}
