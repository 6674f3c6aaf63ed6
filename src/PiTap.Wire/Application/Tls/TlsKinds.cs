namespace PiTap.Wire.Application.Tls;

/// <summary>What a TLS or DTLS record carries (RFC 8446 section 5.1; registry "TLS ContentType").</summary>
public enum TlsContentType : byte
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>The switch to encrypted records; in TLS 1.3 a dummy for the sake of old middleboxes (RFC 8446 appendix D.4).</summary>
    ChangeCipherSpec = 20,
    /// <summary>A warning, or the end of the connection.</summary>
    Alert = 21,
    /// <summary>Handshake messages, or parts of them.</summary>
    Handshake = 22,
    /// <summary>Encrypted content of whatever kind.</summary>
    ApplicationData = 23,
    /// <summary>Heartbeat (RFC 6520).</summary>
    Heartbeat = 24,
    /// <summary>DTLS 1.2 record with connection ID (RFC 9146 section 3).</summary>
    ConnectionId = 25,
    /// <summary>DTLS 1.3 acknowledgement (RFC 9147 section 7).</summary>
    Acknowledgement = 26,
}

/// <summary>What a handshake message is (RFC 8446 section 4; registry "TLS HandshakeType").</summary>
public enum TlsHandshakeType : byte
{
    /// <summary>Asks the client to begin a new handshake (RFC 5246 section 7.4.1.1).</summary>
    HelloRequest = 0,
    /// <summary>The client's offer.</summary>
    ClientHello = 1,
    /// <summary>The server's choice; also HelloRetryRequest (RFC 8446 section 4.1.4).</summary>
    ServerHello = 2,
    /// <summary>DTLS: asks the client to repeat its hello with a cookie (RFC 6347 section 4.2.1).</summary>
    HelloVerifyRequest = 3,
    /// <summary>A session ticket.</summary>
    NewSessionTicket = 4,
    /// <summary>HelloRetryRequest of the TLS 1.3 drafts before 22.</summary>
    DraftHelloRetryRequest = 6,
    /// <summary>A certificate chain.</summary>
    Certificate = 11,
    /// <summary>The server's key exchange, TLS 1.2 and below.</summary>
    ServerKeyExchange = 12,
    /// <summary>Asks the client for a certificate.</summary>
    CertificateRequest = 13,
    /// <summary>End of the server's flight, TLS 1.2 and below.</summary>
    ServerHelloDone = 14,
    /// <summary>Proof of the certificate's key.</summary>
    CertificateVerify = 15,
    /// <summary>The client's key exchange, TLS 1.2 and below.</summary>
    ClientKeyExchange = 16,
    /// <summary>The end of the handshake; never in the clear.</summary>
    Finished = 20,
    /// <summary>Where the client's certificate can be fetched (RFC 6066 section 5).</summary>
    CertificateUrl = 21,
    /// <summary>OCSP response (RFC 6066 section 8).</summary>
    CertificateStatus = 22,
    /// <summary>Supplemental data (RFC 4680).</summary>
    SupplementalData = 23,
    /// <summary>Compressed certificate (RFC 8879).</summary>
    CompressedCertificate = 25,
    /// <summary>Next protocol negotiation, the forerunner of ALPN.</summary>
    NextProtocol = 67,
}

/// <summary>The extensions that are looked into (registry "TLS ExtensionType Values"); others keep their number.</summary>
public enum TlsExtensionType : ushort
{
    /// <summary>server_name (RFC 6066 section 3).</summary>
    ServerName = 0,
    /// <summary>supported_groups (RFC 8422 section 5.1.1).</summary>
    SupportedGroups = 10,
    /// <summary>ec_point_formats (RFC 8422 section 5.1.2).</summary>
    EcPointFormats = 11,
    /// <summary>signature_algorithms (RFC 8446 section 4.2.3).</summary>
    SignatureAlgorithms = 13,
    /// <summary>application_layer_protocol_negotiation (RFC 7301).</summary>
    Alpn = 16,
    /// <summary>early_data (RFC 8446 section 4.2.10).</summary>
    EarlyData = 42,
    /// <summary>supported_versions (RFC 8446 section 4.2.1).</summary>
    SupportedVersions = 43,
    /// <summary>encrypted_client_hello (RFC 9849 section 5).</summary>
    EncryptedClientHello = 0xfe0d,
    /// <summary>encrypted_server_name of the drafts before Encrypted Client Hello (draft-ietf-tls-esni-02 section 7).</summary>
    EncryptedServerName = 0xffce,
}
