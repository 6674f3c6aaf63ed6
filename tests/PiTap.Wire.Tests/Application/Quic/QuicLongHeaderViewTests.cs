using CsCheck;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Tests.Application.Quic;

public sealed class QuicLongHeaderViewTests
{
    [Fact]
    public void The_client_initial_of_rfc_9001_gives_every_field()
    {
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(QuicSamples.ClientInitial, out QuicLongHeaderView view));
        Assert.Equal(QuicPacketType.Initial, view.Type);
        Assert.Equal(QuicVersions.V1, view.Version);
        Assert.Equal(QuicSamples.ClientDestinationId, view.DestinationConnectionId.ToArray());
        Assert.True(view.SourceConnectionId.IsEmpty);
        Assert.True(view.Token.IsEmpty);
        Assert.Equal(1182ul, view.Length);
        Assert.Equal(18, view.PacketNumberOffset);
        Assert.Equal(1200, view.TotalLength);
        Assert.False(view.IsPayloadTruncated);
        Assert.True(view.IsFixedBitSet);
        Assert.True(view.RetryIntegrityTag.IsEmpty);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_retry_of_both_versions_gives_token_and_tag(bool isV2)
    {
        byte[] packet = isV2 ? QuicSamples.RetryV2 : QuicSamples.Retry;
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view));
        Assert.Equal(QuicPacketType.Retry, view.Type);
        Assert.Equal("token"u8.ToArray(), view.Token.ToArray());
        Assert.Equal(QuicSamples.ServerSourceId, view.SourceConnectionId.ToArray());
        Assert.Equal(packet[^16..], view.RetryIntegrityTag.ToArray());
        Assert.Equal(packet.Length, view.TotalLength);
    }

    [Theory]
    [InlineData(0xc0, 1u, QuicPacketType.Initial)]
    [InlineData(0xd0, 1u, QuicPacketType.ZeroRtt)]
    [InlineData(0xe0, 1u, QuicPacketType.Handshake)]
    [InlineData(0xf0, 1u, QuicPacketType.Retry)]
    [InlineData(0xd0, 0x6b3343cfu, QuicPacketType.Initial)]
    [InlineData(0xe0, 0x6b3343cfu, QuicPacketType.ZeroRtt)]
    [InlineData(0xf0, 0x6b3343cfu, QuicPacketType.Handshake)]
    [InlineData(0xc0, 0x6b3343cfu, QuicPacketType.Retry)]
    [InlineData(0xc0, 0xff00001du, QuicPacketType.Initial)]
    [InlineData(0xc0, 0x12345678u, QuicPacketType.Unknown)]
    [InlineData(0x80, 0u, QuicPacketType.VersionNegotiation)]
    public void The_type_bits_are_read_as_the_version_means_them(int firstByte, uint version, QuicPacketType expected)
    {
        byte[] packet = [(byte)firstByte, .. BigEndian(version), 1, 7, 0, .. new byte[24]];
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view));
        Assert.Equal(expected, view.Type);
    }

    [Fact]
    public void Version_negotiation_lists_its_versions()
    {
        byte[] packet = [0x80, 0, 0, 0, 0, 1, 9, 2, 8, 8, .. BigEndian(1), .. BigEndian(0x6b3343cf), 0xff];
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view));
        Assert.Equal(2, view.SupportedVersionCount);
        Assert.Equal(1u, view.SupportedVersion(0));
        Assert.Equal(QuicVersions.V2, view.SupportedVersion(1));
        Assert.Equal(0u, view.SupportedVersion(2));
        Assert.Equal(0u, view.SupportedVersion(-1));
        Assert.Equal(packet.Length, view.TotalLength);
    }

    [Fact]
    [Trait("cap", "Wire.QuicLongHeaderView.MaxConnectionIdLength")]
    public void An_id_over_20_bytes_is_malformed_in_known_versions_and_read_in_others()
    {
        byte[] packet = [0xc0, .. BigEndian(1), 21, .. new byte[60]];
        Assert.Equal(ParseStatus.Malformed, QuicLongHeaderView.Parse(packet, out _));

        byte[] unknown = [0xc0, .. BigEndian(0x12345678), 255, .. new byte[255], 255, .. new byte[255]];
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(unknown, out QuicLongHeaderView view));
        Assert.Equal(255, view.DestinationConnectionId.Length);
        Assert.Equal(255, view.SourceConnectionId.Length);
    }

    [Fact]
    public void Short_headers_and_the_long_headers_of_q046_are_unsupported()
    {
        Assert.Equal(ParseStatus.Unsupported, QuicLongHeaderView.Parse([0x40, 1, 2, 3, 4, 5, 6, 7], out _));
        Assert.Equal(ParseStatus.Unsupported, QuicLongHeaderView.Parse([0xc3, .. BigEndian(GquicVersions.Q046), 0x50, 1, 2, 3], out _));
    }

    [Fact]
    public void Coalesced_packets_are_stepped_over_by_their_length()
    {
        byte[] datagram = [.. QuicSamples.ServerInitial, .. QuicSamples.ServerInitial, 0x40, 1, 2, 3];
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(datagram, out QuicLongHeaderView first));
        Assert.Equal(QuicSamples.ServerInitial.Length, first.TotalLength);
        Assert.Equal(ParseStatus.Ok, QuicLongHeaderView.Parse(datagram.AsSpan(first.TotalLength), out QuicLongHeaderView second));
        Assert.Equal(QuicSamples.ServerInitial, second.Packet.ToArray());
    }

    [Fact]
    public void Every_shorter_prefix_is_truncated_in_the_header_and_marked_in_the_payload()
    {
        byte[] packet = QuicSamples.ClientInitial;
        for (int length = 0; length < packet.Length; length++)
        {
            ParseStatus status = QuicLongHeaderView.Parse(packet.AsSpan(0, length), out QuicLongHeaderView view);
            Assert.Equal(length < 18 ? ParseStatus.Truncated : ParseStatus.Ok, status);
            Touch(view);
            Assert.Equal(status == ParseStatus.Ok, view.IsPayloadTruncated);
        }
    }

    [Fact]
    public void No_change_of_a_single_byte_makes_an_accessor_throw()
    {
        foreach (byte[] sample in new[] { QuicSamples.ServerInitial, QuicSamples.Retry, QuicSamples.ClientInitialV2[..64] })
        {
            byte[] packet = [.. sample];
            for (int i = 0; i < packet.Length; i++)
            {
                for (int value = 0; value < 256; value++)
                {
                    packet[i] = (byte)value;
                    QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view);
                    Touch(view);
                }
                packet[i] = sample[i];
            }
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        Gen<uint> version = OneOf(0u, 1u, 0x6b3343cfu, 0xff00001du, 0x51303530u, 0x1a2a3a4au, 0x99999999u);
        Gen.Select(version, Gen.Byte[128, 255], Gen.Byte.Array[0, 80]).Sample((number, first, rest) =>
        {
            byte[] packet = [first, .. BigEndian(number), .. rest];
            if (QuicLongHeaderView.Parse(packet, out QuicLongHeaderView view) == ParseStatus.Ok)
            {
                Touch(view);
                Assert.InRange(view.TotalLength, 1, packet.Length);
            }
        });
    }

    [Fact]
    public void Parsing_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(static () =>
    {
        QuicLongHeaderView.Parse(QuicSamples.ServerInitial, out QuicLongHeaderView view);
        Touch(view);
    }));

    private static void Touch(in QuicLongHeaderView view)
    {
        _ = view.FirstByte + view.Version + view.Token.Length + view.DestinationConnectionId.Length + view.SourceConnectionId.Length;
        _ = view.RetryIntegrityTag.Length + view.SupportedVersionCount + view.TotalLength + (view.IsFixedBitSet ? 1 : 0);
        _ = view.SupportedVersion(view.SupportedVersionCount - 1);
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
