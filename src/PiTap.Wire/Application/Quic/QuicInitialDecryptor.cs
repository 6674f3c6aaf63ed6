using System.Security.Cryptography;

namespace PiTap.Wire.Application;

/// <summary>
/// Takes the protection off QUIC Initial packets (RFC 9001 section 5). Their keys come from a published salt and the client's first connection ID, so anyone who sees
/// the first packet can read the hellos; nothing behind them. One for each thread, used for all connections: keys of the latest ones are kept.
/// </summary>
public sealed class QuicInitialDecryptor : IDisposable
{
    /// <summary>Longest plaintext of a packet, in bytes.</summary>
    public const int MaxPlaintextBytes = 65_535;

    /// <summary>Connections whose keys are kept.</summary>
    private const int MaxKeys = 64;

    private const int TagBytes = 16;
    private const int SampleBytes = 16;
    private const int KeyBytes = 16;
    private const int NonceBytes = 12;

    private readonly Dictionary<KeyId, DirectionKeys> _keys = [];
    private readonly Queue<KeyId> _byAge = new();
    private readonly byte[] _header = new byte[2_048];

    /// <summary>
    /// Decrypts an Initial. <paramref name="plaintext"/> has room for the packet. False where the keys do not fit: another connection, or damaged bytes.
    /// </summary>
    /// <param name="header">The packet.</param>
    /// <param name="connectionId">The destination connection ID of the client's first Initial, or what a Retry put in its place.</param>
    /// <param name="fromClient">Who sent it.</param>
    /// <param name="plaintext">Takes the frames.</param>
    /// <param name="length">How many bytes of frames there are.</param>
    public bool TryDecrypt(in QuicLongHeaderView header, ReadOnlySpan<byte> connectionId, bool fromClient, Span<byte> plaintext, out int length)
    {
        uint version = header.Version;
        foreach (uint keyVersion in QuicVersions.KeyVersions(version))
        {
            if (TryDecrypt(header, keyVersion, connectionId, fromClient, plaintext, out length))
                return true;
        }
        length = 0;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DirectionKeys keys in _keys.Values)
            keys.Dispose();
        _keys.Clear();
        _byAge.Clear();
    }

    private bool TryDecrypt(in QuicLongHeaderView header, uint keyVersion, ReadOnlySpan<byte> connectionId, bool fromClient, Span<byte> plaintext, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> packet = header.Packet;
        int numberOffset = header.PacketNumberOffset;
        // The sample stands four bytes behind the start of the packet number, however long that is (RFC 9001 section 5.4.2).
        if (header.Type != QuicPacketType.Initial || packet.Length < numberOffset + 4 + SampleBytes || numberOffset + 4 > _header.Length
            || connectionId.Length > QuicLongHeaderView.MaxConnectionIdBytes)
            return false;
        DirectionKeys keys = GetKeys(keyVersion, connectionId, fromClient);
        Span<byte> mask = stackalloc byte[SampleBytes];
        keys.HeaderProtection.EncryptEcb(packet.Slice(numberOffset + 4, SampleBytes), mask, PaddingMode.None);
        byte first = (byte)(packet[0] ^ mask[0] & 0x0f);
        int numberLength = (first & 3) + 1;
        int headerLength = numberOffset + numberLength;
        if (packet.Length < headerLength + TagBytes)
            return false;
        Span<byte> clearHeader = _header.AsSpan(0, headerLength);
        packet[..headerLength].CopyTo(clearHeader);
        clearHeader[0] = first;
        Span<byte> nonce = stackalloc byte[NonceBytes];
        keys.InitializationVector.CopyTo(nonce);
        for (int i = 0; i < numberLength; i++)
        {
            clearHeader[numberOffset + i] ^= mask[1 + i];
            // Initial packets are the first of their number space: the number is as good as its low bytes.
            nonce[NonceBytes - numberLength + i] ^= clearHeader[numberOffset + i];
        }
        ReadOnlySpan<byte> sealedBytes = packet[headerLength..];
        length = sealedBytes.Length - TagBytes;
        if (plaintext.Length < length)
            return false;
        // A failed decryption throws, which costs more than a thousand good ones: keys that have not opened anything yet have to show a possible frame first.
        if (!keys.IsProven && !QuicVersions.HasGoogleFrames(keyVersion) && !keys.BeginsWithFrame(nonce, sealedBytes))
        {
            length = 0;
            return false;
        }
        try
        {
            keys.Aead.Decrypt(nonce, sealedBytes[..length], sealedBytes[length..], plaintext[..length], clearHeader);
            keys.IsProven = true;
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            length = 0;
            return false;
        }
    }

    private DirectionKeys GetKeys(uint version, ReadOnlySpan<byte> connectionId, bool fromClient)
    {
        KeyId id = KeyId.Of(version, connectionId, fromClient);
        if (_keys.TryGetValue(id, out DirectionKeys? keys))
            return keys;
        if (_byAge.Count >= MaxKeys && _keys.Remove(_byAge.Dequeue(), out DirectionKeys? oldest))
            oldest.Dispose();
        keys = DirectionKeys.Derive(version, connectionId, fromClient);
        _keys.Add(id, keys);
        _byAge.Enqueue(id);
        return keys;
    }

    private readonly record struct KeyId(uint Version, bool FromClient, int Length, ulong A, ulong B, uint C)
    {
        public static KeyId Of(uint version, ReadOnlySpan<byte> connectionId, bool fromClient)
        {
            Span<byte> padded = stackalloc byte[QuicLongHeaderView.MaxConnectionIdBytes];
            padded.Clear();
            connectionId.CopyTo(padded);
            return new KeyId(version, fromClient, connectionId.Length, BitConverter.ToUInt64(padded), BitConverter.ToUInt64(padded[8..]), BitConverter.ToUInt32(padded[16..]));
        }
    }

    private sealed class DirectionKeys : IDisposable
    {
        private readonly Aes _blockCipher;

        private DirectionKeys(AesGcm aead, Aes blockCipher, Aes headerProtection, byte[] initializationVector)
        {
            Aead = aead;
            _blockCipher = blockCipher;
            HeaderProtection = headerProtection;
            InitializationVector = initializationVector;
        }

        public AesGcm Aead { get; }

        public Aes HeaderProtection { get; }

        public byte[] InitializationVector { get; }

        /// <summary>True once the keys opened a packet.</summary>
        public bool IsProven { get; set; }

        /// <summary>
        /// Decrypts the first byte alone (GCM is counter mode, whose first block of data has the count 2: NIST SP 800-38D section 7.2) and looks whether it begins a
        /// frame that an Initial may hold (RFC 9000 section 12.4).
        /// </summary>
        public bool BeginsWithFrame(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> sealedBytes)
        {
            Span<byte> counter = stackalloc byte[SampleBytes];
            nonce.CopyTo(counter);
            counter[NonceBytes..].Clear();
            counter[^1] = 2;
            Span<byte> block = stackalloc byte[SampleBytes];
            _blockCipher.EncryptEcb(counter, block, PaddingMode.None);
            return (block[0] ^ sealedBytes[0]) is 0x00 or 0x01 or 0x02 or 0x03 or 0x06 or 0x1c or 0x1d;
        }

        /// <summary>RFC 9001 sections 5.1 and 5.2; version 2 has labels of its own (RFC 9369 section 3.3.2).</summary>
        public static DirectionKeys Derive(uint version, ReadOnlySpan<byte> connectionId, bool fromClient)
        {
            Span<byte> initialSecret = stackalloc byte[SHA256.HashSizeInBytes];
            Span<byte> secret = stackalloc byte[SHA256.HashSizeInBytes];
            Span<byte> key = stackalloc byte[KeyBytes];
            byte[] initializationVector = new byte[NonceBytes];
            HKDF.Extract(HashAlgorithmName.SHA256, connectionId, QuicVersions.InitialSalt(version), initialSecret);
            bool isV2 = version == QuicVersions.V2;
            ExpandLabel(initialSecret, fromClient ? "client in"u8 : "server in"u8, secret);
            ExpandLabel(secret, isV2 ? "quicv2 key"u8 : "quic key"u8, key);
            var aead = new AesGcm(key, TagBytes);
            var blockCipher = Aes.Create();
            blockCipher.SetKey(key);
            ExpandLabel(secret, isV2 ? "quicv2 iv"u8 : "quic iv"u8, initializationVector);
            ExpandLabel(secret, isV2 ? "quicv2 hp"u8 : "quic hp"u8, key);
            var headerProtection = Aes.Create();
            headerProtection.SetKey(key);
            return new DirectionKeys(aead, blockCipher, headerProtection, initializationVector);
        }

        public void Dispose()
        {
            Aead.Dispose();
            _blockCipher.Dispose();
            HeaderProtection.Dispose();
        }

        /// <summary>HKDF-Expand-Label with an empty context (RFC 8446 section 7.1), for outputs of at most one hash.</summary>
        private static void ExpandLabel(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, Span<byte> output)
        {
            ReadOnlySpan<byte> prefix = "tls13 "u8;
            Span<byte> info = stackalloc byte[32];
            info[0] = 0;
            info[1] = (byte)output.Length;
            info[2] = (byte)(prefix.Length + label.Length);
            prefix.CopyTo(info[3..]);
            label.CopyTo(info[(3 + prefix.Length)..]);
            int length = 3 + prefix.Length + label.Length;
            info[length++] = 0;
            // The counter of HKDF-Expand's first and only block (RFC 5869 section 2.3).
            info[length++] = 1;
            Span<byte> block = stackalloc byte[SHA256.HashSizeInBytes];
            HMACSHA256.HashData(secret, info[..length], block);
            block[..output.Length].CopyTo(output);
        }
    }
}
