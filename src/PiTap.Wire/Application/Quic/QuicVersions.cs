namespace PiTap.Wire.Application;

/// <summary>The versions of QUIC whose Initial packets can be read, and what is different in each.</summary>
public static class QuicVersions
{
    /// <summary>QUIC version 1 (RFC 9000).</summary>
    public const uint V1 = 1;

    /// <summary>QUIC version 2 (RFC 9369).</summary>
    public const uint V2 = 0x6b33_43cf;

    private const uint DraftPrefix = 0xff00_0000;
    private const uint Draft29 = DraftPrefix + 29;
    private const uint Q046 = 0x5130_3436;
    private const uint Q050 = 0x5130_3530;
    private const uint T050 = 0x5430_3530;
    private const uint T051 = 0x5430_3531;

    // Versions of Facebook's mvfst, by the draft that each follows.
    private const uint Mvfst22 = 0xface_b001;
    private const uint Mvfst27 = 0xface_b002;
    private const uint Mvfst29 = 0xface_b00e;

    private static ReadOnlySpan<byte> Draft22Salt =>
        [0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a];

    private static ReadOnlySpan<byte> Draft23Salt =>
        [0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02];

    private static ReadOnlySpan<byte> Draft29Salt =>
        [0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99];

    private static ReadOnlySpan<byte> V1Salt =>
        [0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a];

    private static ReadOnlySpan<byte> V2Salt =>
        [0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9];

    private static ReadOnlySpan<byte> Q050Salt =>
        [0x50, 0x45, 0x74, 0xef, 0xd0, 0x66, 0xfe, 0x2f, 0x9d, 0x94, 0x5c, 0xfc, 0xdb, 0xd3, 0xa7, 0xf0, 0xd3, 0xb5, 0x6b, 0x45];

    private static ReadOnlySpan<byte> T050Salt =>
        [0x7f, 0xf5, 0x79, 0xe5, 0xac, 0xd0, 0x72, 0x91, 0x55, 0x80, 0x30, 0x4c, 0x43, 0xa2, 0x36, 0x7c, 0x60, 0x48, 0x83, 0x10];

    private static ReadOnlySpan<byte> T051Salt =>
        [0x7a, 0x4e, 0xde, 0xf4, 0xe7, 0xcc, 0xee, 0x5f, 0xa4, 0x50, 0x6c, 0x19, 0x12, 0x4f, 0xc8, 0xcc, 0xda, 0x6e, 0x03, 0x3d];

    /// <summary>
    /// The salt of the Initial keys: RFC 9001 section 5.2, RFC 9369 section 3.3.1, the same section of draft-ietf-quic-tls for the drafts, and for Google's own versions what its
    /// clients use. Empty for versions that cannot be read.
    /// </summary>
    public static ReadOnlySpan<byte> InitialSalt(uint version) => version switch
    {
        V1 or DraftPrefix + 33 or DraftPrefix + 34 => V1Salt,
        V2 => V2Salt,
        >= DraftPrefix + 29 and <= DraftPrefix + 32 or Mvfst29 => Draft29Salt,
        >= DraftPrefix + 23 and <= DraftPrefix + 28 or Mvfst27 => Draft23Salt,
        DraftPrefix + 22 or Mvfst22 => Draft22Salt,
        Q050 => Q050Salt,
        T050 => T050Salt,
        T051 => T051Salt,
        _ => default,
    };

    /// <summary>True where Initial packets of the version can be read.</summary>
    public static bool IsReadable(uint version) => !InitialSalt(version).IsEmpty || IsGrease(version);

    /// <summary>
    /// The versions under whose keys an Initial may open. A reserved version has no salt: its client uses that of the version it would really speak.
    /// </summary>
    internal static ReadOnlySpan<uint> KeyVersions(in uint version) => IsGrease(version) ? [V1, Draft29, V2] : new ReadOnlySpan<uint>(in version);

    /// <summary>True for the versions reserved to exercise version negotiation (RFC 9000 section 15): 0x?a?a?a?a.</summary>
    public static bool IsGrease(uint version) => (version & 0x0f0f_0f0f) == 0x0a0a_0a0a;

    /// <summary>True where the Initial carries a hello of Google's own crypto instead of TLS.</summary>
    public static bool HasGoogleHello(uint version) => version == Q050;

    /// <summary>True where the frames are numbered as in Google's QUIC.</summary>
    internal static bool HasGoogleFrames(uint version) => version is Q050 or T050 or T051;

    /// <summary>True for a version that is known by name: readable, Google's Q046, a draft, or mvfst's.</summary>
    public static bool IsKnown(uint version) =>
        IsReadable(version) || version == Q046 || version >> 8 == DraftPrefix >> 8 || version >> 4 == Mvfst22 >> 4;

    /// <summary><c>v1</c>, <c>v2</c>, <c>draft-29</c>, <c>Q046</c>, <c>mvfst-2</c>, or the number in hexadecimal.</summary>
    public static string Text(uint version) => version switch
    {
        V1 => "v1",
        V2 => "v2",
        _ when version >> 8 == DraftPrefix >> 8 => $"draft-{version & 0xff}",
        _ when version >> 4 == Mvfst22 >> 4 => $"mvfst-{version & 0x0f:x}",
        _ when version >> 24 is 'Q' or 'T' && IsDigits(version) => $"{(char)(version >> 24)}{(char)(version >> 16 & 0xff)}{(char)(version >> 8 & 0xff)}{(char)(version & 0xff)}",
        _ => $"0x{version:x8}",
    };

    private static bool IsDigits(uint version) => char.IsAsciiDigit((char)(version >> 16 & 0xff)) && char.IsAsciiDigit((char)(version >> 8 & 0xff)) && char.IsAsciiDigit((char)(version & 0xff));
}
