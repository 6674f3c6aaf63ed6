using System.Globalization;

namespace PiTap.Wire.Legacy;

/// <summary>The versions of Google's QUIC, Q024 to Q050, T050 and T051: four letters as a number, the first in the highest byte.</summary>
public static class GquicVersions
{
    /// <summary>Google's Q046: the last one whose hello is in the clear.</summary>
    public const uint Q046 = 0x51303436;

    /// <summary>Google's Q050: Google's hello inside an encrypted Initial.</summary>
    public const uint Q050 = 0x51303530;

    /// <summary>Google's T050: the transport of Q050 with TLS.</summary>
    public const uint T050 = 0x54303530;

    /// <summary>Google's T051.</summary>
    public const uint T051 = 0x54303531;

    private const uint Google = 0x51303000;
    private const int OldestGoogle = 24;
    private const int NewestPublicHeader = 43;

    // Google's own, as Chromium published them.
    internal static ReadOnlySpan<byte> SaltQ050 =>
        [0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45];

    internal static ReadOnlySpan<byte> SaltT050 =>
        [0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10];

    internal static ReadOnlySpan<byte> SaltT051 =>
        [0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d];

    /// <summary>What one of Google's versions is called: <c>Q046</c>, <c>T051</c>.</summary>
    public static string Text(uint version) => string.Create(CultureInfo.InvariantCulture, $"{(char)(version >> 24)}{GoogleNumber(version):000}");

    /// <summary>True for Google's own versions: Q024 to Q050, T050 and T051.</summary>
    public static bool IsGoogle(uint version) =>
        version is Q050 or T050 or T051 or Q046 || GoogleNumber(version) is >= OldestGoogle and < 50;

    /// <summary>True if the hello is Google's tags and not TLS: every Q version.</summary>
    public static bool HasGoogleHello(uint version) => IsGoogle(version) && version >> 24 == 'Q';

    /// <summary>True for Q024 to Q043, whose packets begin with public flags instead of a long header.</summary>
    internal static bool HasPublicHeader(uint version) => GoogleNumber(version) is >= OldestGoogle and <= NewestPublicHeader && version >> 24 == 'Q';

    /// <summary>The number in <c>Q046</c>: 46; -1 where the version has not this form.</summary>
    internal static int GoogleNumber(uint version)
    {
        uint tens = ((version >> 8) & 0xff) - '0';
        uint ones = (version & 0xff) - '0';
        bool isNamed = (version & 0xffff0000) == (Google & 0xffff0000) || version is T050 or T051;
        return isNamed && tens <= 9 && ones <= 9 ? (int)((tens * 10) + ones) : -1;
    }

    /// <summary>True if the frames of an Initial are Google's (CRYPTO is 8) and not those of RFC 9000 section 19.</summary>
    internal static bool HasGoogleFrames(uint version) => version is Q050 or T050 or T051;
}
