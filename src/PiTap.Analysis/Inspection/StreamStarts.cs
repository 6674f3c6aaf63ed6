namespace PiTap.Analysis.Inspection;

/// <summary>First bytes of streams: which are too few to tell, and the small protocols that only need to be told apart.</summary>
internal static class StreamStarts
{
    private const ushort SocksPort = 1_080;

    /// <summary>Bytes of a TLS record's header.</summary>
    private const int TlsProbeBytes = 5;

    /// <summary>Longest first token of a request line that is waited for: methods of the registry have at most 17 letters.</summary>
    private const int MethodBytes = 20;

    /// <summary>True while so few bytes are there that TLS, HTTP or an SSH banner may still come of them.</summary>
    public static bool MayBecomeKnown(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < TlsProbeBytes && bytes[0] is >= 20 and <= 24 or >= 0x80)
            return bytes.Length < TlsProbeBytes;
        if (bytes.Length >= MethodBytes)
            return false;
        foreach (byte b in bytes)
        {
            if (b is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'/' or (byte)'.' or (byte)'_'))
                return false;
        }
        return true;
    }

    /// <summary>
    /// True for a SOCKS 5 greeting (RFC 1928 section 3) or a SOCKS 4 request, on its usual port or, since anything may look like three
    /// bytes of greeting, only in the exact length elsewhere.
    /// </summary>
    public static bool IsSocks(ReadOnlySpan<byte> bytes, ushort serverPort)
    {
        if (bytes.Length < 3)
            return false;
        bool isGreeting = bytes[0] == 5 && bytes[1] is > 0 and < 10 && bytes.Length == 2 + bytes[1] && bytes[2] is 0 or 1 or 2;
        bool isReply = bytes[0] is 5 or 4 && serverPort == SocksPort;
        return isGreeting || isReply;
    }
}
