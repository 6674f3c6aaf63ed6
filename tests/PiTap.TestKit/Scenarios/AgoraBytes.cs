using System.Buffers.Binary;
using System.Text;

namespace PiTap.TestKit.Scenarios;

/// <summary>
/// Datagrams as an app with Agora's software might send them. The hello and its reply are laid out as those of public captures of 2022. The
/// readable join packet of 2021 stands in no public capture: its layout is an invention after what was published of it, the application's
/// key, the room and the user. All values are made up.
/// </summary>
public sealed class AgoraBytes(Scene scene)
{
    private const ushort JoinMessage = 0x11, JoinedMessage = 0x12;
    private const int PointBytes = 65;

    private static readonly byte[] s_phoneNumber = [0x31, 0x41, 0x59];
    private static readonly byte[] s_relayNumber = [0x27, 0x18, 0x28];

    /// <summary>A user joins a room: lengths and numbers little-endian, the room readable, the user a number of 32 bits.</summary>
    public byte[] Join(long ms, string applicationKey, string room, uint user) => Message(ms, JoinMessage,
        [.. Text(applicationKey), .. Text(room), .. Text("""{"os":"ios","sdk":"3.2.1"}"""), .. Number(user)]);

    /// <summary>The answer to it.</summary>
    public byte[] Joined(long ms, string room, uint user) => Message(ms, JoinedMessage, [.. Text(room), .. Number(user), .. Number(0)]);

    /// <summary>A phone's first datagram to a relay: its name is readable, what follows is a key exchange.</summary>
    public byte[] Hello(string relay) => Handshake(0x21, s_phoneNumber, [0, 0, 0],
        Tag("SNI\0"u8, Encoding.ASCII.GetBytes(relay)), Tag("PDMD"u8, []),
        Tag("CPTO"u8,
        [
            .. Tag("NONC"u8, scene.Noise(32)), .. Tag("AEAD"u8, "AESG"u8), .. Tag("PUBS"u8, [4, .. scene.Noise(PointBytes - 1)]),
            .. Tag("KEXS"u8, "P256"u8),
        ]),
        Tag("CCRT"u8, scene.Noise(40)));

    /// <summary>The relay's reply.</summary>
    public byte[] Reply() => Handshake(0x23, s_relayNumber, s_phoneNumber,
        Tag("PEID"u8, [0, 1, 0, 0x1c]), Tag("PROF"u8, scene.Noise(284)),
        Tag("CPTO"u8,
        [
            .. Tag("NONC"u8, scene.Noise(32)), .. Tag("AEAD"u8, "AESG"u8), .. Tag("SCID"u8, scene.Noise(32)),
            .. Tag("PUBS"u8, [4, .. scene.Noise(PointBytes - 1)]), .. Tag("KEXS"u8, "P256"u8),
        ]),
        Tag([.. "CRT"u8, 0xff], scene.Noise(28)));

    /// <summary>A datagram of audio, or one that keeps the way open: nothing in it can be read.</summary>
    public byte[] Opaque(int number, int bytes) => [1, (byte)number, s_phoneNumber[1], s_phoneNumber[2], .. scene.Noise(bytes - 4)];

    private byte[] Message(long ms, ushort message, byte[] body)
    {
        byte[] head = new byte[12];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)(head.Length + body.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(2), message);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(4), scene.TimeNs(ms) / 1_000_000);
        return [.. head, .. body];
    }

    private static byte[] Handshake(byte kind, byte[] sender, byte[] other, params byte[][] tags) =>
        [0, .. sender, 0, 0, kind, 0, .. other, 0, (byte)tags.Length, .. tags.SelectMany(static tag => tag)];

    private static byte[] Tag(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        [.. name, (byte)value.Length, (byte)(value.Length >> 8), .. value];

    private static byte[] Text(string text) => [(byte)text.Length, (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }
}
