using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// The keys of one sender's Initial packets (RFC 9001 section 5): derived once, then used for each of its packets. Re-keyed in place.
/// </summary>
internal sealed class QuicPacketKeys : IDisposable
{
    public const int SecretLength = 32;
    public const int TagLength = 16;

    private const int KeyLength = 16;
    private const int IvLength = 12;
    private const int SampleOffset = 4;
    private const int ReservedBits = 0x0c;

    private readonly AesBlock _headerProtection = new(AesBlock.IsProcessorCapable);
    private readonly byte[] _iv = new byte[IvLength];
    private AesGcm? _aead;

    // HkdfLabel (RFC 8446 section 7.1) and the 1 that HKDF-Expand appends to its only block (RFC 5869 section 2.3).
    private static ReadOnlySpan<byte> ClientLabel => "\u0000\u0020\u000ftls13 client in\u0000\u0001"u8;

    private static ReadOnlySpan<byte> ServerLabel => "\u0000\u0020\u000ftls13 server in\u0000\u0001"u8;

    private static ReadOnlySpan<byte> KeyLabel => "\u0000\u0010\u000etls13 quic key\u0000\u0001"u8;

    private static ReadOnlySpan<byte> IvLabel => "\u0000\u000c\u000dtls13 quic iv\u0000\u0001"u8;

    private static ReadOnlySpan<byte> HeaderLabel => "\u0000\u0010\u000dtls13 quic hp\u0000\u0001"u8;

    // RFC 9369 section 3.3.2.
    private static ReadOnlySpan<byte> KeyLabelV2 => "\u0000\u0010\u0010tls13 quicv2 key\u0000\u0001"u8;

    private static ReadOnlySpan<byte> IvLabelV2 => "\u0000\u000c\u000ftls13 quicv2 iv\u0000\u0001"u8;

    private static ReadOnlySpan<byte> HeaderLabelV2 => "\u0000\u0010\u000ftls13 quicv2 hp\u0000\u0001"u8;

    /// <summary>The secret that both sides' keys come from (RFC 9001 section 5.2).</summary>
    public static void DeriveInitialSecret(QuicKeySchedule schedule, ReadOnlySpan<byte> connectionId, Span<byte> secret) =>
        HMACSHA256.HashData(QuicVersions.Salt(schedule), connectionId, secret);

    /// <summary>Makes these the keys of one side (RFC 9001 section 5.1).</summary>
    public void Derive(ReadOnlySpan<byte> initialSecret, QuicKeySchedule schedule, bool isClient)
    {
        bool isV2 = QuicVersions.HasVersion2Labels(schedule);
        Span<byte> secret = stackalloc byte[SecretLength];
        Span<byte> block = stackalloc byte[SecretLength];
        HMACSHA256.HashData(initialSecret, isClient ? ClientLabel : ServerLabel, secret);
        HMACSHA256.HashData(secret, isV2 ? KeyLabelV2 : KeyLabel, block);
        _aead?.Dispose();
        _aead = new AesGcm(block[..KeyLength], TagLength);
        HMACSHA256.HashData(secret, isV2 ? IvLabelV2 : IvLabel, block);
        block[..IvLength].CopyTo(_iv);
        HMACSHA256.HashData(secret, isV2 ? HeaderLabelV2 : HeaderLabel, block);
        _headerProtection.SetKey(block[..KeyLength]);
    }

    /// <summary>
    /// Takes the protection off a packet (RFC 9001 sections 5.3 and 5.4). <paramref name="scratch"/> has room for twice the packet
    /// and gets header and payload in the clear, payload from <paramref name="payloadOffset"/>. False if these are not the packet's keys.
    /// </summary>
    public bool TryOpen(ReadOnlySpan<byte> packet, int packetNumberOffset, Span<byte> scratch, out int payloadOffset, out int payloadLength)
    {
        payloadOffset = 0;
        payloadLength = 0;
        if (_aead is null || packet.Length - packetNumberOffset < SampleOffset + AesBlock.Size)
            return false;
        Span<byte> mask = stackalloc byte[AesBlock.Size];
        _headerProtection.Encrypt(packet.Slice(packetNumberOffset + SampleOffset, AesBlock.Size), mask);
        int firstByte = packet[0] ^ (mask[0] & 0x0f);
        // They are 0 in every packet (RFC 9000 section 17.2): three wrong keys in four are found out here, at a tenth of the price.
        if ((firstByte & ReservedBits) != 0)
            return false;
        int numberLength = (firstByte & 3) + 1;
        payloadOffset = packetNumberOffset + numberLength;
        payloadLength = packet.Length - payloadOffset - TagLength;
        if (payloadLength <= 0)
            return false;
        Span<byte> header = scratch[..payloadOffset];
        packet[..payloadOffset].CopyTo(header);
        header[0] = (byte)firstByte;
        uint number = 0;
        for (int i = 0; i < numberLength; i++)
        {
            header[packetNumberOffset + i] ^= mask[1 + i];
            number = (number << 8) | header[packetNumberOffset + i];
        }
        // Taken as the whole number: an Initial's is not shortened before the first acknowledgement (RFC 9000 section 17.1).
        Span<byte> nonce = stackalloc byte[IvLength];
        _iv.CopyTo(nonce);
        Span<byte> tail = nonce[^sizeof(uint)..];
        BinaryPrimitives.WriteUInt32BigEndian(tail, BinaryPrimitives.ReadUInt32BigEndian(tail) ^ number);
        ReadOnlySpan<byte> sealedText = packet.Slice(payloadOffset, payloadLength);
        Span<byte> text = scratch.Slice(payloadOffset, payloadLength);
        return TryDecrypt(nonce, sealedText, packet[^TagLength..], header, text, scratch.Slice(packet.Length, payloadLength));
    }

    /// <summary>
    /// The platform answers a wrong tag with an exception, which costs a hundred times what the packet does. In counter mode (NIST SP
    /// 800-38D section 7.1) encrypting twice is the way back: the first time gives the text, the second time the tag that belongs to it.
    /// </summary>
    private bool TryDecrypt(
        ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedText, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> header,
        Span<byte> text, Span<byte> again)
    {
        Span<byte> computed = stackalloc byte[TagLength];
        _aead!.Encrypt(nonce, sealedText, text, computed, header);
        _aead.Encrypt(nonce, text, again, computed, header);
        return CryptographicOperations.FixedTimeEquals(computed, tag);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _aead?.Dispose();
        _aead = null;
        _headerProtection.Dispose();
    }
}
