using System.Buffers.Binary;
using System.Text;

namespace PiTap.Wire.Tests.Application.Tls;

/// <summary>Bytes of TLS: the example handshake of RFC 8448 section 3, and hellos, records and messages put together by hand.</summary>
internal static class TlsBytes
{
    /// <summary>RFC 8448 section 3: ClientHello, handshake header included.</summary>
    public static readonly byte[] Rfc8448ClientHello = Convert.FromHexString(
        "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006130113031302010000910000000b0009000006"
        + "736572766572ff01000100000a00140012001d0017001800190100010101020103010400230000003300260024001d002099381de560e4bd43d23d8e"
        + "435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020001e0403050306030203080408050806040105010601020104020502"
        + "06020202002d00020101001c00024001");

    /// <summary>RFC 8448 section 3: ServerHello, handshake header included.</summary>
    public static readonly byte[] Rfc8448ServerHello = Convert.FromHexString(
        "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c982887611209"
        + "5fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304");

    public static byte[] Rfc8448ClientBody => Rfc8448ClientHello[4..];

    public static byte[] Rfc8448ServerBody => Rfc8448ServerHello[4..];

    public static byte[] Concat(params byte[][] parts) => parts.SelectMany(part => part).ToArray();

    public static byte[] UInt16(params int[] values) => values.SelectMany(value => new[] { (byte)(value >> 8), (byte)value }).ToArray();

    public static byte[] Vector8(params byte[] content) => [(byte)content.Length, .. content];

    public static byte[] Vector16(params byte[] content) => [.. UInt16(content.Length), .. content];

    public static byte[] Vector24(params byte[] content) => [(byte)(content.Length >> 16), .. UInt16(content.Length & 0xffff), .. content];

    public static byte[] Extension(int type, params byte[] data) => [.. UInt16(type), .. Vector16(data)];

    public static byte[] ServerName(string name) => Extension(0, Vector16([0, .. Vector16(Encoding.Latin1.GetBytes(name))]));

    public static byte[] Alpn(params string[] names) =>
        Extension(16, Vector16(names.SelectMany(name => Vector8(Encoding.Latin1.GetBytes(name))).ToArray()));

    public static byte[] ClientHello(int version, int[] suites, byte[]? extensions) =>
        [.. UInt16(version), .. new byte[32], .. Vector8(), .. Vector16(UInt16(suites)), .. Vector8(0),
            .. extensions is null ? [] : Vector16(extensions)];

    public static byte[] DtlsClientHello(int version, byte[] cookie, int[] suites, byte[] extensions) =>
        [.. UInt16(version), .. new byte[32], .. Vector8(), .. Vector8(cookie), .. Vector16(UInt16(suites)), .. Vector8(0),
            .. Vector16(extensions)];

    public static byte[] ServerHello(int version, int suite, byte[]? extensions) =>
        [.. UInt16(version), .. new byte[32], .. Vector8(), .. UInt16(suite), 0, .. extensions is null ? [] : Vector16(extensions)];

    public static byte[] Message(int type, byte[] body) => [(byte)type, .. Vector24(body)];

    public static byte[] Record(int type, byte[] fragment, int version = 0x0303) => [(byte)type, .. UInt16(version), .. Vector16(fragment)];

    public static byte[] DtlsRecord(int type, int version, int epoch, ulong sequence, byte[] fragment)
    {
        byte[] number = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(number, sequence);
        return [(byte)type, .. UInt16(version), .. UInt16(epoch), .. number[2..], .. Vector16(fragment)];
    }

    public static byte[] DtlsFragment(int type, int sequence, byte[] body, int offset, int length) =>
        [(byte)type, .. UInt24(body.Length), .. UInt16(sequence), .. UInt24(offset), .. UInt24(length), .. body.AsSpan(offset, length)];

    /// <summary>Calls an action with the bytes cut to every shorter length.</summary>
    public static void EachPrefix(byte[] bytes, Action<byte[]> action)
    {
        for (int length = 0; length < bytes.Length; length++)
            action(bytes[..length]);
    }

    /// <summary>Calls an action with every byte set to every other value, one at a time.</summary>
    public static void EachChange(byte[] bytes, Action<byte[]> action)
    {
        byte[] changed = [.. bytes];
        for (int i = 0; i < bytes.Length; i++)
        {
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                changed[i] = (byte)value;
                action(changed);
            }
            changed[i] = bytes[i];
        }
    }

    private static byte[] UInt24(int value) => [(byte)(value >> 16), .. UInt16(value & 0xffff)];
}
