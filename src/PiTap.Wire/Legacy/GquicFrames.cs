using System.Buffers.Binary;

namespace PiTap.Wire.Legacy;

/// <summary>The frames of Google's QUIC before it took the IETF's: enough of them to come to the hello.</summary>
internal static class GquicFrames
{
    private const byte StreamBit = 0x80;
    private const byte StreamLengthBit = 0x20;
    private const byte AckMask = 0xc0;
    private const byte AckBits = 0x40;
    private const byte AckRangesBit = 0x20;
    private const byte PingType = 0x07;
    private const byte StopWaitingType = 0x06;
    private const byte WindowUpdateType = 0x04;
    private const byte BlockedType = 0x05;
    private const uint HandshakeStream = 1;
    private const int MaxFrames = 16;

    // The number from which on the integers on the wire are big-endian and the ACK frame has the form skipped here.
    private const int FirstBigEndian = 39;
    private const int LastWithEntropy = 33;

    /// <summary>
    /// The bytes of the handshake stream's first piece, whatever its offset: after a rejection a second hello begins in mid-stream. Empty
    /// where there is none, or an unknown frame comes before it.
    /// </summary>
    public static ReadOnlySpan<byte> FindHandshake(ReadOnlySpan<byte> payload, int version, int packetNumberLength)
    {
        int position = 0;
        for (int i = 0; i < MaxFrames; i++)
        {
            int run = payload[position..].IndexOfAnyExcept((byte)0);
            if (run < 0)
                return default;
            position += run;
            byte type = payload[position++];
            if ((type & StreamBit) != 0)
            {
                if (!TryReadStream(payload, type, version, ref position, out ReadOnlySpan<byte> data, out bool isHandshake))
                    return default;
                if (isHandshake)
                    return data;
            }
            else if (!TrySkip(payload, type, version, packetNumberLength, ref position))
            {
                return default;
            }
        }
        return default;
    }

    /// <summary>
    /// Steps over an ACK frame of Q039 or later, whose type is <c>01ntllmm</c>: n for several ranges, ll and mm for the length of the
    /// largest acknowledged number and of a range, 1, 2, 4 or 6 bytes.
    /// </summary>
    public static bool TrySkipAck(ReadOnlySpan<byte> payload, byte type, ref int position)
    {
        if ((type & AckMask) != AckBits)
            return false;
        const int DelayLength = 2;
        int rangeLength = NumberLength(type);
        int ranges = 0;
        int cursor = position + NumberLength(type >> 2) + DelayLength;
        if ((type & AckRangesBit) != 0)
        {
            if (cursor >= payload.Length)
                return false;
            ranges = payload[cursor++];
        }
        cursor += rangeLength + (ranges * (1 + rangeLength));
        if (cursor >= payload.Length)
            return false;
        // Time stamps: the first has a delta of 1 and a time of 4 bytes, the others a delta of 1 and a time of 2.
        int stamps = payload[cursor++];
        cursor += stamps == 0 ? 0 : 5 + ((stamps - 1) * 3);
        if (cursor > payload.Length)
            return false;
        position = cursor;
        return true;
    }

    /// <summary>The length that two bits stand for: 1, 2, 4 or 6 bytes.</summary>
    public static int NumberLength(int bits) => (bits & 3) switch { 0 => 1, 1 => 2, 2 => 4, _ => 6 };

    // Type 1fdoooss: f for the end, d for a length field, ooo for the length of the offset, ss for that of the stream number.
    private static bool TryReadStream(
        ReadOnlySpan<byte> payload, byte type, int version, scoped ref int position, out ReadOnlySpan<byte> data, out bool isHandshake)
    {
        data = default;
        isHandshake = false;
        int streamLength = (type & 3) + 1;
        int offsetBits = (type >> 2) & 7;
        int offsetLength = offsetBits == 0 ? 0 : offsetBits + 1;
        bool hasLength = (type & StreamLengthBit) != 0;
        int dataStart = position + streamLength + offsetLength + (hasLength ? sizeof(ushort) : 0);
        if (dataStart > payload.Length)
            return false;
        bool isBigEndian = version >= FirstBigEndian;
        isHandshake = ReadNumber(payload.Slice(position, streamLength), isBigEndian) == HandshakeStream;
        int length = payload.Length - dataStart;
        if (hasLength)
        {
            ReadOnlySpan<byte> field = payload[(dataStart - sizeof(ushort))..];
            int announced = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(field) : BinaryPrimitives.ReadUInt16LittleEndian(field);
            length = Math.Min(length, announced);
        }
        data = payload.Slice(dataStart, length);
        position = dataStart + length;
        return true;
    }

    private static bool TrySkip(ReadOnlySpan<byte> payload, byte type, int version, int packetNumberLength, ref int position)
    {
        if ((type & AckMask) == AckBits)
            return version >= FirstBigEndian && TrySkipAck(payload, type, ref position);
        int length = type switch
        {
            PingType => 0,
            StopWaitingType => packetNumberLength + (version <= LastWithEntropy ? 1 : 0),
            WindowUpdateType => 4 + 8,
            BlockedType => 4,
            _ => payload.Length,
        };
        position += length;
        return position < payload.Length;
    }

    private static uint ReadNumber(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        uint value = 0;
        for (int i = 0; i < bytes.Length; i++)
            value = (value << 8) | bytes[isBigEndian ? i : bytes.Length - 1 - i];
        return value;
    }
}
