using System.Collections.Frozen;

namespace PiTap.Wire.Application.Http;

/// <summary>
/// The methods by which a request is known before its first line is whole: those of the IANA "HTTP Method Registry", of UPnP eventing (UPnP
/// Device Architecture section 4), of Exchange's WebDAV, of RPC over HTTP and of SSTP.
/// </summary>
internal static class HttpMethods
{
    private static readonly FrozenSet<string> s_known = new[]
    {
        "ACL", "BASELINE-CONTROL", "BCOPY", "BDELETE", "BIND", "BMOVE", "BPROPFIND", "BPROPPATCH", "CCM_POST", "CHECKIN", "CHECKOUT", "CONNECT", "COPY",
        "DELETE", "GET", "HEAD", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "NOTIFY",
        "OPTIONS", "ORDERPATCH", "PATCH", "POLL", "POST", "PRI", "PROPFIND", "PROPPATCH", "PURGE", "PUT", "QUERY", "REBIND", "REPORT", "RPC_CONNECT",
        "RPC_IN_DATA", "RPC_OUT_DATA", "SEARCH", "SSTP_DUPLEX_POST", "SUBSCRIBE", "TRACE", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
        "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_known.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int s_longest = s_known.Max(static method => method.Length);

    /// <summary>True for a method of the list; methods are case-sensitive (RFC 9110 section 9.1).</summary>
    public static bool IsRegistered(ReadOnlySpan<byte> token)
    {
        if (token.Length > s_longest)
            return false;
        Span<char> text = stackalloc char[token.Length];
        for (int i = 0; i < token.Length; i++)
            text[i] = (char)token[i];
        return s_lookup.Contains(text);
    }
}
