namespace PiTap.Wire.Application.Quic;

/// <summary>What one datagram brought to light.</summary>
[Flags]
public enum QuicEvents : ushort
{
    /// <summary>Nothing: not QUIC, or nothing new.</summary>
    None = 0,
    /// <summary>The datagram begins with a long header of a known version, with lengths that fit.</summary>
    LooksLikeQuic = 1,
    /// <summary>A new connection began: the keys of a client's Initial fitted.</summary>
    ConnectionStarted = 2,
    /// <summary><see cref="QuicConnection.ClientHello"/> is whole.</summary>
    ClientHelloReady = 4,
    /// <summary><see cref="QuicConnection.ServerHello"/> is whole. It may be a HelloRetryRequest (RFC 8446 section 4.1.4).</summary>
    ServerHelloReady = 8,
    /// <summary><see cref="QuicConnection.GoogleHello"/> is whole: Q050 has no TLS.</summary>
    GoogleHelloReady = 16,
    /// <summary>A Handshake packet: the hellos were answered.</summary>
    HandshakeSeen = 32,
    /// <summary>A Retry packet: the hello comes again.</summary>
    RetrySeen = 64,
    /// <summary>A Version Negotiation packet: the connection begins again with another version.</summary>
    VersionNegotiationSeen = 128,
    /// <summary>
    /// The client turned out to be the side that the caller took for the server: see <see cref="QuicConnection.AreRolesSwapped"/>.
    /// </summary>
    RolesSwapped = 256,
    /// <summary>Too many packets could not be decrypted: no more are tried.</summary>
    GaveUp = 512,
}
