using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Pcap;

/// <content>The pcapng side: blocks. The document meant by "section" is draft-ietf-opsawg-pcapng.</content>
public sealed partial class CaptureFileParser
{
    // Options of an interface description are looked at up to here; what stands further back does not change how packets read.
    private const int MaxInterfaceBytesRead = 65_536;

    private const int KnownPcapngMajorVersion = 1;

    private readonly List<Interface> _interfaces = [];
    private long _blockOffset;
    private uint _blockBytes;
    private long _bodyBytesLeft;
    private bool _isInBlock;
    private long _lastTimeNs;

    private readonly record struct Interface(LinkType Link, uint SnapLength, PcapngClock Clock);

    private CaptureParseStatus ReadBlocks(ReadOnlySpan<byte> buffer, bool isLast, out int consumed, out CapturedPacket packet)
    {
        long start = Offset;
        CaptureParseStatus status;
        // Each round consumes a block, or what is there of one; the last one consumes nothing and returns.
        while (true)
        {
            ReadOnlySpan<byte> rest = buffer[(int)(Offset - start)..];
            if (_isInBlock && !TryLeaveBlock(rest, isLast, out status))
            {
                packet = default;
                break;
            }
            rest = buffer[(int)(Offset - start)..];
            if (!TryReadBlock(rest, isLast, out packet, out status))
                break;
        }
        consumed = (int)(Offset - start);
        return status;
    }

    /// <summary>Reads one block's head and what matters of its body. True to go on with the next, false to return the status.</summary>
    private bool TryReadBlock(ReadOnlySpan<byte> block, bool isLast, out CapturedPacket packet, out CaptureParseStatus status)
    {
        packet = default;
        if (block.Length < PcapngFormat.BlockHeadBytes + PcapngFormat.BlockTailBytes)
        {
            status = block.IsEmpty && isLast
                ? CaptureParseStatus.End
                : Short(PcapngFormat.BlockHeadBytes + PcapngFormat.BlockTailBytes, isLast);
            return false;
        }
        uint type = ReadUInt32(block);
        if (type == PcapngFormat.SectionHeaderBlock && !TryTakeByteOrder(block, out status))
            return false;
        _blockOffset = Offset;
        _blockBytes = ReadUInt32(block[4..]);
        int fixedBytes = FixedBytes(type);
        if (_blockBytes > MaxBlockBytes)
        {
            status = Fail(CaptureFault.BlockTooLong, Offset, _blockBytes);
            return false;
        }
        if ((_blockBytes & 3) != 0 || _blockBytes < fixedBytes + PcapngFormat.BlockTailBytes)
        {
            status = Fail(CaptureFault.BlockLengthInvalid, Offset, _blockBytes);
            return false;
        }
        status = type switch
        {
            PcapngFormat.EnhancedPacketBlock or PcapngFormat.ObsoletePacketBlock => ReadPacket(block, type, isLast, out packet),
            PcapngFormat.SimplePacketBlock => ReadSimplePacket(block, isLast, out packet),
            PcapngFormat.InterfaceDescriptionBlock => ReadInterface(block, isLast),
            PcapngFormat.SectionHeaderBlock => ReadSection(block, isLast),
            _ => EnterBlock(PcapngFormat.BlockHeadBytes),
        };
        // "Need more" with the block entered means: nothing to return from it, go on behind it.
        return status == CaptureParseStatus.NeedMore && _isInBlock;
    }

    private static int FixedBytes(uint type) => type switch
    {
        PcapngFormat.EnhancedPacketBlock or PcapngFormat.ObsoletePacketBlock => PcapngFormat.PacketFixedBytes,
        PcapngFormat.SimplePacketBlock => PcapngFormat.SimplePacketFixedBytes,
        PcapngFormat.InterfaceDescriptionBlock => PcapngFormat.InterfaceFixedBytes,
        PcapngFormat.SectionHeaderBlock => PcapngFormat.SectionHeaderFixedBytes,
        _ => PcapngFormat.BlockHeadBytes,
    };

