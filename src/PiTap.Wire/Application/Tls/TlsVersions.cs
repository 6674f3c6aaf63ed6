using System.Globalization;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Tls;

/// <summary>The version numbers of SSL, TLS and DTLS, and what they are called.</summary>
public static class TlsVersions
{
    /// <summary>SSL 2.0.</summary>
    public const ushort Ssl20 = 0x0002;
    /// <summary>SSL 3.0 (RFC 6101).</summary>
    public const ushort Ssl30 = 0x0300;
    /// <summary>TLS 1.0 (RFC 2246).</summary>
    public const ushort Tls10 = 0x0301;
    /// <summary>TLS 1.1 (RFC 4346).</summary>
    public const ushort Tls11 = 0x0302;
    /// <summary>TLS 1.2 (RFC 5246).</summary>
    public const ushort Tls12 = 0x0303;
    /// <summary>TLS 1.3 (RFC 8446).</summary>
    public const ushort Tls13 = 0x0304;
    /// <summary>DTLS 1.0 (RFC 4347).</summary>
    public const ushort Dtls10 = 0xfeff;
    /// <summary>DTLS 1.2 (RFC 6347).</summary>
    public const ushort Dtls12 = 0xfefd;
    /// <summary>DTLS 1.3 (RFC 9147).</summary>
    public const ushort Dtls13 = 0xfefc;
    /// <summary>DTLS 1.0 as OpenSSL before 0.9.8f wrote it; some VPN clients still do.</summary>
    public const ushort Dtls10OpenSsl = 0x0100;

    private const int DtlsMajor = 0xfe;

    /// <summary>
    /// True for the values that clients send to keep servers tolerant (RFC 8701 section 2): two equal bytes that end in the digit a.
    /// They hold for cipher suites, extensions, groups, versions and signature algorithms alike.
    /// </summary>
    public static bool IsGrease(ushort value) => (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);

    /// <summary>
    /// For example <c>TLS 1.3</c>, <c>DTLS 1.2</c>, <c>SSL 3.0</c>, <c>TLS 1.3 draft 28</c>; an unknown number as four hexadecimal digits:
    /// <c>0x0405</c>.
    /// </summary>
    public static string Text(ushort version) => version switch
    {
        Ssl20 => "SSL 2.0",
        Ssl30 => "SSL 3.0",
        Tls10 => "TLS 1.0",
        Tls11 => "TLS 1.1",
        Tls12 => "TLS 1.2",
        Tls13 => "TLS 1.3",
        Dtls10 or Dtls10OpenSsl => "DTLS 1.0",
        Dtls12 => "DTLS 1.2",
        Dtls13 => "DTLS 1.3",
        _ when TlsDrafts.Contains(version) => TlsDrafts.Text(version),
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{version:x4}"),
    };

    /// <summary>Puts versions in order of age: the higher, the newer. Numbers that say nothing (GREASE among them) come lowest.</summary>
    internal static int Age(ushort version) => version switch
    {
        Tls13 => 0x200,
        _ when TlsDrafts.Contains(version) => 0x100 + (version & 0xff),
        Dtls10OpenSsl => 1,
        // DTLS counts downwards: 1.0 is 0xfeff, 1.2 is 0xfefd (RFC 6347 section 4.1).
        _ when version >> 8 == DtlsMajor => 2 + 0xff - (version & 0xff),
        Ssl20 => 1,
        >= Ssl30 and <= Tls12 => 2 + (version & 0xff),
        _ => 0,
    };
}
