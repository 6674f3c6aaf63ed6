using System.Buffers.Binary;

namespace PiTap.Wire.Legacy;

/// <summary>
/// A packet of OpenVPN's control channel (OpenVPN Wire Protocol, draft-openvpn-protocol section 4). With "tls-auth" an HMAC whose length
/// no byte tells stands behind the session; with "tls-crypt" nothing behind it is readable.
/// <code>
///  0  opcode (5 bits), number of the key (3 bits)
///  1  session of the sender, 8 bytes
///  9  tls-auth: HMAC, packet number and time, 4 bytes each
///     acknowledgements, behind their number (1 byte), 4 bytes each; if there are any, the session of the receiver, 8 bytes
///     number, 4 bytes
///     a piece of the TLS stream
/// </code>
/// </summary>
public readonly ref struct OpenVpnPacketView
{
    /// <summary>Bytes of a session.</summary>
    public const int SessionBytes = 8;

    /// <summary>Bytes of a reset without HMAC and acknowledgements, the first packet of each side.</summary>
    public const int ResetBytes = AuthenticationOffset + 1 + NumberBytes;

    private const int SessionOffset = 1;
    private const int AuthenticationOffset = SessionOffset + SessionBytes;
    private const int NumberBytes = 4;

    private const int OpcodeShift = 3;
    private const byte KeyBits = 7;
    private const byte ControlV1 = 4;
    private const byte ClientResetV2 = 7;
    private const byte ServerResetV2 = 8;
    private const byte ClientResetV3 = 10;

    /// <summary>Acknowledgements in one packet.</summary>
    private const int MaxAcknowledgements = 8;

    private readonly ReadOnlySpan<byte> _packet;

    private OpenVpnPacketView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>
    /// Bytes that "tls-auth" may put behind the session, none first: an HMAC of a length in use, then a packet number and a time.
    /// </summary>
    public static ReadOnlySpan<int> AuthenticationLengths => [0, 16 + 8, 20 + 8, 32 + 8, 64 + 8];

    /// <summary>True for the first packet of a side: a session begins.</summary>
    public bool IsReset => IsResetByte(_packet[0]);

    /// <summary>True for a reset of the server.</summary>
    public bool IsServerReset => _packet[0] >> OpcodeShift == ServerResetV2;

    /// <summary>True for a packet that carries a piece of the TLS stream.</summary>
    public bool IsControl => _packet[0] >> OpcodeShift == ControlV1;

    /// <summary>The session of the sender.</summary>
    public ReadOnlySpan<byte> Session => _packet.Slice(SessionOffset, SessionBytes);

    /// <summary>Reads a packet, of which opcode and session have to be there.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out OpenVpnPacketView view)
    {
        view = default;
        if (packet.Length < AuthenticationOffset)
            return ParseStatus.Truncated;
        view = new OpenVpnPacketView(packet);
        return ParseStatus.Ok;
    }

    /// <summary>True if a packet's first byte is that of a reset with key 0.</summary>
    public static bool IsResetByte(byte first) =>
        (first & KeyBits) == 0 && first >> OpcodeShift is ClientResetV2 or ServerResetV2 or ClientResetV3;

    /// <summary>True for a reset in a form that hardly comes by chance: no HMAC, no acknowledgement, number 0, nothing behind.</summary>
    public static bool IsPlainReset(ReadOnlySpan<byte> packet) => packet.Length == ResetBytes && IsResetByte(packet[0])
        && packet[AuthenticationOffset] == 0 && BinaryPrimitives.ReadUInt32BigEndian(packet[(AuthenticationOffset + 1)..]) == 0;

    /// <summary>
    /// Reads the piece of the TLS stream behind so many bytes of authentication (<see cref="AuthenticationLengths"/>); false if there is
    /// no room for one, or for what stands before it.
    /// </summary>
    public bool TryReadPiece(int authenticationBytes, out uint number, out ReadOnlySpan<byte> piece)
    {
        number = 0;
        piece = default;
        int acknowledgementsOffset = AuthenticationOffset + authenticationBytes;
        if (_packet.Length < acknowledgementsOffset + 1 + NumberBytes)
            return false;
        int acknowledgements = _packet[acknowledgementsOffset];
        int numberOffset = acknowledgementsOffset + 1 + (NumberBytes * acknowledgements) + (acknowledgements > 0 ? SessionBytes : 0);
        if (acknowledgements > MaxAcknowledgements || _packet.Length < numberOffset + NumberBytes)
            return false;
        number = BinaryPrimitives.ReadUInt32BigEndian(_packet[numberOffset..]);
        piece = _packet[(numberOffset + NumberBytes)..];
        return true;
    }
}
