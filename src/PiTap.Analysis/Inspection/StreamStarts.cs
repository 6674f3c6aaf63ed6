using PiTap.Wire;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Application.Stun;
using PiTap.Wire.Legacy;

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
            bool isMark = b is (byte)'-' or (byte)'/' or (byte)'.' or (byte)'_';
            if (!isMark && !char.IsAsciiLetterUpper((char)b) && !char.IsAsciiDigit((char)b))
                return false;
        }
        return true;
    }

    /// <summary>
    /// True for a SOCKS 5 greeting (RFC 1928 section 3) or a SOCKS 4 request, on its usual port or, since anything may look like a few
    /// bytes of either, only in the exact length elsewhere.
    /// </summary>
    public static bool IsSocks(ReadOnlySpan<byte> bytes, ushort serverPort)
    {
        if (bytes.Length < 3)
            return false;
        bool isGreeting = bytes[0] == 5 && bytes[1] is > 0 and < 10 && bytes.Length == 2 + bytes[1] && bytes[2] is 0 or 1 or 2;
        bool isReply = bytes[0] is 5 or 4 && serverPort == SocksPort;
        return isGreeting || isReply || IsSocks4(bytes);
    }

    private static bool IsSocks4(ReadOnlySpan<byte> bytes) =>
        bytes[0] == 4 && SocksView.ParseClient(bytes, out SocksView socks) == ParseStatus.Ok && socks.TotalLength == bytes.Length
        && socks.Port != 0 && !(socks.Host.IsEmpty && socks.Address.IsUnspecified);

    /// <summary>
    /// True for a STUN message, bare or behind the two bytes of its length that ICE puts before it on TCP (RFC 4571, RFC 6544 section 3).
    /// </summary>
    public static bool IsStun(ReadOnlySpan<byte> bytes) =>
        StunView.Parse(bytes, out _) == ParseStatus.Ok || (bytes.Length > 2 && StunView.Parse(bytes[2..], out _) == ParseStatus.Ok);

    /// <summary>True for OpenVPN over TCP: the length of the first packet, and a reset of a plausible length.</summary>
    public static bool IsOpenVpn(ReadOnlySpan<byte> bytes)
    {
        const int MaxResetBytes = 120;
        return bytes.Length > 3 && bytes[0] == 0 && bytes[1] is >= OpenVpnPacketView.ResetBytes and <= MaxResetBytes
            && OpenVpnPacketView.IsResetByte(bytes[2]) && bytes.Length >= 2 + bytes[1];
    }

    /// <summary>
    /// True if the line begins by which a load balancer says for whom it speaks (HAProxy "PROXY protocol" version 1, section 2.1).
    /// <paramref name="length"/> is 0 until all of it is there.
    /// </summary>
    public static bool IsProxyHeader(ReadOnlySpan<byte> bytes, out int length)
    {
        const int MaxLineBytes = 107;
        length = 0;
        if (!bytes.StartsWith("PROXY "u8))
            return false;
        int end = bytes[..Math.Min(bytes.Length, MaxLineBytes)].IndexOf("\r\n"u8);
        if (end >= 0)
            length = end + 2;
        return end >= 0 || bytes.Length < MaxLineBytes;
    }
}
