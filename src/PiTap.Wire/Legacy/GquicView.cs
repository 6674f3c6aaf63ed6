using System.Buffers.Binary;

namespace PiTap.Wire.Legacy;

/// <summary>
/// A datagram of Google's QUIC, Q024 to Q046, as Chromium spoke it until 2020: public flags and a version (to Q043), or a long header of
/// its own (Q044, Q046). Its first messages are in the clear. Only datagrams that name their version are recognised; Q050's hello is
/// encrypted, which is read with the keys of a QUIC Initial.
/// <code>
///  to Q043                                     Q044, Q046
///  0  public flags                             0  1, type; its packet number's length in Q046
///  1  connection ID, 8 bytes                   1  version, 4 letters
///  9  version, 4 letters                       5  lengths of both IDs, 4 bits each, less 3
/// 13  packet number, 1 to 6 bytes              6  connection ID, 8 bytes
///     hash, 12 bytes                          14  packet number, 1 to 4 bytes
///     private flags, to Q033                      hash, 12 bytes
///     frames                                      frames
/// </code>
/// </summary>
public readonly ref struct GquicView
{
    private const byte VersionFlag = 0x01;
    private const byte ResetFlag = 0x02;
    private const byte ConnectionIdFlag = 0x08;
    private const byte ReservedFlags = 0xc0;
    private const byte LongForm = 0x80;
    private const int PublicIdLength = 8;
    private const int PublicVersionOffset = 1 + PublicIdLength;
    private const int PublicNumberOffset = PublicVersionOffset + 4;
    private const int HashLength = 12;
    private const int LongVersionOffset = 1;
    private const int LongIdLengthsOffset = 5;
    private const int LongIdsOffset = 6;
    private const int NibbleIdBase = 3;
    private const int FirstLongHeader = 44;
    private const int LastLongHeader = 46;
    private const int LastWithPrivateFlags = 33;

    private readonly ReadOnlySpan<byte> _connectionId;
    private readonly GquicMessageView _message;

    private GquicView(uint version, bool isLongHeader, ReadOnlySpan<byte> connectionId, GquicMessageView message)
    {
        Version = version;
        IsLongHeader = isLongHeader;
        _connectionId = connectionId;
        _message = message;
    }

    /// <summary>The version; <see cref="GquicVersions.Text"/> gives its name.</summary>
    public uint Version { get; }

    /// <summary>True from Q044 on.</summary>
    public bool IsLongHeader { get; }

    /// <summary>The connection ID that the client chose: 8 bytes.</summary>
    public ReadOnlySpan<byte> ConnectionId => _connectionId;

    /// <summary>True if a message of the handshake begins in this datagram.</summary>
    public bool HasMessage => _message.Kind != 0;

    /// <summary>The message; with kind 0 and no tags where there is none.</summary>
    public GquicMessageView Message => _message;

    /// <summary>The server's name in a client's hello; empty if there is none.</summary>
    public ReadOnlySpan<byte> Sni => _message.Kind == GquicMessageView.ClientHello ? _message.Sni : default;

    /// <summary>
    /// Looks at a UDP payload. <see cref="ParseStatus.Ok"/> with a version and a connection ID, whether there is a message or not;
    /// <see cref="ParseStatus.Unsupported"/> for everything that names no such version.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> datagram, out GquicView view)
    {
        view = default;
        if (datagram.IsEmpty)
            return ParseStatus.Truncated;
        return (datagram[0] & LongForm) != 0 ? ParseLong(datagram, out view) : ParsePublic(datagram, out view);
    }

    private static ParseStatus ParsePublic(ReadOnlySpan<byte> datagram, out GquicView view)
    {
        view = default;
        byte flags = datagram[0];
        if ((flags & (VersionFlag | ResetFlag | ConnectionIdFlag | ReservedFlags)) != (VersionFlag | ConnectionIdFlag))
            return ParseStatus.Unsupported;
        if (datagram.Length < PublicNumberOffset)
            return ParseStatus.Truncated;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(datagram[PublicVersionOffset..]);
        if (!GquicVersions.HasPublicHeader(version))
            return ParseStatus.Unsupported;
        int number = GquicVersions.GoogleNumber(version);
        int numberLength = GquicFrames.NumberLength(flags >> 4);
        int framesOffset = PublicNumberOffset + numberLength + HashLength + (number <= LastWithPrivateFlags ? 1 : 0);
        GquicMessageView message = FindMessage(datagram, framesOffset, number, numberLength);
        view = new GquicView(version, isLongHeader: false, datagram.Slice(1, PublicIdLength), message);
        return ParseStatus.Ok;
    }

    private static ParseStatus ParseLong(ReadOnlySpan<byte> datagram, out GquicView view)
    {
        view = default;
        if (datagram.Length < LongIdsOffset)
            return ParseStatus.Truncated;
        uint version = BinaryPrimitives.ReadUInt32BigEndian(datagram[LongVersionOffset..]);
        int number = GquicVersions.GoogleNumber(version);
        if (number is < FirstLongHeader or > LastLongHeader || version >> 24 != 'Q')
            return ParseStatus.Unsupported;
        // Four bits for each ID's length, less 3; 0 for none. One side's is 8 bytes, the other's is left out.
        int destinationLength = IdLength(datagram[LongIdLengthsOffset] >> 4);
        int sourceLength = IdLength(datagram[LongIdLengthsOffset] & 0x0f);
        if (destinationLength + sourceLength != PublicIdLength)
            return ParseStatus.Malformed;
        if (datagram.Length < LongIdsOffset + PublicIdLength)
            return ParseStatus.Truncated;
        // Q044 always writes the packet number in four bytes; Q046 has its length in the first byte.
        int numberLength = number == FirstLongHeader ? 4 : (datagram[0] & 3) + 1;
        int framesOffset = LongIdsOffset + PublicIdLength + numberLength + HashLength;
        GquicMessageView message = FindMessage(datagram, framesOffset, number, numberLength);
        view = new GquicView(version, isLongHeader: true, datagram.Slice(LongIdsOffset, PublicIdLength), message);
        return ParseStatus.Ok;
    }

    private static int IdLength(int nibble) => nibble == 0 ? 0 : nibble + NibbleIdBase;

    private static GquicMessageView FindMessage(ReadOnlySpan<byte> datagram, int framesOffset, int number, int packetNumberLength)
    {
        if (framesOffset >= datagram.Length)
            return default;
        ReadOnlySpan<byte> stream = GquicFrames.FindHandshake(datagram[framesOffset..], number, packetNumberLength);
        return GquicMessageView.Parse(stream, out GquicMessageView message) == ParseStatus.Ok ? message : default;
    }
}
