using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Pcap;

/// <summary>
/// Reads packets out of the bytes of a pcap (draft-ietf-opsawg-pcap) or pcapng (draft-ietf-opsawg-pcapng) file: both byte orders,
/// micro- and nanoseconds, several sections and interfaces. It does no I/O and copies nothing: the caller hands over a window of the
/// file and moves it on by what was consumed. One file, one parser.
/// </summary>
public sealed partial class CaptureFileParser
{
    /// <summary>The longest packet that is taken, in bytes: what libpcap and Wireshark take for ordinary link types.</summary>
    public const int MaxPacketBytes = 262_144;

    /// <summary>The longest pcapng block that is taken, in bytes; a longer one is damage, not data.</summary>
    public const int MaxBlockBytes = 16 * 1024 * 1024;

    /// <summary>The most interfaces that one pcapng section may describe.</summary>
    public const int MaxInterfaces = 4096;

    /// <summary>The most that <see cref="BytesNeeded"/> ever asks for: a window of this size is always enough.</summary>
    public const int MaxBytesNeeded = MaxPacketBytes + 65_536;

    private const uint MagicMicroseconds = 0xA1B2C3D4;
    private const uint MagicNanoseconds = 0xA1B23C4D;

    // Written by a patched libpcap of the nineties: each packet's header has eight bytes more.
    private const uint MagicModified = 0xA1B2CD34;

    private const int MagicBytes = 4;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int ModifiedRecordHeaderBytes = 24;
    private const int KnownMajorVersion = 2;

    // Before version 2.3 the two lengths of a packet stood the other way round, and some wrote them so in 2.3.
    private const int MinorVersionLengthsInDoubt = 3;

    private bool _isBigEndian;
    private LinkType _link;
    private int _recordHeaderBytes;
    private int _fractionNs;
    private int _minorVersion;

    /// <summary>What the file is; unknown until its first bytes were seen.</summary>
    public CaptureFormat Format { get; private set; }

    /// <summary>Where in the file the next byte to be consumed stands, from 0.</summary>
    public long Offset { get; private set; }

    /// <summary>After <see cref="CaptureParseStatus.NeedMore"/>: how many bytes from <see cref="Offset"/> on it takes to go on.</summary>
    public int BytesNeeded { get; private set; } = MagicBytes;

    /// <summary>After <see cref="CaptureParseStatus.Failed"/>: why.</summary>
    public CaptureFault Fault { get; private set; }

    /// <summary>
    /// After <see cref="CaptureParseStatus.Failed"/>: where in the file the packet, block or header stands that is at fault.
    /// </summary>
    public long FaultOffset { get; private set; }

    /// <summary>After <see cref="CaptureParseStatus.Failed"/>: the number that belongs to <see cref="Fault"/>.</summary>
    public long FaultValue { get; private set; }

    /// <summary>How many interfaces the file, or its current section, has described so far.</summary>
    public int Interfaces => Format == CaptureFormat.Pcap ? 1 : _interfaces.Count;

    /// <summary>Header type of an interface's packets.</summary>
    /// <param name="number">From 0 to below <see cref="Interfaces"/>.</param>
    public LinkType LinkOf(int number) => Format == CaptureFormat.Pcap ? _link : _interfaces[number].Link;

    /// <summary>Tells the format from a file's first four bytes.</summary>
    public static CaptureFormat Detect(ReadOnlySpan<byte> first)
    {
        if (first.Length < MagicBytes)
            return CaptureFormat.Unknown;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(first);
        if (magic == PcapngFormat.SectionHeaderBlock)
            return CaptureFormat.Pcapng;
        return IsPcapMagic(magic) || IsPcapMagic(BinaryPrimitives.ReverseEndianness(magic)) ? CaptureFormat.Pcap : CaptureFormat.Unknown;
    }

    /// <summary>
    /// Takes the next packet from a window of the file.
    /// </summary>
    /// <param name="buffer">The file from <see cref="Offset"/> on, as far as it is there.</param>
    /// <param name="isLast">True if the file ends with the buffer.</param>
    /// <param name="consumed">By how much the window moves on, whatever the outcome.</param>
    /// <param name="packet">The packet; its data is a slice of the buffer. The original length is what the file says, at most
    /// <see cref="int.MaxValue"/>, and may be less than what was captured. A pcapng simple packet has no time: it gets that of the packet
    /// before.</param>
    public CaptureParseStatus TryRead(ReadOnlySpan<byte> buffer, bool isLast, out int consumed, out CapturedPacket packet)
    {
        if (Format == CaptureFormat.Unknown || Fault != CaptureFault.None)
            return Begin(buffer, isLast, out consumed, out packet);
        return Format == CaptureFormat.Pcap
            ? ReadRecord(buffer, isLast, out consumed, out packet)
            : ReadBlocks(buffer, isLast, out consumed, out packet);
    }

