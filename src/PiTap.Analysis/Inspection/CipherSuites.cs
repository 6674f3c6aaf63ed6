namespace PiTap.Analysis.Inspection;

/// <summary>Cipher suites that PiTap has to know (IANA "TLS Cipher Suites").</summary>
internal static class CipherSuites
{
    /// <summary>
    /// True for suites that authenticate and do not encrypt: those of RFC 5246 appendix A.5 (NULL), RFC 4785 and RFC 5487 (PSK), RFC 5489
    /// and RFC 8422 (ECDHE), and RFC 9150 (TLS 1.3).
    /// </summary>
    public static bool IsWithoutEncryption(ushort suite) => suite
        is 0x0000 or 0x0001 or 0x0002 or 0x003b
        or 0x002c or 0x002d or 0x002e
        or 0x00b0 or 0x00b1 or 0x00b4 or 0x00b5 or 0x00b8 or 0x00b9
        or 0xc001 or 0xc006 or 0xc00b or 0xc010 or 0xc015
        or 0xc039 or 0xc03a or 0xc03b
        or 0xc0b4 or 0xc0b5;
}
