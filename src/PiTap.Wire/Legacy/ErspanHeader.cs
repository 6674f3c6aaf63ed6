namespace PiTap.Wire.Legacy;

/// <summary>
/// What stands between GRE and a mirrored frame (ERSPAN, draft-foschiano-erspan sections 4.2 and 4.3). Type I has no header at all.
/// <code>
/// type II, 8 bytes             type III, 12 bytes, and 8 more of the platform
///  0  version (4 bits), VLAN    0  version (4 bits), VLAN
///  2  class, session            2  class, session
///  4  index                     4  time stamp
///                               8  security group tag
///                              10  protocol-only, frame type (5 bits), hardware
///                              11  direction, granularity, subheader follows (1 bit)
/// </code>
/// </summary>
internal static class ErspanHeader
{
    /// <summary>GRE's protocol for types I and II: the first has no header and no sequence number.</summary>
    public const ushort EtherType2 = 0x88be;

    /// <summary>GRE's protocol for type III.</summary>
    public const ushort EtherType3 = 0x22eb;

    private const int VersionOffset = 0;
    private const int FrameTypeOffset = 10;
    private const int SubheaderOffset = 11;
    private const int VersionOfType2 = 1;
    private const int VersionOfType3 = 2;
    private const int Type2Length = 8;
    private const int Type3Length = 12;
    private const int SubheaderLength = 8;
    private const int FrameEthernet = 0;
    private const int FrameIp = 2;

    /// <summary>Steps over a header of type II, to an Ethernet frame.</summary>
    public static ParseStatus Skip2(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> inner)
    {
        inner = default;
        if (bytes.Length < Type2Length)
            return ParseStatus.Truncated;
        if (bytes[VersionOffset] >> 4 != VersionOfType2)
            return ParseStatus.Malformed;
        inner = bytes[Type2Length..];
        return ParseStatus.Ok;
    }

    /// <summary>
    /// Steps over a header of type III, to an Ethernet frame or an IP packet. Other kinds are <see cref="ParseStatus.Unsupported"/>.
    /// </summary>
    public static ParseStatus Skip3(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> inner, out bool isIp)
    {
        inner = default;
        isIp = false;
        if (bytes.Length < Type3Length)
            return ParseStatus.Truncated;
        if (bytes[VersionOffset] >> 4 != VersionOfType3)
            return ParseStatus.Malformed;
        int length = Type3Length + ((bytes[SubheaderOffset] & 1) != 0 ? SubheaderLength : 0);
        if (bytes.Length < length)
            return ParseStatus.Truncated;
        int frameType = bytes[FrameTypeOffset] >> 2 & 0x1f;
        if (frameType is not (FrameEthernet or FrameIp))
            return ParseStatus.Unsupported;
        inner = bytes[length..];
        isIp = frameType == FrameIp;
        return ParseStatus.Ok;
    }
}
