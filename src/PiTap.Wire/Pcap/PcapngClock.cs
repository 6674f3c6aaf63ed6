using PiTap.Model;

namespace PiTap.Wire.Pcap;

/// <summary>
/// How one pcapng interface counts time (draft-ietf-opsawg-pcapng section 4.2, if_tsresol and if_tsoffset), and the way from there
/// to nanoseconds since the Unix epoch. What does not fit into an Int64 becomes the nearest that does.
/// </summary>
internal readonly struct PcapngClock
{
    /// <summary>The if_tsresol that holds where an interface has none.</summary>
    public const byte MicrosecondResolution = 6;

    private const int NanosecondExponent = 9;
    private const byte BinaryFlag = 0x80;

    // 10^19 is the largest power of ten in 64 bits; a division by more than that leaves nothing of a 64-bit count.
    private const int MaxDecimalExponent = 19;

    private readonly Int128 _offsetNs;
    private readonly ulong _multiplier;
    private readonly ulong _divisor;
    private readonly int _shift;

    private PcapngClock(byte resolution, long offsetSeconds)
    {
        _offsetNs = (Int128)offsetSeconds * PacketTime.NanosecondsPerSecond;
        int exponent = resolution & ~BinaryFlag;
        _multiplier = 1;
        _divisor = 1;
        if ((resolution & BinaryFlag) != 0)
        {
            _multiplier = PacketTime.NanosecondsPerSecond;
            _shift = exponent;
        }
        else if (exponent <= NanosecondExponent)
        {
            _multiplier = PowerOfTen(NanosecondExponent - exponent);
        }
        else
        {
            int over = exponent - NanosecondExponent;
            _divisor = over <= MaxDecimalExponent ? PowerOfTen(over) : 0;
        }
    }

    /// <summary>The clock of an interface that says nothing about it: microseconds.</summary>
    public static PcapngClock Default { get; } = new(MicrosecondResolution, 0);

    /// <summary>The clock for an if_tsresol and an if_tsoffset, whatever they hold.</summary>
    public static PcapngClock Create(byte resolution, long offsetSeconds) => new(resolution, offsetSeconds);

    /// <summary>Nanoseconds since the Unix epoch for a count of units.</summary>
    public long ToNanoseconds(ulong units)
    {
        ulong high = Math.BigMul(units, _multiplier, out ulong low);
        if (high == 0 && low <= long.MaxValue && _divisor == 1 && _shift == 0 && _offsetNs == 0)
            return (long)low;
        return Convert(new UInt128(high, low));
    }

    private long Convert(UInt128 product)
    {
        UInt128 quotient = _divisor == 0 ? 0 : (product / _divisor) >> _shift;
        // The product has at most 94 bits, the offset 93: their sum cannot leave an Int128.
        Int128 sum = (Int128)quotient + _offsetNs;
        if (sum > long.MaxValue)
            return long.MaxValue;
        return sum < long.MinValue ? long.MinValue : (long)sum;
    }

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