    private CaptureParseStatus Begin(ReadOnlySpan<byte> buffer, bool isLast, out int consumed, out CapturedPacket packet)
    {
        consumed = 0;
        packet = default;
        if (Fault != CaptureFault.None)
            return CaptureParseStatus.Failed;
        CaptureFormat format = Detect(buffer);
        if (format == CaptureFormat.Unknown)
            return buffer.Length < MagicBytes && !isLast ? NeedMore(MagicBytes) : Fail(CaptureFault.NotACapture, Offset, 0);
        if (format == CaptureFormat.Pcapng)
        {
            Format = format;
            return ReadBlocks(buffer, isLast, out consumed, out packet);
        }
        if (buffer.Length < FileHeaderBytes)
            return Short(FileHeaderBytes, isLast);
        CaptureParseStatus status = ReadFileHeader(buffer);
        if (status == CaptureParseStatus.Failed)
            return status;
        Format = format;
        Offset += FileHeaderBytes;
        status = ReadRecord(buffer[FileHeaderBytes..], isLast, out consumed, out packet);
        consumed += FileHeaderBytes;
        return status;
    }

    private static bool IsPcapMagic(uint magic) => magic is MagicMicroseconds or MagicNanoseconds or MagicModified;

    private CaptureParseStatus ReadFileHeader(ReadOnlySpan<byte> header)
    {
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        _isBigEndian = IsPcapMagic(magic);
        if (!_isBigEndian)
            magic = BinaryPrimitives.ReverseEndianness(magic);
        ushort major = ReadUInt16(header[4..]);
        if (major != KnownMajorVersion)
            return Fail(CaptureFault.VersionUnknown, Offset, major);
        _minorVersion = ReadUInt16(header[6..]);
        // The upper half of the word holds the length of the frame check sequence and reserved bits.
        _link = (LinkType)(ReadUInt32(header[20..]) & 0xFFFF);
        _fractionNs = magic == MagicNanoseconds ? 1 : 1000;
        _recordHeaderBytes = magic == MagicModified ? ModifiedRecordHeaderBytes : RecordHeaderBytes;
        return CaptureParseStatus.NeedMore;
    }

    private CaptureParseStatus ReadRecord(ReadOnlySpan<byte> buffer, bool isLast, out int consumed, out CapturedPacket packet)
    {
        consumed = 0;
        packet = default;
        if (buffer.Length < _recordHeaderBytes)
            return buffer.IsEmpty && isLast ? CaptureParseStatus.End : Short(_recordHeaderBytes, isLast);
        uint seconds = ReadUInt32(buffer);
        uint fraction = ReadUInt32(buffer[4..]);
        uint captured = ReadUInt32(buffer[8..]);
        uint original = ReadUInt32(buffer[12..]);
        if (_minorVersion <= MinorVersionLengthsInDoubt && (_minorVersion < MinorVersionLengthsInDoubt || captured > original))
            (captured, original) = (original, captured);
        if (captured > MaxPacketBytes)
            return Fail(CaptureFault.PacketTooLong, Offset, captured);
        int total = _recordHeaderBytes + (int)captured;
        if (buffer.Length < total)
            return Short(total, isLast);
        packet = new CapturedPacket
        {
            // 2^32 seconds and as many milliseconds stay below 2^63 nanoseconds.
            TimeNs = seconds * PacketTime.NanosecondsPerSecond + (long)fraction * _fractionNs,
            Link = _link,
            OriginalLength = (int)Math.Min(original, int.MaxValue),
            Data = buffer.Slice(_recordHeaderBytes, (int)captured),
        };
        consumed = total;
        Offset += total;
        return CaptureParseStatus.Packet;
    }

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private long ReadInt64(ReadOnlySpan<byte> bytes) =>
        _isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    /// <summary>Something of <paramref name="bytes"/> bytes begins at <see cref="Offset"/> and is not all there.</summary>
    private CaptureParseStatus Short(int bytes, bool isLast) => isLast ? Fail(CaptureFault.Truncated, Offset, bytes) : NeedMore(bytes);

    private CaptureParseStatus NeedMore(int bytes)
    {
        BytesNeeded = bytes;
        return CaptureParseStatus.NeedMore;
    }

    private CaptureParseStatus Fail(CaptureFault fault, long offset, long value)
    {
        Fault = fault;
        FaultOffset = offset;
        FaultValue = value;
        return CaptureParseStatus.Failed;
    }
}
