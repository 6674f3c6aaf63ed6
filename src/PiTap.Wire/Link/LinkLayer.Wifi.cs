using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <content>
/// Wi-Fi: a frame by itself. Parts of a packet, and what is sent again, are <see cref="WifiReceiver"/>'s.
/// <code>
/// radiotap (radiotap.org)                                     per-packet information (LINKTYPE_PPI)
///  0  version 0, padding                                       0  version 0, flags
///  2  length of all of it (little endian)                      2  length of all of it (little endian)
///  4  which fields are there, 4 bytes; bit 31: 4 more follow   4  link type of the packet behind it (little endian)
///     fields, each at a multiple of its size: time (8), flags  8  fields: type, length (2 bytes each), value
///
/// AVS (LINKTYPE_IEEE802_11_AVS, all of it big endian)         Prism (LINKTYPE_IEEE802_11_PRISM)
///  0  0x80211001 or 0x80211002                                 0  not these, else it is an AVS header: 144 bytes in all
///  4  length of all of it
/// </code>
/// </content>
public static partial class LinkLayer
{
    /// <summary>An 802.11 frame as a radio handed it over.</summary>
    internal ref struct RadioFrame
    {
        public ReadOnlySpan<byte> Bytes;
        public bool IsPadded;
        public bool HasChecksum;
        public bool IsDamaged;
    }

    internal static bool IsSnap(ReadOnlySpan<byte> body) =>
        body.Length >= 8 && body[..6].SequenceEqual((ReadOnlySpan<byte>)[0xaa, 0xaa, 0x03, 0, 0, 0]);

    internal static void TakeLlc(ref LinkView view) => ParseLlc(ref view);

    /// <summary>Takes off what stands before an 802.11 frame.</summary>
    internal static ParseStatus TakeRadio(LinkType link, ReadOnlySpan<byte> data, ref LinkView view, ref RadioFrame frame)
    {
        frame.Bytes = data;
        return link switch
        {
            LinkType.Ieee80211 => ParseStatus.Ok,
            LinkType.Ieee80211Radiotap => TakeRadiotap(data, ref view, ref frame),
            LinkType.Ieee80211Prism => TakePrism(data, ref view, ref frame),
            LinkType.Ieee80211Avs => TakeAvs(data, ref view, ref frame),
            _ => TakePpi(data, ref view, ref frame, out _),
        };
    }

    private static ParseStatus ParseWifi(LinkType link, ReadOnlySpan<byte> data, ref LinkView view)
    {
        RadioFrame radio = default;
        ParseStatus status = TakeRadio(link, data, ref view, ref radio);
        return status == ParseStatus.Ok ? ParseWifi(radio, ref view) : status;
    }

    private static ParseStatus ParseWifi(in RadioFrame radio, ref LinkView view)
    {
        view.Payload = radio.Bytes;
        // What came damaged says nothing, its addresses included.
        if (radio.IsDamaged)
            return ParseStatus.Ok;
        ParseStatus status = WifiFrame.Parse(radio.Bytes, radio.IsPadded, out WifiFrame frame);
        if (status == ParseStatus.Truncated)
            return view.RejectShort(RejectClaim.WifiHeader, frame.Required, radio.Bytes);
        if (status != ParseStatus.Ok)
            return view.Reject(RejectClaim.WifiVersion, status, 0, frame.Version);
        view.Source = frame.Source;
        view.Destination = frame.Destination;
        view.Payload = frame.Body;
        var packets = new WifiPackets(frame.Source, frame.Destination, frame.IsAggregate, frame.Body);
        if (frame.HasData && !frame.IsEncrypted && !frame.IsFragment && packets.TryTake(out LinkView packet))
            view = packet;
        return ParseStatus.Ok;
    }

    private static ParseStatus TakeRadiotap(ReadOnlySpan<byte> data, ref LinkView view, ref RadioFrame frame)
    {
        const int LengthOffset = 2, PresentOffset = 4, HeaderLength = 8, WordLength = 4;
        const uint HasTime = 1, HasFlags = 2, HasMore = 0x8000_0000;
        const byte ChecksumAtEnd = 0x10, Padded = 0x20, Damaged = 0x40;
        if (data.Length < HeaderLength)
            return view.RejectShort(RejectClaim.RadiotapHeader, HeaderLength, data);
        view.Payload = data;
        if (data[0] != 0)
            return view.Reject(RejectClaim.RadiotapVersion, ParseStatus.Malformed, 0, data[0]);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(data[LengthOffset..]);
        if (length < HeaderLength)
            return view.Reject(RejectClaim.RadiotapHeader, ParseStatus.Malformed, HeaderLength, length);
        if (length > data.Length)
            return view.RejectShort(RejectClaim.RadiotapHeader, length, data);
        ReadOnlySpan<byte> header = data[..length];
        frame.Bytes = data[length..];
        uint present = BinaryPrimitives.ReadUInt32LittleEndian(header[PresentOffset..]);
        int offset = HeaderLength;
        // Each round takes four bytes; what the further words describe stands behind all fields of the first.
        for (uint word = present; (word & HasMore) != 0 && offset + WordLength <= header.Length; offset += WordLength)
            word = BinaryPrimitives.ReadUInt32LittleEndian(header[offset..]);
        if ((present & HasTime) != 0)
            offset = (offset + 7 & ~7) + 8;
        if ((present & HasFlags) == 0 || offset >= header.Length)
            return ParseStatus.Ok;
        frame.HasChecksum = (header[offset] & ChecksumAtEnd) != 0;
        frame.IsPadded = (header[offset] & Padded) != 0;
        frame.IsDamaged = (header[offset] & Damaged) != 0;
        return ParseStatus.Ok;
    }

