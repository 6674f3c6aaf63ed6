using System.Buffers;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>
/// Tells an address where a name belongs. A client that was given an address writes it into its Host field (RFC 9110 section 7.2), and some
/// into the SNI, which has no place for it (RFC 6066 section 3): that says nothing that the packet does not.
/// </summary>
internal static class AddressLiteral
{
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// True for an address in any of its forms: IPv4 also in the ways that inet_aton takes (<c>127.1</c>, <c>0x7f000001</c>), IPv6 with or
    /// without brackets and zone (RFC 3986 section 3.2.2, RFC 6874).
    /// </summary>
    /// <param name="host">In lower case, without a port.</param>
    public static bool Is(string host)
    {
        ReadOnlySpan<char> text = host.AsSpan().TrimEnd('.');
        if (text.IsEmpty)
            return false;
        if (text[0] == '[')
            return text[^1] == ']';
        if (text.Contains(':'))
            return IpAddress.TryParse(host.Split('%')[0], out _);
        // No top-level domain is a number (RFC 3696 section 2): a name whose last label is one is an address, or none.
        return IsNumber(text[(text.LastIndexOf('.') + 1)..]);
    }

    private static bool IsNumber(ReadOnlySpan<char> label) => label.StartsWith("0x")
        ? !label[2..].ContainsAnyExcept(s_hexDigits)
        : !label.IsEmpty && !label.ContainsAnyExceptInRange('0', '9');
}
