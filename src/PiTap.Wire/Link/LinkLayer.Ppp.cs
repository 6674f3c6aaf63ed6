using System.Buffers.Binary;

namespace PiTap.Wire.Link;

/// <content>
/// PPP (RFC 1661): alone, behind PPPoE, and behind a byte that is the direction.
/// <code>
/// PPPoE (RFC 2516 section 4)
///  0  version (4 bits), type (4), code, session, length: 6 bytes; then PPP (RFC 1661): protocol, 1 or 2 bytes
/// pppd (LINKTYPE_PPP_PPPD)          with direction (LINKTYPE_PPP_WITH_DIR)
///  0  direction, 1 control           0  direction
///  2  protocol                       1  PPP, with or without address and control
/// </code>
/// </content>
public static partial class LinkLayer
{
    private const int PppoeHeaderLength = 6;
    private const int PppProtocolLength = 2;
    private const byte PppAddress = 0xff;
    private const byte PppControl = 0x03;
    private const ushort PppIpv4 = 0x0021;
    private const ushort PppIpv6 = 0x0057;

    /// <summary>RFC 2516 section 4: version and type 1, code 0, session, length; then PPP without address and control.</summary>
    private static ParseStatus ParsePppoe(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length < PppoeHeaderLength + PppProtocolLength)
            return view.RejectShort(RejectClaim.PppoeHeader, PppoeHeaderLength + PppProtocolLength, frame);
        return ParsePpp(frame[PppoeHeaderLength..], ref view);
    }

    /// <summary>The direction stands before the address, or in its place: then the control is left alone.</summary>
    private static ParseStatus ParseDirectedPpp(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.IsEmpty)
            return view.RejectShort(RejectClaim.PppHeader, 1, frame);
        frame = frame[1..];
        return ParsePpp(!frame.IsEmpty && frame[0] == PppControl ? frame[1..] : frame, ref view);
    }

    /// <summary>
    /// RFC 1662 section 3.1 with RFC 1661 section 6.5: address and control may be left out, and the protocol may be one byte.
    /// </summary>
    private static ParseStatus ParsePpp(ReadOnlySpan<byte> frame, ref LinkView view)
    {
        if (frame.Length >= 2 && frame[0] == PppAddress && frame[1] == PppControl)
            frame = frame[2..];
        if (frame.Length < PppProtocolLength)
            return view.RejectShort(RejectClaim.PppHeader, PppProtocolLength, frame);
        ushort protocol;
        if ((frame[0] & 1) != 0)
        {
            protocol = frame[0];
            frame = frame[1..];
        }
        else
        {
            protocol = BinaryPrimitives.ReadUInt16BigEndian(frame);
            frame = frame[PppProtocolLength..];
        }
        view.Payload = frame;
        view.EtherType = protocol switch { PppIpv4 => EtherTypes.Ipv4, PppIpv6 => EtherTypes.Ipv6, _ => 0 };
        return ParseStatus.Ok;
    }
}
