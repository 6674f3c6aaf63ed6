using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>
/// One IEEE 802.11 frame (IEEE 802.11-2020 section 9.2.3, 9.3.2): who sent it to whom, and what a data frame carries.
/// <code>
///  0  version (2 bits), type (2), subtype (4)
///  1  to and from the distribution system, more fragments, retry, power, more data, protected, order: a bit each
///  2  duration
///  4  receiver, transmitter, a third address: 6 bytes each
/// 22  fragment number (4 bits), sequence number (12)
/// 24  a fourth address, if to and from are both set
///     QoS control, 2 bytes, if the subtype says so; HT control, 4 bytes, if the order bit does
/// </code>
/// </summary>
internal ref struct WifiFrame
{
    /// <summary>Identifiers of traffic go from 0 to 15; this one is for frames without.</summary>
    public const byte NoTraffic = 16;

    private const int FlagsOffset = 1;
    private const int ReceiverOffset = 4;
    private const int TransmitterOffset = 10;
    private const int ThirdAddressOffset = 16;
    private const int SequenceOffset = 22;
    private const int FourthAddressOffset = 24;
    private const int ControlLength = 2;
    private const int DataHeaderLength = 24;
    private const int MacLength = 6;
    private const int QosLength = 2;
    private const int HtControlLength = 4;
    private const byte VersionMask = 0x03;

    [Flags]
    private enum Flags : byte
    {
        ToSystem = 0x01,
        FromSystem = 0x02,
        MoreFragments = 0x04,
        Retry = 0x08,
        Protected = 0x40,
        Order = 0x80,
    }

    /// <summary>True for a data frame with a body; others say nothing of what is spoken.</summary>
    public bool HasData { get; private set; }

    /// <summary>True if only those who have the key can read the body.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>True if the sender sends it again.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>True for a part of a body.</summary>
    public readonly bool IsFragment => HasMoreFragments || FragmentNumber > 0;

    public bool HasMoreFragments { get; private set; }

    public int FragmentNumber { get; private set; }

    public int SequenceNumber { get; private set; }

    /// <summary>Which of a pair's streams it belongs to.</summary>
    public byte Traffic { get; private set; }

    /// <summary>True if the body holds several packets, each with a header (A-MSDU).</summary>
    public bool IsAggregate { get; private set; }

    /// <summary>Who sent it through the air.</summary>
    public MacAddress Transmitter { get; private set; }

    /// <summary>Who it is for in the air.</summary>
    public MacAddress Receiver { get; private set; }

    /// <summary>Who made what it carries.</summary>
    public MacAddress Source { get; private set; }

    /// <summary>Who is to have what it carries.</summary>
    public MacAddress Destination { get; private set; }

    /// <summary>Behind the header: LLC (IEEE 802.2), or what is encrypted.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>After <see cref="ParseStatus.Truncated"/>: how many bytes the header needs.</summary>
    public int Required { get; private set; }

    /// <summary>After <see cref="ParseStatus.Malformed"/>: the version found.</summary>
    public int Version { get; private set; }

    /// <summary>Reads a frame. With <paramref name="isPadded"/> the body begins at a multiple of four.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> bytes, bool isPadded, out WifiFrame frame)
    {
        const int TypeShift = 2, DataType = 2;
        const byte SubtypeNull = 0x40, SubtypeQos = 0x80;
        frame = new WifiFrame { Required = ControlLength, Traffic = NoTraffic };
        if (bytes.Length < ControlLength)
            return ParseStatus.Truncated;
        frame.Version = bytes[0] & VersionMask;
        if (frame.Version != 0)
            return ParseStatus.Malformed;
        if ((bytes[0] >> TypeShift & VersionMask) != DataType)
            return ParseStatus.Ok;
        var flags = (Flags)bytes[FlagsOffset];
        bool isQos = (bytes[0] & SubtypeQos) != 0;
        const Flags Both = Flags.ToSystem | Flags.FromSystem;
        int qosOffset = DataHeaderLength + ((flags & Both) == Both ? MacLength : 0);
        int headerLength = qosOffset + (isQos ? QosLength + ((flags & Flags.Order) != 0 ? HtControlLength : 0) : 0);
        frame.Required = headerLength;
        if (bytes.Length < headerLength)
            return ParseStatus.Truncated;
        frame.ReadAddresses(bytes, flags & Both);
        ushort sequence = BinaryPrimitives.ReadUInt16LittleEndian(bytes[SequenceOffset..]);
        frame.SequenceNumber = sequence >> 4;
        frame.FragmentNumber = sequence & 0x0f;
        frame.HasMoreFragments = (flags & Flags.MoreFragments) != 0;
        frame.IsRetry = (flags & Flags.Retry) != 0;
        if (isQos)
        {
            const byte Aggregate = 0x80;
            frame.Traffic = (byte)(bytes[qosOffset] & 0x0f);
            frame.IsAggregate = (bytes[qosOffset] & Aggregate) != 0;
        }
        frame.Body = bytes[Math.Min(isPadded ? headerLength + 3 & ~3 : headerLength, bytes.Length)..];
        frame.HasData = (bytes[0] & SubtypeNull) == 0 && !frame.Body.IsEmpty;
        // Some cards decrypt what they hand over and leave the bit: no cipher's header looks like that of IP.
        frame.IsEncrypted = frame.HasData && (flags & Flags.Protected) != 0 && !LinkLayer.IsSnap(frame.Body);
        return ParseStatus.Ok;
    }

    /// <summary>IEEE 802.11-2020 table 9-30.</summary>
    private void ReadAddresses(ReadOnlySpan<byte> bytes, Flags direction)
    {
        Receiver = MacAddress.Read(bytes[ReceiverOffset..]);
        Transmitter = MacAddress.Read(bytes[TransmitterOffset..]);
        MacAddress third = MacAddress.Read(bytes[ThirdAddressOffset..]);
        (Destination, Source) = direction switch
        {
            0 => (Receiver, Transmitter),
            Flags.ToSystem => (third, Transmitter),
            Flags.FromSystem => (Receiver, third),
            _ => (third, MacAddress.Read(bytes[FourthAddressOffset..])),
        };
    }
}
