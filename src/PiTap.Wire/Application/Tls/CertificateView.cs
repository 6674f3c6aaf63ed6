namespace PiTap.Wire.Application.Tls;

/// <summary>
/// The Certificate message of TLS 1.2 and below (RFC 5246 section 7.4.2) without its header: the server's chain, its own certificate first.
/// TLS 1.3 encrypts it.
/// <code>
///  0  length of the chain, 3 bytes
///  3  certificates, each behind its length (3 bytes)
/// </code>
/// </summary>
public readonly ref struct CertificateView
{
    /// <summary>How many certificates of a chain are walked.</summary>
    public const int MaxCertificates = 32;

    private readonly ReadOnlySpan<byte> _list;

    private CertificateView(ReadOnlySpan<byte> list) => _list = list;

    /// <summary>Reads a whole message. <see cref="ParseStatus.Truncated"/> where the list does not fit into it.</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> handshakeBody, out CertificateView certificates)
    {
        ReadOnlySpan<byte> rest = handshakeBody;
        bool isWhole = TlsVector.TryTake24(ref rest, out ReadOnlySpan<byte> list);
        certificates = new CertificateView(list);
        return isWhole ? ParseStatus.Ok : ParseStatus.Truncated;
    }

    /// <summary>Walks the certificates in order.</summary>
    public Enumerator GetEnumerator() => new(_list);

    /// <summary>Walks the certificates in order; a length that does not fit ends the walk.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;
        private int _count;

        internal Enumerator(ReadOnlySpan<byte> list)
        {
            _rest = list;
            _count = 0;
            Current = default;
        }

        /// <summary>The certificate reached, in DER.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next certificate; false at the end.</summary>
        public bool MoveNext()
        {
            if (_count++ >= MaxCertificates || !TlsVector.TryTake24(ref _rest, out ReadOnlySpan<byte> certificate))
                return false;
            Current = certificate;
            return true;
        }
    }
}
