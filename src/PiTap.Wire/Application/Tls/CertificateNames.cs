namespace PiTap.Wire.Application.Tls;

/// <summary>
/// The host names that an X.509 certificate (RFC 5280) claims to hold for: the DNS names of its subject alternative names in order, then
/// its common name where that looks like a host name and is not among them. Nothing is verified: a name is a claim of whoever sent the
/// certificate. Names that cannot be host names (with a zero byte, say) are left out, and so are addresses.
/// </summary>
public ref struct CertificateNames
{
    /// <summary>How many alternative names of a certificate are walked.</summary>
    public const int MaxNames = 512;

    /// <summary>The longest host name, in bytes (RFC 1035 section 2.3.4).</summary>
    public const int MaxNameLength = 253;

    // TBSCertificate (RFC 5280 section 4.1): version [0], extensions [3]. GeneralName (section 4.2.1.6): dNSName [2].
    private const byte VersionTag = 0xa0;
    private const byte ExtensionsTag = 0xa3;
    private const byte DnsNameTag = 0x82;

    private readonly ReadOnlySpan<byte> _alternativeNames;
    private DerReader _walk;
    private ReadOnlySpan<byte> _commonName;
    private int _count;

    /// <summary>Prepares to walk the names of a certificate in DER. Bytes that are none have no names.</summary>
    public CertificateNames(ReadOnlySpan<byte> certificate)
    {
        if (!new DerReader(certificate).TryRead(DerReader.Sequence, out ReadOnlySpan<byte> outer)
            || !new DerReader(outer).TryRead(DerReader.Sequence, out ReadOnlySpan<byte> toBeSigned))
            return;
        DerReader fields = new(toBeSigned);
        if (!fields.TryRead(out byte tag, out _))
            return;
        // The version may be left out: then this was the serial number already.
        if (tag == VersionTag && !fields.TryRead(out _, out _))
            return;
        if (!fields.TryRead(out _, out _)        // signature algorithm
            || !fields.TryRead(out _, out _)     // issuer
            || !fields.TryRead(out _, out _)     // validity
            || !fields.TryRead(DerReader.Sequence, out ReadOnlySpan<byte> subject))
            return;
        _commonName = FindCommonName(subject);
        while (fields.TryRead(out tag, out ReadOnlySpan<byte> content))
        {
            if (tag == ExtensionsTag && new DerReader(content).TryRead(DerReader.Sequence, out ReadOnlySpan<byte> extensions))
                _alternativeNames = FindAlternativeNames(extensions);
        }
        _walk = new DerReader(_alternativeNames);
    }

    // id-ce-subjectAltName 2.5.29.17 and id-at-commonName 2.5.4.3, as DER writes them.
    private static ReadOnlySpan<byte> SubjectAltName => [0x55, 0x1d, 0x11];

    private static ReadOnlySpan<byte> CommonName => [0x55, 0x04, 0x03];

    /// <summary>
    /// The name reached, as in the certificate: letters, digits, hyphens, underscores and dots, perhaps with <c>*.</c> before it.
    /// </summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The walk itself.</summary>
    public readonly CertificateNames GetEnumerator() => this;

    /// <summary>Goes to the next name; false at the end.</summary>
    public bool MoveNext()
    {
        while (_count++ < MaxNames && _walk.TryRead(out byte tag, out ReadOnlySpan<byte> name))
        {
            if (tag == DnsNameTag && LooksLikeHostName(name))
            {
                Current = name;
                return true;
            }
        }
        _count = MaxNames;
        Current = _commonName;
        _commonName = default;
        return !Current.IsEmpty && Current.Contains((byte)'.') && !IsAlternativeName(Current);
    }

    /// <summary>
    /// True for labels of letters, digits, hyphens and underscores with dots between them, with <c>*.</c> before it or not; false for an
    /// IPv4 address.
    /// </summary>
    public static bool LooksLikeHostName(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("*."u8))
            name = name[2..];
        if (name.IsEmpty || name.Length > MaxNameLength)
            return false;
        bool hasLetter = false;
        bool isAfterDot = true;
        foreach (byte b in name)
        {
            bool isDot = b == (byte)'.';
            if (isDot ? isAfterDot : !(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_'))
                return false;
            hasLetter |= char.IsAsciiLetter((char)b);
            isAfterDot = isDot;
        }
        return hasLetter && !isAfterDot;
    }

    private readonly bool IsAlternativeName(ReadOnlySpan<byte> name)
    {
        DerReader walk = new(_alternativeNames);
        for (int i = 0; i < MaxNames && walk.TryRead(out byte tag, out ReadOnlySpan<byte> other); i++)
        {
            if (tag == DnsNameTag && System.Text.Ascii.EqualsIgnoreCase(name, other))
                return true;
        }
        return false;
    }

    /// <summary>The last common name that looks like a host: the most specific one comes last (RFC 6125 section 2.3.1).</summary>
    private static ReadOnlySpan<byte> FindCommonName(ReadOnlySpan<byte> subject)
    {
        ReadOnlySpan<byte> found = default;
        DerReader sets = new(subject);
        while (sets.TryRead(out _, out ReadOnlySpan<byte> set))
        {
            DerReader attributes = new(set);
            while (attributes.TryRead(out _, out ReadOnlySpan<byte> attribute))
            {
                DerReader pair = new(attribute);
                if (pair.TryRead(DerReader.ObjectIdentifier, out ReadOnlySpan<byte> type) && type.SequenceEqual(CommonName)
                    && pair.TryRead(out byte tag, out ReadOnlySpan<byte> value)
                    && tag is DerReader.Utf8String or DerReader.PrintableString or DerReader.TeletexString or DerReader.Ia5String
                    && LooksLikeHostName(value))
                    found = value;
            }
        }
        return found;
    }

    private static ReadOnlySpan<byte> FindAlternativeNames(ReadOnlySpan<byte> extensions)
    {
        DerReader walk = new(extensions);
        while (walk.TryRead(out _, out ReadOnlySpan<byte> extension))
        {
            DerReader parts = new(extension);
            if (!parts.TryRead(DerReader.ObjectIdentifier, out ReadOnlySpan<byte> type) || !type.SequenceEqual(SubjectAltName)
                || !parts.TryRead(out byte tag, out ReadOnlySpan<byte> value))
                continue;
            // The mark "critical" may stand between the two.
            if (tag == DerReader.Boolean && !parts.TryRead(out tag, out value))
                continue;
            if (tag == DerReader.OctetString && new DerReader(value).TryRead(DerReader.Sequence, out ReadOnlySpan<byte> names))
                return names;
        }
        return default;
    }
}
