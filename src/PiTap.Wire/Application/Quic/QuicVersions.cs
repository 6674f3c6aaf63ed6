using System.Globalization;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Application.Quic;

/// <summary>
/// How the Initial keys of a version come about: a salt and a set of labels (RFC 9001 section 5.2, RFC 9369 section 3.3).
/// </summary>
internal enum QuicKeySchedule : byte
{
    None = 0,
    Draft22 = 1,
    Draft23 = 2,
    Draft29 = 3,
    V1 = 4,
    V2Draft = 5,
    V2 = 6,
    Q050 = 7,
    T050 = 8,
    T051 = 9,
}

/// <summary>
/// QUIC version numbers: what they are called, which are understood, and what differs between them. Versions of the IETF are in
/// RFC 9000 section 15 and RFC 9369 section 3.1; the others are known from the programs that speak them.
/// </summary>
public static class QuicVersions
{
    /// <summary>The version field of a Version Negotiation packet (RFC 8999 section 6).</summary>
    public const uint Negotiation = 0;

    /// <summary>QUIC version 1 (RFC 9000 section 15).</summary>
    public const uint V1 = 1;

    /// <summary>QUIC version 2 (RFC 9369 section 3.1).</summary>
    public const uint V2 = 0x6b3343cf;

    private const uint V2Draft = 0x709a50c4;
    private const uint V2Draft00 = 0xff020000;
    private const uint Draft = 0xff000000;
    private const uint Mvfst = 0xfaceb000;
    private const uint MsQuic = 0xabcd0000;
    private const uint FirstDraft = 22;
    private const uint LastDraft = 34;

    // RFC 9001 section 5.2.
    private static ReadOnlySpan<byte> SaltV1 =>
        [0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a];

    // RFC 9369 section 3.3.1.
    private static ReadOnlySpan<byte> SaltV2 =>
        [0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9];

    // draft-ietf-quic-v2-00 to -03.
    private static ReadOnlySpan<byte> SaltV2Draft =>
        [0xa7, 0x07, 0xc2, 0x03, 0xa5, 0x9b, 0x47, 0x18, 0x4a, 0x1d, 0x62, 0xca, 0x57, 0x04, 0x06, 0xea, 0x7a, 0xe3, 0xe5, 0xd3];

    // draft-ietf-quic-tls-22 section 5.2, -23 to -28, and -29 to -32.
    private static ReadOnlySpan<byte> SaltDraft22 =>
        [0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a, 0x02, 0x64, 0x4a];

    private static ReadOnlySpan<byte> SaltDraft23 =>
        [0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02];

    private static ReadOnlySpan<byte> SaltDraft29 =>
        [0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99];

    /// <summary>
    /// What a version is called: <c>v1</c>, <c>v2</c>, <c>draft-29</c>, <c>Q046</c>, <c>T051</c>; any other as <c>0x</c> and eight
    /// hexadecimal digits. It makes a string: once per connection, not per packet.
    /// </summary>
    public static string Text(uint version)
    {
        if (version == V1)
            return "v1";
        if (version == V2)
            return "v2";
        if (version is > Draft and <= Draft + LastDraft)
            return string.Create(CultureInfo.InvariantCulture, $"draft-{version - Draft:00}");
        return GquicVersions.IsGoogle(version) ? GquicVersions.Text(version) : string.Create(CultureInfo.InvariantCulture, $"0x{version:x8}");
    }

    /// <summary>
    /// True for a version whose long header and Initial keys are known, so that its hello can be read: 1, 2 and its drafts, drafts 22
    /// to 34, Q050, T050, T051, mvfst, MsQuic, and the reserved versions. The older versions of Google are
    /// <see cref="Legacy.GquicView"/>'s.
    /// </summary>
    public static bool IsSupported(uint version) => Schedule(version) != QuicKeySchedule.None;

    /// <summary>True for 0x?a?a?a?a: reserved to exercise version negotiation (RFC 9000 section 15).</summary>
    public static bool IsReserved(uint version) => (version & 0x0f0f0f0f) == 0x0a0a0a0a;

    /// <summary>True if the packet types are those of RFC 9369 section 3.2.</summary>
    internal static bool HasVersion2Types(uint version) => version is V2 or V2Draft;

    /// <summary>True if the salt's labels are those of RFC 9369 section 3.3.2.</summary>
    internal static bool HasVersion2Labels(QuicKeySchedule schedule) => schedule is QuicKeySchedule.V2 or QuicKeySchedule.V2Draft;

    /// <summary>The key schedule to try first.</summary>
    internal static QuicKeySchedule Schedule(uint version) => version switch
    {
        V1 => QuicKeySchedule.V1,
        V2 => QuicKeySchedule.V2,
        V2Draft or V2Draft00 => QuicKeySchedule.V2Draft,
        GquicVersions.Q050 => QuicKeySchedule.Q050,
        GquicVersions.T050 => QuicKeySchedule.T050,
        GquicVersions.T051 => QuicKeySchedule.T051,
        Draft + FirstDraft => QuicKeySchedule.Draft22,
        > Draft + FirstDraft and <= Draft + 28 => QuicKeySchedule.Draft23,
        > Draft + 28 and <= Draft + 32 => QuicKeySchedule.Draft29,
        > Draft + 32 and <= Draft + LastDraft => QuicKeySchedule.V1,
        Mvfst + 1 => QuicKeySchedule.Draft22,
        Mvfst + 3 or Mvfst + 4 => QuicKeySchedule.V1,
        >= Mvfst and <= Mvfst + 0xff => QuicKeySchedule.Draft23,
        >= MsQuic and <= MsQuic + 0xf => QuicKeySchedule.V1,
        _ => IsReserved(version) ? QuicKeySchedule.Draft29 : QuicKeySchedule.None,
    };

    /// <summary>
    /// The key schedule to try where the first did not fit. Reserved numbers and private ones stand for whatever version their
    /// program was built on, which changed over the years.
    /// </summary>
    internal static QuicKeySchedule SecondSchedule(uint version) => version switch
    {
        Mvfst + 1 => QuicKeySchedule.Draft23,
        Mvfst + 3 or Mvfst + 4 => QuicKeySchedule.Draft23,
        >= Mvfst and <= Mvfst + 0xff => QuicKeySchedule.V1,
        >= MsQuic and <= MsQuic + 0xf => QuicKeySchedule.Draft29,
        _ => IsReserved(version) ? QuicKeySchedule.V1 : QuicKeySchedule.None,
    };

    /// <summary>The salt of a key schedule: 20 bytes.</summary>
    internal static ReadOnlySpan<byte> Salt(QuicKeySchedule schedule) => schedule switch
    {
        QuicKeySchedule.Draft22 => SaltDraft22,
        QuicKeySchedule.Draft23 => SaltDraft23,
        QuicKeySchedule.Draft29 => SaltDraft29,
        QuicKeySchedule.V2Draft => SaltV2Draft,
        QuicKeySchedule.V2 => SaltV2,
        QuicKeySchedule.Q050 => GquicVersions.SaltQ050,
        QuicKeySchedule.T050 => GquicVersions.SaltT050,
        QuicKeySchedule.T051 => GquicVersions.SaltT051,
        _ => SaltV1,
    };
}
