using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <content>
/// Ethernet on the port by which a switch's processor sees all others: each frame has a tag that names the port (Linux: net/dsa).
/// <code>
/// Broadcom (LINKTYPE_DSA_TAG_BRCM), Marvell (LINKTYPE_DSA_TAG_DSA)     Marvell with an EtherType (LINKTYPE_DSA_TAG_EDSA)
///  0  destination, source                                              0  destination, source
/// 12  tag, 4 bytes: in the place of a VLAN tag if there was one       12  EtherType DADA, two zeros, tag: 8 bytes
/// 16  EtherType                                                       20  EtherType
/// Broadcom (LINKTYPE_DSA_TAG_BRCM_PREPEND)
///  0  tag, 4 bytes; then Ethernet
/// Realtek, behind EtherType 8899
///  0  protocol A (4 bits), port; then the EtherType          0  protocol 4, reason, 4 bytes; then the EtherType
/// </code>
/// </content>
public static partial class LinkLayer
{
    private const int SwitchTagLength = 4;

    /// <summary>Of a tag with an EtherType of its own: what stands behind that, with the next EtherType.</summary>
    private const int EtherTypeTagLength = 8;

    private const int RealtekShortTagLength = 4;

    private static ParseStatus ParseSwitched(ReadOnlySpan<byte> frame, int tagLength, ref LinkView view)
    {
        int headerLength = EthernetHeaderLength + tagLength;
        if (frame.Length < headerLength)
            return view.RejectShort(RejectClaim.SwitchTag, headerLength, frame);
        view.Destination = MacAddress.Read(frame);
        view.Source = MacAddress.Read(frame[MacLength..]);
        view.Payload = frame[headerLength..];
        return WalkTags(BinaryPrimitives.ReadUInt16BigEndian(frame[(EthernetTypeOffset + tagLength)..]), ref view);
    }

    private static ParseStatus ParsePrepended(ReadOnlySpan<byte> frame, ref LinkView view) => frame.Length < SwitchTagLength
        ? view.RejectShort(RejectClaim.SwitchTag, SwitchTagLength, frame)
        : ParseEthernet(frame[SwitchTagLength..], ref view);

    /// <summary>Two zeros stand before the tag; the EtherType alone is nobody's.</summary>
    private static bool IsMarvellTag(ReadOnlySpan<byte> rest) => rest.Length < 2 || (rest[0] | rest[1]) == 0;

    /// <summary>The length of a Realtek tag with the EtherType behind it; 0 for Realtek's own protocols, such as loop detection.</summary>
    private static int RealtekTagLength(ReadOnlySpan<byte> rest)
    {
        const byte LongTag = 0x04, ShortTag = 0xa;
        if (rest.IsEmpty)
            return 0;
        if (rest[0] == LongTag)
            return EtherTypeTagLength;
        return rest[0] >> 4 == ShortTag ? RealtekShortTagLength : 0;
    }
}
