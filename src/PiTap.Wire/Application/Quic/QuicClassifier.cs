using System.Buffers.Binary;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// Tells QUIC from other UDP by one datagram, without keys. It claims long headers only: a short header looks like random bytes, so a
/// flow whose handshake was not captured stays unknown.
/// </summary>
public static class QuicClassifier
{
    private const int MaxDatagramLength = 65_527;

    // Packet number, header protection sample and tag (RFC 9001 section 5.4.2): no protected packet is shorter.
    private const int MinProtectedLength = 20;

    // RFC 9000 sections 7.2 and 14.1: of a client's first Initial.
    private const int MinInitialIdLength = 8;
    private const int MinInitialDatagram = 1200;
    private const int MaxOfferedVersions = 64;

    /// <summary>
    /// True for a datagram that begins with a long header of a known version, with lengths that fit; of Google's versions Q050, T050 and
    /// T051.
    /// </summary>
    public static bool LooksLike(ReadOnlySpan<byte> datagram) =>
        HasKnownVersion(datagram) && QuicLongHeaderView.Parse(datagram, out QuicLongHeaderView packet) == ParseStatus.Ok && IsPlausible(packet, datagram.Length);

    /// <summary>The same for a packet that is parsed already; <paramref name="datagramLength"/> in bytes.</summary>
    internal static bool IsPlausible(in QuicLongHeaderView packet, int datagramLength)
    {
        switch (packet.Type)
        {
            case QuicPacketType.Unknown:
                return false;
            case QuicPacketType.VersionNegotiation:
                return IsPlausibleNegotiation(packet);
            case QuicPacketType.Retry:
                return packet.IsFixedBitSet && !packet.Token.IsEmpty && !packet.SourceConnectionId.IsEmpty
                    && !QuicVersions.IsReserved(packet.Version);
        }
        if (packet.Length is < MinProtectedLength or > MaxDatagramLength)
            return false;
        // Four bits in each byte are all that a reserved version says, and a cleared fixed bit takes one more away (RFC 9287): both are
        // believed only of what looks like the beginning of a connection.
        bool isCertain = packet.IsFixedBitSet && !QuicVersions.IsReserved(packet.Version);
        return isCertain
            || (packet.Type == QuicPacketType.Initial && packet.DestinationConnectionId.Length >= MinInitialIdLength && datagramLength >= MinInitialDatagram);
    }

    /// <summary>Random bytes end here: packets of settled flows are looked at too.</summary>
    private static bool HasKnownVersion(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length <= sizeof(uint) || datagram[0] < 0x80)
            return false;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(datagram[1..]);
        return version == 0 || QuicVersions.IsReserved(version) || QuicVersions.IsSupported(version) || GquicVersions.IsGoogle(version);
    }

    private static bool IsPlausibleNegotiation(in QuicLongHeaderView packet)
    {
        int offered = packet.SupportedVersionCount;
        bool isWhole = (packet.TotalLength - packet.PacketNumberOffset) % sizeof(uint) == 0;
        if (!isWhole || offered is 0 or > MaxOfferedVersions || packet.DestinationConnectionId.Length + packet.SourceConnectionId.Length == 0)
            return false;
        for (int i = 0; i < offered; i++)
        {
            uint version = packet.SupportedVersion(i);
            if (!QuicVersions.IsReserved(version) && (QuicVersions.IsSupported(version) || GquicVersions.IsGoogle(version)))
                return true;
        }
        return false;
    }
}
