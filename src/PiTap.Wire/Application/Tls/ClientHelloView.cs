using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// A ClientHello of TLS, DTLS or QUIC (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2, RFC 6347 section 4.2.1): the handshake message
/// without its header.
/// <code>
///  0  legacy version, 2 bytes
///  2  random, 32 bytes
/// 34  session ID, behind its length (1 byte)
///     cookie, behind its length (1 byte): DTLS alone
///     cipher suites, 2 bytes each, behind their length (2 bytes)
///     compression methods, behind their length (1 byte)
///     extensions, behind their length (2 bytes)
/// </code>
/// </summary>
public readonly ref struct ClientHelloView
{
    private const int RandomOffset = 2;
    private const int SessionIdOffset = 34;
    private const int RandomLength = SessionIdOffset - RandomOffset;

    private ClientHelloView(ReadOnlySpan<byte> body, int missing, bool isDtls)
    {
        LegacyVersion = BinaryPrimitives.ReadUInt16BigEndian(body);
        Random = body.Slice(RandomOffset, RandomLength);
        IsDtls = isDtls;
        IsWhole = missing == 0;
    }

    /// <summary>The version field: TLS 1.3 writes 0x0303 here and the truth into supported_versions.</summary>
    public ushort LegacyVersion { get; }

    /// <summary>The 32 random bytes.</summary>
    public ReadOnlySpan<byte> Random { get; }

    /// <summary>The session ID; its length is of interest, its bytes are not.</summary>
    public ReadOnlySpan<byte> SessionId { get; private init; }

    /// <summary>The cookie that a DTLS server asked to have repeated; empty in TLS.</summary>
    public ReadOnlySpan<byte> Cookie { get; private init; }

    /// <summary>The cipher suites offered, in order.</summary>
    public TlsUInt16List CipherSuites { get; private init; }

    /// <summary>True if the list of compression methods is there: a message that ends before it is no valid hello.</summary>
    public bool HasCompressionMethods { get; private init; }

    /// <summary>The compression methods offered, one byte each.</summary>
    public ReadOnlySpan<byte> CompressionMethods { get; private init; }

    /// <summary>The extensions, in order.</summary>
    public TlsExtensionList Extensions { get; private init; }

    /// <summary>True for the form of DTLS, with a cookie.</summary>
    public bool IsDtls { get; }

    /// <summary>True if all of the message was available: only then does a fingerprint mean anything.</summary>
    public bool IsWhole { get; }

    /// <summary>
    /// Reads a whole message. <see cref="ParseStatus.Truncated"/> where it ends before its cipher suites do; what follows them is read as
    /// far as it is consistent.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> body, bool isDtls, out ClientHelloView hello) =>
        ParseStart(body, body.Length, isDtls, out hello);

    /// <summary>
    /// Reads the start of a message of which no more will come, as in a capture with a short snap length: names may stand before the cut.
    /// </summary>
    /// <param name="body">What is available of the message, without its header.</param>
    /// <param name="declaredLength">The length that its header declares, in bytes.</param>
    /// <param name="isDtls">True for the form of DTLS, with a cookie.</param>
    /// <param name="hello">What was read.</param>
    public static ParseStatus ParseStart(ReadOnlySpan<byte> body, int declaredLength, bool isDtls, out ClientHelloView hello)
    {
        hello = default;
        if (body.Length <= SessionIdOffset)
            return ParseStatus.Truncated;
        int missing = Math.Max(0, declaredLength - body.Length);
        ReadOnlySpan<byte> rest = body[SessionIdOffset..];
        ReadOnlySpan<byte> cookie = default;
        if (!TlsVector.TryTake8(ref rest, out ReadOnlySpan<byte> sessionId)
            || (isDtls && !TlsVector.TryTake8(ref rest, out cookie))
            || !TlsVector.TryTake16(ref rest, out ReadOnlySpan<byte> cipherSuites))
            return ParseStatus.Truncated;
        bool hasCompressionMethods = TlsVector.TryTake8(ref rest, out ReadOnlySpan<byte> compressionMethods);
        hello = new ClientHelloView(body, missing, isDtls)
        {
            SessionId = sessionId,
            Cookie = cookie,
            CipherSuites = new TlsUInt16List(cipherSuites),
            HasCompressionMethods = hasCompressionMethods,
            CompressionMethods = compressionMethods,
            Extensions = hasCompressionMethods ? TlsExtensionList.Read(rest, missing) : default,
        };
        return ParseStatus.Ok;
    }

    /// <summary>True if server_name is there, with or without a name in it.</summary>
    public bool HasServerName => Extensions.Contains(TlsExtensionType.ServerName);

    /// <summary>
    /// The first host name of the first server_name that has one (RFC 6066 section 3), as sent: any bytes, up to 65,000. Empty if there is
    /// none.
    /// </summary>
    public ReadOnlySpan<byte> ServerName
    {
        get
        {
            foreach (TlsExtension extension in Extensions)
            {
                if (extension.Type == TlsExtensionType.ServerName && TryReadHostName(extension.Data, out ReadOnlySpan<byte> name))
                    return name;
            }
            return default;
        }
    }

    /// <summary>The application protocols offered (RFC 7301), in order of preference.</summary>
    public TlsProtocolNames Alpn => new(Extensions.FindUInt16List(TlsExtensionType.Alpn).Bytes);

    /// <summary>The groups offered for key exchange, in order.</summary>
    public TlsUInt16List SupportedGroups => Extensions.FindUInt16List(TlsExtensionType.SupportedGroups);

    /// <summary>The point formats offered, one byte each.</summary>
    public ReadOnlySpan<byte> EcPointFormats =>
        Extensions.TryFind(TlsExtensionType.EcPointFormats, out ReadOnlySpan<byte> data) ? TlsExtensionList.ReadByteList(data) : default;

    /// <summary>The signature algorithms offered, in order.</summary>
    public TlsUInt16List SignatureAlgorithms => Extensions.FindUInt16List(TlsExtensionType.SignatureAlgorithms);

    /// <summary>The versions in supported_versions, in order; empty without that extension.</summary>
    public TlsUInt16List SupportedVersions =>
        Extensions.TryFind(TlsExtensionType.SupportedVersions, out ReadOnlySpan<byte> data)
            ? new TlsUInt16List(TlsExtensionList.ReadByteList(data))
            : default;

    /// <summary>The highest version offered: of supported_versions where it names any, else <see cref="LegacyVersion"/>.</summary>
    public ushort HighestVersion
    {
        get
        {
            ushort highest = LegacyVersion;
            int age = 0;
            foreach (ushort version in SupportedVersions)
            {
                if (TlsVersions.Age(version) <= age)
                    continue;
                highest = version;
                age = TlsVersions.Age(version);
            }
            return highest;
        }
    }

    /// <summary>
    /// True if encrypted_client_hello is there. Browsers send it, filled at random, to servers that know nothing of it (RFC 9849 section
    /// 6.2).
    /// </summary>
    public bool HasEch => Extensions.Contains(TlsExtensionType.EncryptedClientHello);

    /// <summary>True if the forerunner of Encrypted Client Hello is there.</summary>
    public bool HasEsni => Extensions.Contains(TlsExtensionType.EncryptedServerName);

    /// <summary>Reads encrypted_client_hello; <see cref="ParseStatus.NotParsed"/> where it is absent.</summary>
    public ParseStatus ParseEch(out EncryptedClientHelloView ech)
    {
        if (Extensions.TryFind(TlsExtensionType.EncryptedClientHello, out ReadOnlySpan<byte> data))
            return EncryptedClientHelloView.Parse(data, out ech);
        ech = default;
        return ParseStatus.NotParsed;
    }

    private static bool TryReadHostName(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> name)
    {
        const byte HostNameType = 0;
        name = default;
        if (!TlsVector.TryTake16(ref data, out ReadOnlySpan<byte> list))
            return false;
        // Each turn takes at least three bytes of a 16-bit length.
        while (!list.IsEmpty)
        {
            byte type = list[0];
            list = list[1..];
            if (!TlsVector.TryTake16(ref list, out name))
                return false;
            if (type == HostNameType && !name.IsEmpty)
                return true;
        }
        name = default;
        return false;
    }
}
