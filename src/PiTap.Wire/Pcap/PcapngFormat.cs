namespace PiTap.Wire.Pcap;

/// <summary>Numbers of the pcapng format (draft-ietf-opsawg-pcapng sections 3 and 4).</summary>
internal static class PcapngFormat
{
    // Block types (section 4, and appendix A for the obsolete packet block).
    public const uint SectionHeaderBlock = 0x0A0D0D0A;
    public const uint InterfaceDescriptionBlock = 1;
    public const uint ObsoletePacketBlock = 2;
    public const uint SimplePacketBlock = 3;
    public const uint InterfaceStatisticsBlock = 5;
    public const uint EnhancedPacketBlock = 6;

    public const uint ByteOrderMagic = 0x1A2B3C4D;

    // Type and length before a block's body, the length again behind it.
    public const int BlockHeadBytes = 8;
    public const int BlockTailBytes = 4;

    // Up to where a block's fixed fields reach, the head included.
    public const int SectionHeaderFixedBytes = 24;
    public const int InterfaceFixedBytes = 16;
    public const int PacketFixedBytes = 28;
    public const int SimplePacketFixedBytes = 12;
    public const int StatisticsFixedBytes = 20;

    // Options: a code and a length of two bytes each, padded to four (section 3.5).
    public const int OptionHeadBytes = 4;
    public const ushort OptionEnd = 0;
    public const ushort OptionComment = 1;
    public const ushort OptionSectionApplication = 4;
    public const ushort OptionInterfaceName = 2;
    public const ushort OptionInterfaceResolution = 9;
    public const ushort OptionInterfaceTimeOffset = 14;
    public const ushort OptionStatisticsReceived = 4;
    public const ushort OptionStatisticsDroppedByInterface = 5;
    public const ushort OptionStatisticsDroppedBySystem = 7;

    public const byte NanosecondResolution = 9;

    /// <summary>A length rounded up to the next multiple of four.</summary>
    public static int Pad(int length) => (length + 3) & ~3;
}
