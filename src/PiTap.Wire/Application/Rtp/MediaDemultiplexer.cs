namespace PiTap.Wire.Application.Rtp;

/// <summary>What a datagram of a media session is by its first byte.</summary>
public enum MediaKind : byte
{
    /// <summary>Kept for later, or none of these.</summary>
    Unknown = 0,
    /// <summary>STUN: 0 to 3.</summary>
    Stun = 1,
    /// <summary>ZRTP: 16 to 19.</summary>
    Zrtp = 2,
    /// <summary>DTLS: 20 to 63.</summary>
    Dtls = 3,
    /// <summary>TURN channel data: 64 to 79. QUIC's short header may stand here too.</summary>
    TurnChannel = 4,
    /// <summary>QUIC: 80 to 127 and 192 to 255.</summary>
    Quic = 5,
    /// <summary>RTP and RTCP, told apart by the second byte (RFC 5761 section 4): 128 to 191.</summary>
    Rtp = 6,
}

/// <summary>
/// Tells the protocols of WebRTC apart, which share one pair of ports (RFC 7983 section 7, with QUIC by RFC 9443 section 3).
/// </summary>
public static class MediaDemultiplexer
{
    /// <summary>What may begin with that byte.</summary>
    public static MediaKind Classify(byte first) => first switch
    {
        <= 3 => MediaKind.Stun,
        >= 16 and <= 19 => MediaKind.Zrtp,
        >= 20 and <= 63 => MediaKind.Dtls,
        >= 64 and <= 79 => MediaKind.TurnChannel,
        >= 128 and <= 191 => MediaKind.Rtp,
        >= 80 => MediaKind.Quic,
        _ => MediaKind.Unknown,
    };
}
