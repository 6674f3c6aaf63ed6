using System.Buffers.Binary;

namespace PiTap.Wire.Application;

/// <summary>An RTP header and what it carries (RFC 3550 section 5.1). SRTP has the same header (RFC 3711 section 3.1).</summary>
public readonly ref struct RtpView
{
    private const int HeaderLength = 12;
    private readonly ReadOnlySpan<byte> _packet;

    private RtpView(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> payload)
    {
        _packet = packet;
        Payload = payload;
    }

    /// <summary>Marks a frame's end, or the start of a talk spurt.</summary>
    public bool HasMarker => (_packet[1] & 0x80) != 0;

    /// <summary>What the payload is coded in; 96 to 127 are agreed elsewhere (RFC 3551 section 6).</summary>
    public byte PayloadType => (byte)(_packet[1] & 0x7f);

    /// <summary>Goes up by one with each packet.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_packet[2..]);

    /// <summary>Sampling time in units of the codec's clock.</summary>
    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    /// <summary>The stream's source.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_packet[8..]);

    /// <summary>Behind contributing sources and extension; padding included, since SRTP hides its length.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads a packet. Payload types 64 to 95 are left to RTCP (RFC 5761 section 4).</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out RtpView view)
    {
        view = default;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (packet[0] >> 6 != 2 || (packet[1] & 0x7f) is >= 64 and <= 95)
            return ParseStatus.Malformed;
        int offset = HeaderLength + 4 * (packet[0] & 0x0f);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < offset + 4)
                return ParseStatus.Malformed;
            offset += 4 + 4 * BinaryPrimitives.ReadUInt16BigEndian(packet[(offset + 2)..]);
        }
        if (packet.Length < offset)
            return ParseStatus.Malformed;
        view = new RtpView(packet, packet[offset..]);
        return ParseStatus.Ok;
    }
}

/// <summary>The first packet of a compound RTCP packet (RFC 3550 section 6.1).</summary>
public readonly ref struct RtcpView
{
    private const int HeaderLength = 8;
    private readonly ReadOnlySpan<byte> _packet;

    private RtcpView(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>200 sender report, 201 receiver report, 202 description, 203 goodbye, 205 and 206 feedback (RFC 4585).</summary>
    public byte PacketType => _packet[1];

    /// <summary>Who sent it.</summary>
    public uint Ssrc => BinaryPrimitives.ReadUInt32BigEndian(_packet[4..]);

    /// <summary>
    /// Reads a packet: version 2, a type of RFC 5761 section 4, and a length inside the datagram. Behind the first packet SRTCP is encrypted, so only that one is held to it.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> packet, out RtcpView view)
    {
        view = default;
        if (packet.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (packet[0] >> 6 != 2 || packet[1] is < 192 or > 223)
            return ParseStatus.Malformed;
        int length = 4 * (1 + BinaryPrimitives.ReadUInt16BigEndian(packet[2..]));
        if (length < HeaderLength || length > packet.Length)
            return ParseStatus.Malformed;
        view = new RtcpView(packet);
        return ParseStatus.Ok;
    }
}

/// <summary>
/// Decides whether the datagrams of one direction are RTP: one source, one payload type, and sequence numbers that go up. A single packet proves nothing, since any
/// byte from 0x80 to 0xbf begins one.
/// </summary>
public struct RtpTracker
{
    /// <summary>Packets in step that make a flow RTP.</summary>
    public const int PacketsToDecide = 4;

    /// <summary>The same where STUN or DTLS on the flow has prepared for media.</summary>
    public const int PacketsToDecideWhenExpected = 2;

    /// <summary>Sequence numbers may jump by this much: packets are lost and overtake each other.</summary>
    private const int MaxStep = 16;

    private uint _ssrc;
    private ushort _sequence;
    private byte _payloadType;
    private byte _inStep;

    /// <summary>Looks at a packet; true once the direction is RTP.</summary>
    public bool Observe(in RtpView packet, bool isExpected)
    {
        int step = (short)(packet.SequenceNumber - _sequence);
        bool isInStep = _inStep > 0 && packet.Ssrc == _ssrc && packet.PayloadType == _payloadType && step is > 0 and <= MaxStep;
        _inStep = isInStep ? (byte)Math.Min(_inStep + 1, PacketsToDecide) : (byte)1;
        _ssrc = packet.Ssrc;
        _sequence = packet.SequenceNumber;
        _payloadType = packet.PayloadType;
        return _inStep >= (isExpected ? PacketsToDecideWhenExpected : PacketsToDecide);
    }
}
