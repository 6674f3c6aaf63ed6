using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// A list of 16-bit numbers in network order: cipher suites, groups, versions, signature algorithms. An odd last byte is not looked at.
/// </summary>
public readonly ref struct TlsUInt16List
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal TlsUInt16List(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How many numbers there are.</summary>
    public int Count => _bytes.Length / sizeof(ushort);

    /// <summary>The number at an index from 0 to <see cref="Count"/> - 1.</summary>
    public ushort this[int index] => BinaryPrimitives.ReadUInt16BigEndian(_bytes[(index * sizeof(ushort))..]);

    /// <summary>The bytes as sent.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Walks the numbers in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the numbers in order.</summary>
    public ref struct Enumerator
    {
        private readonly TlsUInt16List _list;
        private int _index;

        internal Enumerator(TlsUInt16List list)
        {
            _list = list;
            _index = -1;
        }

        /// <summary>The number reached; meaningful after <see cref="MoveNext"/> returned true.</summary>
        public readonly ushort Current => _list[_index];

        /// <summary>Goes to the next number; false at the end.</summary>
        public bool MoveNext() => ++_index < _list.Count;
    }
}

/// <summary>
/// The protocol names of an ALPN extension (RFC 7301 section 3.1), in order of preference. The walk ends at a name whose length does not
/// fit.
/// </summary>
public readonly ref struct TlsProtocolNames
{
    private readonly ReadOnlySpan<byte> _bytes;

    internal TlsProtocolNames(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The first name; empty if there is none.</summary>
    public ReadOnlySpan<byte> First
    {
        get
        {
            ReadOnlySpan<byte> rest = _bytes;
            return TlsVector.TryTake8(ref rest, out ReadOnlySpan<byte> name) ? name : default;
        }
    }

    /// <summary>Walks the names in order.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Walks the names in order. Each takes at least a byte of a 16-bit length, so that the walk ends.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _rest = bytes;
            Current = default;
        }

        /// <summary>The name reached, as sent: any bytes, 255 at most.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next name; false at the end.</summary>
        public bool MoveNext()
        {
            bool isThere = TlsVector.TryTake8(ref _rest, out ReadOnlySpan<byte> name);
            Current = name;
            return isThere;
        }
    }
}
