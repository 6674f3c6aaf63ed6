namespace PiTap.Wire.Application.Other;

/// <summary>The first line of an SSH connection (RFC 4253 section 4.2).</summary>
public static class SshBanner
{
    /// <summary>True if a stream begins with the identification of SSH 1 or 2.</summary>
    public static bool IsBanner(ReadOnlySpan<byte> bytes) => bytes.StartsWith("SSH-2.0-"u8) || bytes.StartsWith("SSH-1."u8);
}

/// <summary>
/// WireGuard's messages (WireGuard protocol, section 5.4 of the paper): a type, three zero bytes, and a length that each type fixes.
/// </summary>
public static class WireGuardMessage
{
    private const int InitiationLength = 148;
    private const int ResponseLength = 92;
    private const int CookieLength = 64;

    /// <summary>True for handshake initiation, response and cookie reply.</summary>
    public static bool IsHandshake(ReadOnlySpan<byte> datagram) => HasZeros(datagram) && (datagram[0], datagram.Length)
        is (1, InitiationLength) or (2, ResponseLength) or (3, CookieLength);

    private static bool HasZeros(ReadOnlySpan<byte> datagram) => datagram.Length >= 4 && (datagram[1] | datagram[2] | datagram[3]) == 0;
}

/// <summary>SSDP, HTTP's form over UDP (UPnP Device Architecture 1.1 section 1).</summary>
public static class SsdpMessage
{
    /// <summary>True for a search, an announcement, or a response.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> datagram) =>
        datagram.StartsWith("M-SEARCH * HTTP/1."u8) || datagram.StartsWith("NOTIFY * HTTP/1."u8) || datagram.StartsWith("HTTP/1.1 200 OK"u8);
}

/// <summary>The first line of a SIP message (RFC 3261 section 7), over UDP or TCP.</summary>
public static class SipMessage
{
    /// <summary>Bytes in which the first line must end.</summary>
    private const int MaxLineBytes = 2_048;

    /// <summary>True for a request line that ends with the version, and for a status line.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> version = "SIP/2.0"u8;
        if (bytes.IsEmpty || !char.IsAsciiLetterUpper((char)bytes[0]))
            return false;
        bytes = bytes[..Math.Min(bytes.Length, MaxLineBytes)];
        int end = bytes.IndexOf("\r\n"u8);
        if (end < 0)
            return false;
        ReadOnlySpan<byte> line = bytes[..end];
        if (line.StartsWith(version))
            return line.Length > version.Length + 3 && line[version.Length] == (byte)' ' && char.IsAsciiDigit((char)line[version.Length + 1]);
        int space = line.IndexOf((byte)' ');
        return space > 0 && !line[..space].ContainsAnyExceptInRange((byte)'A', (byte)'Z') && line.EndsWith(version)
            && line.Length > space + 1 + version.Length + 1 && line[^(version.Length + 1)] == (byte)' ';
    }
}