    private static ParseStatus TakePrism(ReadOnlySpan<byte> data, ref LinkView view, ref RadioFrame frame)
    {
        const int HeaderLength = 144;
        const uint AvsVersion1 = 0x8021_1001, AvsVersion2 = 0x8021_1002;
        if (data.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(data) is AvsVersion1 or AvsVersion2)
            return TakeAvs(data, ref view, ref frame);
        if (data.Length < HeaderLength)
            return view.RejectShort(RejectClaim.PrismHeader, HeaderLength, data);
        frame.Bytes = data[HeaderLength..];
        return ParseStatus.Ok;
    }

    private static ParseStatus TakeAvs(ReadOnlySpan<byte> data, ref LinkView view, ref RadioFrame frame)
    {
        const int LengthOffset = 4, HeaderLength = 8;
        if (data.Length < HeaderLength)
            return view.RejectShort(RejectClaim.AvsHeader, HeaderLength, data);
        view.Payload = data;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(data[LengthOffset..]);
        if (length is < HeaderLength or > ushort.MaxValue)
            return view.Reject(RejectClaim.AvsHeader, ParseStatus.Malformed, HeaderLength, (int)Math.Min(length, ushort.MaxValue));
        if (length > (uint)data.Length)
            return view.RejectShort(RejectClaim.AvsHeader, (int)length, data);
        frame.Bytes = data[(int)length..];
        return ParseStatus.Ok;
    }

    private static ParseStatus ParsePpi(ReadOnlySpan<byte> data, ref LinkView view)
    {
        RadioFrame frame = default;
        ParseStatus status = TakePpi(data, ref view, ref frame, out LinkType link);
        if (status != ParseStatus.Ok)
            return status;
        return link == LinkType.Ieee80211 ? ParseWifi(frame, ref view) : ParseNetworkLink(link, frame.Bytes, ref view);
    }

    private static ParseStatus TakePpi(ReadOnlySpan<byte> data, ref LinkView view, ref RadioFrame frame, out LinkType link)
    {
        const int LengthOffset = 2, LinkOffset = 4, HeaderLength = 8, FieldHeaderLength = 4;
        const int CommonWifi = 2, CommonFlagsOffset = 8;
        const ushort HasChecksum = 1, ChecksumFailed = 4;
        link = default;
        if (data.Length < HeaderLength)
            return view.RejectShort(RejectClaim.PpiHeader, HeaderLength, data);
        view.Payload = data;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(data[LengthOffset..]);
        if (length < HeaderLength)
            return view.Reject(RejectClaim.PpiHeader, ParseStatus.Malformed, HeaderLength, length);
        if (length > data.Length)
            return view.RejectShort(RejectClaim.PpiHeader, length, data);
        uint inner = BinaryPrimitives.ReadUInt32LittleEndian(data[LinkOffset..]);
        link = inner > ushort.MaxValue ? (LinkType)ushort.MaxValue : (LinkType)inner;
        frame.Bytes = data[length..];
        // Each round takes a field's header at least.
        for (ReadOnlySpan<byte> fields = data[HeaderLength..length]; fields.Length >= FieldHeaderLength;)
        {
            int type = BinaryPrimitives.ReadUInt16LittleEndian(fields);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(fields[sizeof(ushort)..]);
            fields = fields[FieldHeaderLength..];
            if (type == CommonWifi && Math.Min(size, fields.Length) >= CommonFlagsOffset + sizeof(ushort))
            {
                ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(fields[CommonFlagsOffset..]);
                frame.HasChecksum = (flags & HasChecksum) != 0;
                frame.IsDamaged = (flags & ChecksumFailed) != 0;
                break;
            }
            fields = fields[Math.Min(size, fields.Length)..];
        }
        return ParseStatus.Ok;
    }
}
