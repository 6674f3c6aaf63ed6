using System.Buffers.Binary;
using PiTap.TestKit;

namespace PiTap.Benchmarks.Attacks;

/// <summary>Initial packets of QUIC (RFC 9001 section 5.2): whoever looks for a hello derives keys for each connection ID.</summary>
internal static class QuicAttacks
{
    private const uint Draft29 = 0xff00001d;
    private const int InitialsADatagram = 8;
    private const int InitialBytes = 150;

    /// <summary>Coalesced Initials (RFC 9000 section 12.2), each with an ID, and so with keys, of its own.</summary>
    public static IEnumerable<byte[]> ManyInitials(int count, uint version, bool isGarbage)
    {
        for (int i = 0; i < count; i++)
        {
            List<byte> datagram = [];
            for (int k = 0; k < InitialsADatagram; k++)
                datagram.AddRange(Initial(i * InitialsADatagram + k, version, isGarbage, InitialBytes));
            yield return Frames.Udp(i / 64, 443, [.. datagram]);
        }
    }

    public static IEnumerable<byte[]> OneInitialAFlow(int count)
    {
        for (int i = 0; i < count; i++)
            yield return Frames.Udp(i, 443, Initial(i, 1, isGarbage: true, QuicPacketBuilder.ClientDatagramLength));
    }

    private static byte[] Initial(int number, uint version, bool isGarbage, int length)
    {
        byte[] id = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(id, number);
        id[7] = 0x5a;
        byte[] packet = new QuicPacketBuilder
        {
            Version = version,
            Salt = version == Draft29 ? QuicPacketBuilder.SaltDraft29 : QuicPacketBuilder.SaltV1,
            KeyId = id,
            Destination = id,
            MinLength = length,
        }.Build([0x01]);
        if (isGarbage)
            packet[^1] ^= 0xff;
        return packet;
    }
}
