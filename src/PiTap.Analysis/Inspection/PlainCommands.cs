namespace PiTap.Analysis.Inspection;

/// <summary>
/// Text protocols that may go over to TLS after some lines in the clear: SMTP (RFC 3207), IMAP and POP3 (RFC 2595), FTP (RFC 4217), XMPP
/// (RFC 6120 section 5), IRC, NNTP (RFC 4642). Told by what a client says first, or by a greeting that only one of them has.
/// </summary>
internal static class PlainCommands
{
    /// <summary>Which one a segment begins like; null for none.</summary>
    public static string? ProtocolOf(ReadOnlySpan<byte> bytes)
    {
        if (Begins(bytes, "EHLO "u8) || Begins(bytes, "HELO "u8) || Begins(bytes, "LHLO "u8) || Begins(bytes, "MAIL FROM:"u8))
            return "SMTP";
        if (bytes.StartsWith("+OK"u8) || Begins(bytes, "STLS"u8) || Begins(bytes, "CAPA\r"u8))
            return "POP3";
        if (bytes.StartsWith("* OK"u8) || bytes.StartsWith("* PREAUTH"u8) || IsImapCommand(bytes))
            return "IMAP";
        if (Begins(bytes, "AUTH TLS"u8) || Begins(bytes, "AUTH SSL"u8) || Begins(bytes, "FEAT\r"u8))
            return "FTP";
        if (bytes.StartsWith("<?xml"u8) || bytes.StartsWith("<stream:"u8))
            return "XMPP";
        return Begins(bytes, "CAP LS"u8) ? "IRC" : null;
    }

    /// <summary>A tag and a command that may come before a login (RFC 9051 section 6.1 and 6.2).</summary>
    private static bool IsImapCommand(ReadOnlySpan<byte> bytes)
    {
        const int MaxTagBytes = 16;
        int space = bytes[..Math.Min(bytes.Length, MaxTagBytes)].IndexOf((byte)' ');
        if (space <= 0)
            return false;
        ReadOnlySpan<byte> command = bytes[(space + 1)..];
        return Begins(command, "STARTTLS"u8) || Begins(command, "CAPABILITY"u8);
    }

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> word) =>
        bytes.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(bytes[..word.Length], word);
}
