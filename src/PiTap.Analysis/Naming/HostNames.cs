namespace PiTap.Analysis.Naming;

/// <summary>Host names as protocols write them.</summary>
internal static class HostNames
{
    /// <summary>How names end that hosts give themselves by multicast DNS (RFC 6762 section 3).</summary>
    public const string LocalSuffix = ".local";

    /// <summary>Takes the port off an authority (RFC 3986 section 3.2): <c>example.com:8080</c>, <c>[2001:db8::1]:443</c>.</summary>
    public static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> authority)
    {
        int colon = authority.LastIndexOf((byte)':');
        if (colon < 0 || authority[(colon + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return authority;
        // A bare IPv6 address holds several colons and no port.
        bool isBracketed = authority[0] == (byte)'[' && colon > 0 && authority[colon - 1] == (byte)']';
        return isBracketed || authority[..colon].IndexOf((byte)':') < 0 ? authority[..colon] : authority;
    }
}