    /// <summary>Consumes the first bytes of the current block; the rest of it is skipped by <see cref="TryLeaveBlock"/>.</summary>
    private CaptureParseStatus EnterBlock(int bytes)
    {
        Offset += bytes;
        _bodyBytesLeft = _blockBytes - bytes - PcapngFormat.BlockTailBytes;
        _isInBlock = true;
        return CaptureParseStatus.NeedMore;
    }

    /// <summary>
    /// Skips to a block's end, over several windows where need be, and holds its second length against the first (section 3.1).
    /// </summary>
    private bool TryLeaveBlock(ReadOnlySpan<byte> rest, bool isLast, out CaptureParseStatus status)
    {
        int skipped = (int)Math.Min(_bodyBytesLeft, rest.Length);
        Offset += skipped;
        _bodyBytesLeft -= skipped;
        if (rest.Length - skipped < PcapngFormat.BlockTailBytes)
        {
            status = isLast ? Fail(CaptureFault.Truncated, _blockOffset, _blockBytes) : NeedMore(PcapngFormat.BlockTailBytes);
            return false;
        }
        uint tail = ReadUInt32(rest[skipped..]);
        if (tail != _blockBytes)
        {
            status = Fail(CaptureFault.BlockLengthsDiffer, _blockOffset, tail);
            return false;
        }
        Offset += PcapngFormat.BlockTailBytes;
        _isInBlock = false;
        status = CaptureParseStatus.NeedMore;
        return true;
    }

    /// <summary>
    /// A section may be in another byte order than the one before (section 4.1): its magic decides before its length is read.
    /// </summary>
    private bool TryTakeByteOrder(ReadOnlySpan<byte> block, out CaptureParseStatus status)
    {
        status = CaptureParseStatus.NeedMore;
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(block[PcapngFormat.BlockHeadBytes..]);
        if (magic != PcapngFormat.ByteOrderMagic && BinaryPrimitives.ReverseEndianness(magic) != PcapngFormat.ByteOrderMagic)
        {
            status = Fail(CaptureFault.ByteOrderUnknown, Offset, magic);
            return false;
        }
        _isBigEndian = magic == PcapngFormat.ByteOrderMagic;
        return true;
    }

    private CaptureParseStatus ReadSection(ReadOnlySpan<byte> block, bool isLast)
    {
        if (block.Length < PcapngFormat.SectionHeaderFixedBytes)
            return Short((int)_blockBytes, isLast, PcapngFormat.SectionHeaderFixedBytes);
        ushort major = ReadUInt16(block[12..]);
        if (major != KnownPcapngMajorVersion)
            return Fail(CaptureFault.VersionUnknown, Offset, major);
        // Interface numbers begin anew in each section (section 4.2).
        _interfaces.Clear();
        return EnterBlock(PcapngFormat.SectionHeaderFixedBytes);
    }

    private CaptureParseStatus ReadInterface(ReadOnlySpan<byte> block, bool isLast)
    {
        int wanted = (int)Math.Min(_blockBytes - PcapngFormat.BlockTailBytes, MaxInterfaceBytesRead);
        if (block.Length < wanted)
            return Short((int)_blockBytes, isLast, wanted);
        if (_interfaces.Count == MaxInterfaces)
            return Fail(CaptureFault.TooManyInterfaces, Offset, MaxInterfaces);
        var link = (LinkType)ReadUInt16(block[8..]);
        uint snapLength = ReadUInt32(block[12..]);
        _interfaces.Add(new Interface(link, snapLength, ReadClock(block[PcapngFormat.InterfaceFixedBytes..wanted])));
        return EnterBlock(wanted);
    }

    private PcapngClock ReadClock(ReadOnlySpan<byte> options)
    {
        byte? resolution = null;
        long offsetSeconds = 0;
        // Each round takes at least an option's head, so the block's length bounds the loop.
        while (options.Length >= PcapngFormat.OptionHeadBytes)
        {
            ushort code = ReadUInt16(options);
            int length = ReadUInt16(options[2..]);
            ReadOnlySpan<byte> rest = options[PcapngFormat.OptionHeadBytes..];
            if (code == PcapngFormat.OptionEnd || length > rest.Length)
                break;
            if (code == PcapngFormat.OptionInterfaceResolution && length == 1)
                resolution = rest[0];
            else if (code == PcapngFormat.OptionInterfaceTimeOffset && length == sizeof(long))
                offsetSeconds = ReadInt64(rest);
            options = rest[Math.Min(PcapngFormat.Pad(length), rest.Length)..];
        }
        if (resolution is null && offsetSeconds == 0)
            return PcapngClock.Default;
        return PcapngClock.Create(resolution ?? PcapngClock.MicrosecondResolution, offsetSeconds);
    }

