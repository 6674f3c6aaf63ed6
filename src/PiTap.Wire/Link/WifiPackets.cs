using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Link;

/// <summary>
/// The packets that one Wi-Fi frame carries, one after the other: one, or several of an A-MSDU.
/// <code>
/// A-MSDU (IEEE 802.11-2020 section 9.3.2.2.2), each part at a multiple of four
///  0  destination, source: 6 bytes each
/// 12  length
/// 14  LLC (IEEE 802.2)
/// </code>
/// </summary>
public ref struct WifiPackets
{
    private const int MacLength = 6;
    private const int LengthOffset = 12;
    private const int PartHeaderLength = 14;

    private readonly bool _isAggregate;
    private ReadOnlySpan<byte> _rest;

    internal WifiPackets(MacAddress source, MacAddress destination, bool isAggregate, ReadOnlySpan<byte> body)
    {
        Source = source;
        Destination = destination;
        _isAggregate = isAggregate;
        _rest = body;
    }

    /// <summary>Who made what the frame carries.</summary>
    public MacAddress Source { get; }

    /// <summary>Who is to have it.</summary>
    public MacAddress Destination { get; }

    /// <summary>Takes the next packet; false behind the last one, and at a part that is cut before its packet begins.</summary>
    public bool TryTake(out LinkView packet)
    {
        packet = default;
        LinkView next = default;
        if (_rest.IsEmpty)
            return false;
        next.Source = Source;
        next.Destination = Destination;
        next.Payload = _rest;
        if (!_isAggregate)
        {
            _rest = default;
        }
        else if (!TryTakePart(ref next))
        {
            return false;
        }
        LinkLayer.TakeLlc(ref next);
        packet = next;
        return true;
    }

    private bool TryTakePart(ref LinkView packet)
    {
        ReadOnlySpan<byte> part = _rest;
        _rest = default;
        // Behind the last one there may be padding: a part without a length is none.
        if (part.Length <= PartHeaderLength || BinaryPrimitives.ReadUInt16BigEndian(part[LengthOffset..]) is not (ushort length and > 0))
            return false;
        packet.Destination = MacAddress.Read(part);
        packet.Source = MacAddress.Read(part[MacLength..]);
        int end = PartHeaderLength + length;
        int next = end + 3 & ~3;
        packet.Payload = part[PartHeaderLength..Math.Min(end, part.Length)];
        _rest = next < part.Length ? part[next..] : default;
        return true;
    }
}
