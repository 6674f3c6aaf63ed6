using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PiTap.Model;

/// <summary>A 48-bit Ethernet address (IEEE 802-2014 section 8.2). The default value means "none".</summary>
/// <param name="Value">The six bytes as a number, first byte on the wire highest.</param>
public readonly record struct MacAddress(ulong Value) : IComparable<MacAddress>
{
    private const int TextLength = 17;

    /// <summary>True if there is no address.</summary>
    public bool IsNone => Value == 0;

    /// <summary>True for group addresses, broadcast among them: they name no device.</summary>
    public bool IsGroup => (Value >> 40 & 1) != 0;

    /// <summary>
    /// True for a locally administered unicast address (IEEE 802-2014 section 8.4). Phones since Android 10 and iOS 14 use these
    /// to stay unrecognised from network to network; virtual interfaces carry them too.
    /// </summary>
    public bool IsRandomised => (Value >> 40 & 3) == 2;

    /// <summary>Reads six bytes; the caller has checked the length.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32 | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));

    /// <summary>Reads six hexadecimal pairs separated by colons or hyphens; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress address)
    {
        address = default;
        if (text is null || text.Length != TextLength)
            return false;
        ulong value = 0;
        for (int i = 0; i < TextLength; i += 3)
        {
            if (i > 0 && text[i - 1] is not (':' or '-'))
                return false;
            if (!byte.TryParse(text.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b))
                return false;
            value = value << 8 | b;
        }
        address = new MacAddress(value);
        return true;
    }

    /// <summary>Differs from process to process: nobody can make addresses that fall into one bucket.</summary>
    public override int GetHashCode() => HashCode.Combine((uint)Value, (uint)(Value >> 32));

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => Value.CompareTo(other.Value);

    /// <summary>Orders by the bytes on the wire.</summary>
    public static bool operator <(MacAddress left, MacAddress right) => left.Value < right.Value;

    /// <summary>Orders by the bytes on the wire.</summary>
    public static bool operator >(MacAddress left, MacAddress right) => left.Value > right.Value;

    /// <summary>Orders by the bytes on the wire.</summary>
    public static bool operator <=(MacAddress left, MacAddress right) => left.Value <= right.Value;

    /// <summary>Orders by the bytes on the wire.</summary>
    public static bool operator >=(MacAddress left, MacAddress right) => left.Value >= right.Value;

    /// <summary>Six lower-case hexadecimal pairs with colons.</summary>
    public override string ToString() => string.Create(TextLength, Value, static (text, value) =>
    {
        for (int i = 0; i < 6; i++)
        {
            byte b = (byte)(value >> 40 - 8 * i);
            text[3 * i] = "0123456789abcdef"[b >> 4];
            text[3 * i + 1] = "0123456789abcdef"[b & 15];
            if (i < 5)
                text[3 * i + 2] = ':';
        }
    });
}
