using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// The extension encrypted_client_hello of a ClientHello (RFC 9849 section 5). What is inside cannot be read; the lengths tell a little.
/// <code>
///  0  0 outer, 1 inner
///  1  key derivation, 2 bytes
///  3  cipher, 2 bytes
///  5  configuration, 1 byte
///  6  encapsulated key, behind its length (2 bytes)
///     encrypted hello, behind its length (2 bytes)
/// </code>
/// </summary>
public readonly ref struct EncryptedClientHelloView
{
    private const byte Outer = 0;
    private const byte Inner = 1;
    private const int KdfOffset = 1;
    private const int AeadOffset = 3;
    private const int ConfigIdOffset = 5;
    private const int EncOffset = 6;

    private EncryptedClientHelloView(bool isInner) => IsInner = isInner;

    /// <summary>True for the form that only a decrypted inner hello should have: it holds nothing.</summary>
    public bool IsInner { get; }

    /// <summary>The key derivation function (registry "HPKE KDF Identifiers"): 1 is HKDF-SHA256.</summary>
    public ushort KdfId { get; private init; }

    /// <summary>The cipher (registry "HPKE AEAD Identifiers"): 1 is AES-128-GCM, 3 ChaCha20Poly1305.</summary>
    public ushort AeadId { get; private init; }

    /// <summary>Which of the server's configurations was used; random in GREASE.</summary>
    public byte ConfigId { get; private init; }

    /// <summary>Length of the encapsulated key, in bytes: 32 for X25519, 0 in the hello after a HelloRetryRequest.</summary>
    public int EncLength { get; private init; }

    /// <summary>Length of the encrypted inner hello, in bytes.</summary>
    public int PayloadLength { get; private init; }

    /// <summary>Reads the data of the extension. <see cref="ParseStatus.Unsupported"/> for forms of drafts before 10.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out EncryptedClientHelloView ech)
    {
        ech = default;
        if (data.IsEmpty)
            return ParseStatus.Truncated;
        if (data[0] == Inner)
        {
            ech = new EncryptedClientHelloView(isInner: true);
            return ParseStatus.Ok;
        }
        if (data[0] != Outer)
            return ParseStatus.Unsupported;
        if (data.Length < EncOffset)
            return ParseStatus.Truncated;
        ReadOnlySpan<byte> rest = data[EncOffset..];
        if (!TlsVector.TryTake16(ref rest, out ReadOnlySpan<byte> enc) || !TlsVector.TryTake16(ref rest, out ReadOnlySpan<byte> payload))
            return ParseStatus.Truncated;
        ech = new EncryptedClientHelloView(isInner: false)
        {
            KdfId = BinaryPrimitives.ReadUInt16BigEndian(data[KdfOffset..]),
            AeadId = BinaryPrimitives.ReadUInt16BigEndian(data[AeadOffset..]),
            ConfigId = data[ConfigIdOffset],
            EncLength = enc.Length,
            PayloadLength = payload.Length,
        };
        return ParseStatus.Ok;
    }
}
