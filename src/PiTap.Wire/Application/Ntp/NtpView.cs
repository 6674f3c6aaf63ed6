using System.Buffers.Binary;

namespace PiTap.Wire.Application.Ntp;

/// <summary>
/// An NTP packet (RFC 5905 section 7.3, also the simple form of RFC 4330). The fixed values are checked, so that few other bytes pass for
/// one.
/// <code>
///  0  leap (2 bits), version (3), mode (3)    12  reference ID
///  1  stratum                                 16  reference time, 8 bytes
///  2  poll                                    24  origin time, 8 bytes
///  3  precision                               32  receive time, 8 bytes
///  4  root delay                              40  transmit time, 8 bytes
///  8  root dispersion                         48  extension fields, authenticator
///
///  control (RFC 9327 section 2)               private
///  0  leap (2 bits), version (3), mode (3)     0  response, more, version (3 bits), mode (3)
///  1  response, error, more, operation         1  authenticated, sequence
///  2  sequence, status, association            2  implementation
///  8  offset                                   3  request code
/// 10  count of the data's bytes                4  error (4 bits), items (12)
/// 12  data                                     6  zero (4 bits), size of an item (12)
/// </code>
/// </summary>
public readonly ref struct NtpView
{
    private const int ModeOffset = 0;
    private const int StratumOffset = 1;
    private const int HeaderLength = 48;
    private const int RootDelayOffset = 4;
    private const int RootDispersionOffset = 8;
    private const int MaxVersion = 4;

    /// <summary>Figure 11: 16 is "unsynchronized", all above is reserved.</summary>
    private const byte MaxStratum = 16;

    private const int ModeReserved = 0;
    private const int ModeControl = 6;
    private const int ModePrivate = 7;

    private const int ControlCountOffset = 10;
    private const int ControlHeaderLength = 12;
    private const int PrivateImplementationOffset = 2;
    private const int PrivateItemSizeOffset = 6;
    private const int PrivateHeaderLength = 8;

    /// <summary>Padding to words, a key's number and a digest of SHA-1.</summary>
    private const int MaxAuthenticatorLength = 3 + 4 + 20;

    private readonly ReadOnlySpan<byte> _packet;

    private NtpView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>1 to 4.</summary>
    public int Version => _packet[ModeOffset] >> 3 & 7;

    /// <summary>1 and 2 symmetric, 3 client, 4 server, 5 broadcast.</summary>
    public int Mode => _packet[ModeOffset] & 7;

    /// <summary>How far the sender is from a reference clock; 0 in a client's question.</summary>
    public byte Stratum => _packet[StratumOffset];

    /// <summary>
    /// True for a control message (RFC 9327 section 2), whose data is as long as it says and may be followed by an authenticator, and for a
    /// private one of the reference implementation (ntpd's <c>ntp_request.h</c>: the implementation's number, then zeros before the size of
    /// an item).
    /// </summary>
    public static bool IsControl(ReadOnlySpan<byte> packet)
    {
        if (Parse(packet, out _) != ParseStatus.Unsupported || packet.Length < PrivateHeaderLength)
            return false;
        if ((packet[ModeOffset] & 7) == ModePrivate)
            return packet[PrivateImplementationOffset] is 0 or 2 or 3 && packet[PrivateItemSizeOffset] >> 4 == 0;
        if (packet.Length < ControlHeaderLength)
            return false;
        int behind = packet.Length - ControlHeaderLength - BinaryPrimitives.ReadUInt16BigEndian(packet[ControlCountOffset..]);
        return behind is >= 0 and <= MaxAuthenticatorLength;
    }

    /// <summary>Reads a packet. Control and private messages (modes 6 and 7) are <see cref="ParseStatus.Unsupported"/>.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out NtpView view)
    {
        view = default;
        if (packet.IsEmpty)
            return ParseStatus.Truncated;
        int version = packet[ModeOffset] >> 3 & 7;
        int mode = packet[ModeOffset] & 7;
        if (version is 0 or > MaxVersion || mode == ModeReserved)
            return ParseStatus.Malformed;
        if (mode is ModeControl or ModePrivate)
            return ParseStatus.Unsupported;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        // Extension fields and the authenticator are in words of four bytes (section 7.3).
        if (packet[StratumOffset] > MaxStratum || packet.Length % 4 != 0)
            return ParseStatus.Malformed;
        // Seconds in 16 and 16 bits (section 6): four minutes and more are no distance to a clock. Version 3 has negative delays (RFC 1305
        // section 3.2.1).
        if (packet[RootDelayOffset] is not (0 or 0xff) || packet[RootDispersionOffset] != 0)
            return ParseStatus.Malformed;
        view = new NtpView(packet);
        return ParseStatus.Ok;
    }
}
