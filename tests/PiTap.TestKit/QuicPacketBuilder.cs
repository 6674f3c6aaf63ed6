using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PiTap.TestKit;

/// <summary>Makes Initial packets as an endpoint would, from RFC 9000 and RFC 9001, with nothing of the code under test.</summary>
public sealed class QuicPacketBuilder
{
    public const string SaltV1 = "38762cf7f55934b34d179ae6a4c80cadccbb7f0a";
    public const string SaltV2 = "0dede3def700a6db819381be6e269dcbf9bd2ed9";
    public const string SaltDraft29 = "afbfec289993d24c9e9786f19c6111e04390a899";
    public const string SaltQ050 = "504574efd066fe2f9d945cfcdbd3a7f0d3b56b45";
    public const int ClientDatagramLength = 1200;

    public uint Version { get; init; } = 1;

    public string Salt { get; init; } = SaltV1;

    public string LabelPrefix { get; init; } = "quic";

    public byte InitialTypeBits { get; init; }

    /// <summary>The ID that the keys come from.</summary>
    public required byte[] KeyId { get; init; }

    public byte[] Destination { get; init; } = [];

    public byte[] Source { get; init; } = [];

    public byte[] Token { get; init; } = [];

    public bool IsClient { get; init; } = true;

    public uint Number { get; init; }

    public int NumberLength { get; init; } = 2;

    public int MinLength { get; init; }

    public static QuicPacketBuilder V2(byte[] keyId, bool isClient = true, byte[]? destination = null, byte[]? source = null) => new()
    {
        Version = 0x6b3343cf,
        Salt = SaltV2,
        LabelPrefix = "quicv2",
        InitialTypeBits = 1,
        KeyId = keyId,
        Destination = destination ?? keyId,
        Source = source ?? [],
        IsClient = isClient,
    };

    /// <summary>A client's Initial of 1,200 bytes with these frames.</summary>
    public static byte[] Client(byte[] keyId, params byte[][] frames) =>
        new QuicPacketBuilder { KeyId = keyId, Destination = keyId, MinLength = ClientDatagramLength }.Build(frames);

    /// <summary>A server's Initial with these frames.</summary>
    public static byte[] Server(byte[] keyId, byte[] source, params byte[][] frames) =>
        new QuicPacketBuilder { KeyId = keyId, Source = source, IsClient = false }.Build(frames);

    public static byte[] Crypto(int offset, ReadOnlySpan<byte> data) =>
        [0x06, .. VarInt((ulong)offset), .. VarInt((ulong)data.Length), .. data];

    /// <summary>A TLS handshake message of this type whose body is counted up, so that a misplaced byte shows.</summary>
    public static byte[] Message(byte type, int bodyLength, byte first = 0)
    {
        byte[] message = new byte[4 + bodyLength];
        BinaryPrimitives.WriteUInt32BigEndian(message, ((uint)type << 24) | (uint)bodyLength);
        for (int i = 0; i < bodyLength; i++)
            message[4 + i] = (byte)(first + (i * 7) + (i >> 8));

        return message;
    }

    public static byte[] VarInt(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        switch (value)
        {
            case < 0x40:
                return bytes[7..];
            case < 0x4000:
                bytes[6] |= 0x40;
                return bytes[6..];
            case < 0x4000_0000:
                bytes[4] |= 0x80;
                return bytes[4..];
            default:
                bytes[0] |= 0xc0;
                return bytes;
        }
    }

    public byte[] Build(params byte[][] frames)
    {
        List<byte> payload = [.. frames.SelectMany(frame => frame)];
        int headerLength = 7 + Destination.Length + Source.Length + VarInt((ulong)Token.Length).Length + Token.Length + 2 + NumberLength;
        int padding = Math.Max(MinLength - headerLength - 16 - payload.Count, Math.Max(0, 4 - payload.Count));
        payload.AddRange(new byte[padding]);

        byte[] version = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(version, Version);
        ushort length = (ushort)(0x4000 | (NumberLength + payload.Count + 16));
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, Number);
        byte[] header =
        [
            (byte)(0xc0 | (InitialTypeBits << 4) | (NumberLength - 1)), .. version,
            (byte)Destination.Length, .. Destination, (byte)Source.Length, .. Source,
            .. VarInt((ulong)Token.Length), .. Token, (byte)(length >> 8), (byte)length, .. number[^NumberLength..],
        ];
        return Protect(header, [.. payload], header.Length - NumberLength);
    }

    private byte[] Protect(byte[] header, byte[] payload, int numberOffset)
    {
        byte[] initial = HKDF.Extract(HashAlgorithmName.SHA256, KeyId, Convert.FromHexString(Salt));
        byte[] secret = Expand(initial, IsClient ? "client in" : "server in", 32);
        byte[] nonce = Expand(secret, LabelPrefix + " iv", 12);
        for (int i = 0; i < 4; i++)
            nonce[8 + i] ^= (byte)(Number >> (24 - (8 * i)));

        byte[] cipher = new byte[payload.Length];
        byte[] tag = new byte[16];
        using (AesGcm gcm = new(Expand(secret, LabelPrefix + " key", 16), 16))
        {
            gcm.Encrypt(nonce, payload, cipher, tag, header);
        }

        byte[] packet = [.. header, .. cipher, .. tag];
        using Aes aes = Aes.Create();
        aes.Key = Expand(secret, LabelPrefix + " hp", 16);
        byte[] mask = aes.EncryptEcb(packet.AsSpan(numberOffset + 4, 16), PaddingMode.None);
        packet[0] ^= (byte)(mask[0] & 0x0f);
        for (int i = 0; i < NumberLength; i++)
            packet[numberOffset + i] ^= mask[1 + i];

        return packet;
    }

    private static byte[] Expand(byte[] secret, string label, int length)
    {
        byte[] full = Encoding.ASCII.GetBytes("tls13 " + label);
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, length, [0, (byte)length, (byte)full.Length, .. full, 0]);
    }
}
