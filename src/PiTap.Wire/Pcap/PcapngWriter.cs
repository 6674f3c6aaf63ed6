using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using PiTap.Model;

namespace PiTap.Wire.Pcap;

/// <summary>
/// Writes a pcapng file (draft-ietf-opsawg-pcapng) with one section, little-endian, times in nanoseconds. It allocates nothing but
/// what the buffer writer does. The order is the format's: <see cref="WriteSection"/> once, <see cref="WriteInterface"/> before the packets
/// of it.
/// </summary>
public sealed class PcapngWriter(IBufferWriter<byte> output)
{
    /// <summary>The longest option value in bytes (section 3.5); longer text is cut between two characters.</summary>
    public const int MaxOptionBytes = 65_532;

    private const ulong SectionLengthUnknown = ulong.MaxValue;

    private readonly IBufferWriter<byte> _output = output;

    /// <summary>How many interfaces were written: the number that the next one gets.</summary>
    public int Interfaces { get; private set; }

    /// <summary>Writes the section header block (section 4.1).</summary>
    /// <param name="application">The program that writes.</param>
    public void WriteSection(string application)
    {
        ReadOnlySpan<char> text = Cut(application);
        int bytes = PcapngFormat.SectionHeaderFixedBytes + OptionBytes(text) + PcapngFormat.OptionHeadBytes + PcapngFormat.BlockTailBytes;
        Span<byte> block = Begin(PcapngFormat.SectionHeaderBlock, bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], PcapngFormat.ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(block[12..], 1);
        BinaryPrimitives.WriteUInt16LittleEndian(block[14..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(block[16..], SectionLengthUnknown);
        Span<byte> rest = WriteText(block[PcapngFormat.SectionHeaderFixedBytes..], PcapngFormat.OptionSectionApplication, text);
        WriteOptionHead(rest, PcapngFormat.OptionEnd, 0);
        End(block, bytes);
    }

    /// <summary>Writes an interface description block (section 4.2).</summary>
    /// <param name="link">Header type of its packets.</param>
    /// <param name="snapLength">The most bytes of a packet that were captured; 0 for no limit.</param>
    /// <param name="name">What the interface is called; empty for none.</param>
    /// <returns>The interface's number.</returns>
    public int WriteInterface(LinkType link, int snapLength, string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(snapLength);
        ReadOnlySpan<char> text = Cut(name);
        int resolutionBytes = PcapngFormat.OptionHeadBytes + PcapngFormat.Pad(1);
        int bytes = PcapngFormat.InterfaceFixedBytes + OptionBytes(text) + resolutionBytes + PcapngFormat.OptionHeadBytes + PcapngFormat.BlockTailBytes;
        Span<byte> block = Begin(PcapngFormat.InterfaceDescriptionBlock, bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(block[8..], (ushort)link);
        BinaryPrimitives.WriteUInt16LittleEndian(block[10..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], snapLength);
        Span<byte> rest = WriteText(block[PcapngFormat.InterfaceFixedBytes..], PcapngFormat.OptionInterfaceName, text);
        WriteOptionHead(rest, PcapngFormat.OptionInterfaceResolution, 1);
        rest.Slice(PcapngFormat.OptionHeadBytes, PcapngFormat.Pad(1)).Clear();
        rest[PcapngFormat.OptionHeadBytes] = PcapngFormat.NanosecondResolution;
        WriteOptionHead(rest[resolutionBytes..], PcapngFormat.OptionEnd, 0);
        End(block, bytes);
        return Interfaces++;
    }

    /// <summary>Writes an enhanced packet block (section 4.3). A time before 1970 is written as 1970: the format knows none.</summary>
    /// <param name="number">The interface, as <see cref="WriteInterface"/> returned it; the packet's own number is not looked at.</param>
    /// <param name="packet">The packet, of at most <see cref="CaptureFileParser.MaxPacketBytes"/>.</param>
    /// <param name="comment">What a reader should see beside it; empty for nothing.</param>
    public void WritePacket(int number, in CapturedPacket packet, ReadOnlySpan<char> comment = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)Interfaces, nameof(number));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Data.Length, CaptureFileParser.MaxPacketBytes, nameof(packet));
        comment = Cut(comment);
        int paddedBytes = PcapngFormat.Pad(packet.Data.Length);
        int optionBytes = comment.IsEmpty ? 0 : OptionBytes(comment) + PcapngFormat.OptionHeadBytes;
        int bytes = PcapngFormat.PacketFixedBytes + paddedBytes + optionBytes + PcapngFormat.BlockTailBytes;
        Span<byte> block = Begin(PcapngFormat.EnhancedPacketBlock, bytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], number);
        WriteTime(block[12..], packet.TimeNs);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], packet.Data.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], packet.OriginalLength);
        Span<byte> rest = block[PcapngFormat.PacketFixedBytes..];
        packet.Data.CopyTo(rest);
        rest[packet.Data.Length..paddedBytes].Clear();
        if (!comment.IsEmpty)
        {
            rest = WriteText(rest[paddedBytes..], PcapngFormat.OptionComment, comment);
            WriteOptionHead(rest, PcapngFormat.OptionEnd, 0);
        }
        End(block, bytes);
    }

    /// <summary>Writes an interface statistics block (section 4.6): what the interface delivered and what was lost on the way.</summary>
    /// <param name="number">The interface, as <see cref="WriteInterface"/> returned it.</param>
    /// <param name="timeNs">When these counts held, nanoseconds since the Unix epoch.</param>
    /// <param name="received">Packets received.</param>
    /// <param name="droppedByInterface">Packets that the network device dropped.</param>
    /// <param name="droppedBySystem">Packets that the kernel, or the program behind it, had no room for.</param>
    public void WriteStatistics(int number, long timeNs, long received, long droppedByInterface, long droppedBySystem)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)number, (uint)Interfaces, nameof(number));
        const int CounterBytes = PcapngFormat.OptionHeadBytes + sizeof(long);
        const int BlockBytes = PcapngFormat.StatisticsFixedBytes + 3 * CounterBytes + PcapngFormat.OptionHeadBytes + PcapngFormat.BlockTailBytes;
        Span<byte> block = Begin(PcapngFormat.InterfaceStatisticsBlock, BlockBytes);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], number);
        WriteTime(block[12..], timeNs);
        Span<byte> rest = block[PcapngFormat.StatisticsFixedBytes..];
        rest = WriteCounter(rest, PcapngFormat.OptionStatisticsReceived, received);
        rest = WriteCounter(rest, PcapngFormat.OptionStatisticsDroppedByInterface, droppedByInterface);
        rest = WriteCounter(rest, PcapngFormat.OptionStatisticsDroppedBySystem, droppedBySystem);
        WriteOptionHead(rest, PcapngFormat.OptionEnd, 0);
        End(block, BlockBytes);
    }

    private Span<byte> Begin(uint type, int bytes)
    {
        Span<byte> block = _output.GetSpan(bytes)[..bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(block, type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], bytes);
        return block;
    }

    private void End(Span<byte> block, int bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block[^PcapngFormat.BlockTailBytes..], bytes);
        _output.Advance(bytes);
    }

    private static void WriteTime(Span<byte> field, long timeNs)
    {
        ulong units = (ulong)Math.Max(timeNs, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(field, (uint)(units >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(field[4..], (uint)units);
    }

    /// <summary>As much of a text as an option can hold: no character has more than three bytes for each UTF-16 unit.</summary>
    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MaxOptionBytes)
            return text;
        int length = Math.Min(text.Length, MaxOptionBytes / 3);
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    private static int OptionBytes(ReadOnlySpan<char> text) =>
        text.IsEmpty ? 0 : PcapngFormat.OptionHeadBytes + PcapngFormat.Pad(Encoding.UTF8.GetByteCount(text));

    private static Span<byte> WriteText(Span<byte> options, ushort code, ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return options;
        Span<byte> value = options[PcapngFormat.OptionHeadBytes..];
        int length = Encoding.UTF8.GetBytes(text, value);
        WriteOptionHead(options, code, length);
        value[length..PcapngFormat.Pad(length)].Clear();
        return value[PcapngFormat.Pad(length)..];
    }

    private static Span<byte> WriteCounter(Span<byte> options, ushort code, long value)
    {
        WriteOptionHead(options, code, sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(options[PcapngFormat.OptionHeadBytes..], value);
        return options[(PcapngFormat.OptionHeadBytes + sizeof(long))..];
    }

    private static void WriteOptionHead(Span<byte> option, ushort code, int length)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(option, code);
        BinaryPrimitives.WriteUInt16LittleEndian(option[2..], (ushort)length);
    }
}
