using System.Buffers;
namespace PiTap.Wire.Application.Dns;

/// <summary>
/// Domain names as text (RFC 1035 section 5.1): labels with dots between, no final dot, the root as nothing; a dot or backslash inside a
/// label behind a backslash, bytes outside printable ASCII as <c>\DDD</c>.
/// </summary>
internal static class DomainName
{
    private static readonly SearchValues<byte> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"u8);

    private const byte MaxLabelLength = 63;

    /// <summary>The first label of a name on the wire; empty for the root and for a label that is cut.</summary>
    public static ReadOnlySpan<byte> FirstLabel(ReadOnlySpan<byte> wire) =>
        !wire.IsEmpty && wire[0] <= MaxLabelLength && wire[0] < wire.Length ? wire.Slice(1, wire[0]) : default;

    /// <summary>Adds a label, behind a dot where it is not the first.</summary>
    public static bool TryAppendLabel(ReadOnlySpan<byte> label, Span<byte> destination, ref int written) =>
        (written == 0 || TryAppend(destination, ref written, (byte)'.')) && TryAppendEscaped(label, destination, ref written);

    private static bool TryAppendEscaped(ReadOnlySpan<byte> label, Span<byte> destination, ref int written)
    {
        // Nearly every label is letters, digits and hyphens: copied as it is.
        if (!label.ContainsAnyExcept(s_plain))
        {
            if (!label.TryCopyTo(destination[written..]))
                return false;
            written += label.Length;
            return true;
        }
        foreach (byte b in label)
        {
            bool fits = b switch
            {
                (byte)'.' or (byte)'\\' => TryAppend(destination, ref written, (byte)'\\') && TryAppend(destination, ref written, b),
                > 0x20 and < 0x7f => TryAppend(destination, ref written, b),
                _ => TryAppendDecimal(b, destination, ref written),
            };
            if (!fits)
                return false;
        }
        return true;
    }

    private static bool TryAppendDecimal(byte b, Span<byte> destination, ref int written) =>
        TryAppend(destination, ref written, (byte)'\\')
        && TryAppend(destination, ref written, (byte)('0' + b / 100))
        && TryAppend(destination, ref written, (byte)('0' + b / 10 % 10))
        && TryAppend(destination, ref written, (byte)('0' + b % 10));

    private static bool TryAppend(Span<byte> destination, ref int written, byte b)
    {
        if (written >= destination.Length)
            return false;
        destination[written++] = b;
        return true;
    }
}