    private CaptureParseStatus ReadPacket(ReadOnlySpan<byte> block, uint type, bool isLast, out CapturedPacket packet)
    {
        packet = default;
        if (block.Length < PcapngFormat.PacketFixedBytes)
            return Short((int)_blockBytes, isLast, PcapngFormat.PacketFixedBytes);
        uint number = type == PcapngFormat.EnhancedPacketBlock ? ReadUInt32(block[8..]) : ReadUInt16(block[8..]);
        ulong units = ((ulong)ReadUInt32(block[12..]) << 32) | ReadUInt32(block[16..]);
        uint captured = ReadUInt32(block[20..]);
        uint original = ReadUInt32(block[24..]);
        if (number >= (uint)_interfaces.Count)
            return Fail(CaptureFault.InterfaceUnknown, Offset, number);
        Interface source = _interfaces[(int)number];
        _lastTimeNs = source.Clock.ToNanoseconds(units);
        return TakePacket(block, PcapngFormat.PacketFixedBytes, (int)number, captured, original, isLast, out packet);
    }

    private CaptureParseStatus ReadSimplePacket(ReadOnlySpan<byte> block, bool isLast, out CapturedPacket packet)
    {
        packet = default;
        uint original = ReadUInt32(block[8..]);
        // A simple packet belongs to the first interface and is cut by that one's snap length; zero is no limit (section 4.4).
        if (_interfaces.Count == 0)
            return Fail(CaptureFault.InterfaceUnknown, Offset, 0);
        uint snapLength = _interfaces[0].SnapLength == 0 ? uint.MaxValue : _interfaces[0].SnapLength;
        uint room = _blockBytes - PcapngFormat.SimplePacketFixedBytes - PcapngFormat.BlockTailBytes;
        uint captured = Math.Min(Math.Min(original, snapLength), room);
        return TakePacket(block, PcapngFormat.SimplePacketFixedBytes, 0, captured, original, isLast, out packet);
    }

    private CaptureParseStatus TakePacket(
        ReadOnlySpan<byte> block, int dataOffset, int number, uint captured, uint original, bool isLast, out CapturedPacket packet)
    {
        packet = default;
        if (captured > MaxPacketBytes)
            return Fail(CaptureFault.PacketTooLong, Offset, captured);
        if (captured > _blockBytes - (uint)dataOffset - PcapngFormat.BlockTailBytes)
            return Fail(CaptureFault.PacketBeyondBlock, Offset, captured);
        // A block is waited for as a whole, so that a file cut inside its last block gives the packets that others see; only
        // options beyond reason are left to be skipped.
        int wanted = _blockBytes <= MaxBytesNeeded ? (int)_blockBytes : dataOffset + (int)captured;
        if (block.Length < wanted)
            return Short((int)_blockBytes, isLast, wanted);
        packet = new CapturedPacket
        {
            TimeNs = _lastTimeNs,
            Link = _interfaces[number].Link,
            OriginalLength = (int)Math.Min(original, int.MaxValue),
            Data = block.Slice(dataOffset, (int)captured),
            Interface = number,
        };
        EnterBlock(dataOffset + (int)captured);
        if (wanted == _blockBytes && !TryLeaveBlock(block[(dataOffset + (int)captured)..], isLast, out CaptureParseStatus status))
        {
            packet = default;
            return status;
        }
        return CaptureParseStatus.Packet;
    }

    /// <summary>
    /// The current block is not all there: of its <paramref name="bytes"/>, <paramref name="wanted"/> are needed to go on.
    /// </summary>
    private CaptureParseStatus Short(int bytes, bool isLast, int wanted) =>
        isLast ? Fail(CaptureFault.Truncated, Offset, bytes) : NeedMore(wanted);
}
