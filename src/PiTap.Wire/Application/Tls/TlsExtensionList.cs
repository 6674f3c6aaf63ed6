using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>One extension of a hello (RFC 8446 section 4.2).</summary>
public readonly ref struct TlsExtension
{
    internal TlsExtension(TlsExtensionType type, ReadOnlySpan<byte> data)
    {
        Type = type;
        Data = data;
    }

    /// <summary>Which extension it is.</summary>
    public TlsExtensionType Type { get; }

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Data { get; }
}

/// <summary>
/// The extensions of a hello, in order. Read as laxly as Wireshark does: a block whose length does not fit counts as empty, an extension
/// whose length does not fit ends the walk, and what stands before it is kept.
/// </summary>
public readonly ref struct TlsExtensionList
{
    private const int BlockLengthLength = 2;
    private const int HeaderLength = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private TlsExtensionList(ReadOnlySpan<byte> bytes, bool isPresent, bool isBlockWhole)
    {
        _bytes = bytes;
        IsPresent = isPresent;
        IsBlockWhole = isBlockWhole;
    }

    /// <summary>
    /// True if anything follows the compression methods: SSL 3.0 and early TLS have no extensions (RFC 5246 section 7.4.1.2).
    /// </summary>
    public bool IsPresent { get; }

    /// <summary>True if the length of the block fits into the message.</summary>
    public bool IsBlockWhole { get; }

    /// <summary>More extensions than this do not fit in.</summary>
    internal int MaxCount => _bytes.Length / HeaderLength;

    /// <summary>Reads what follows the fixed part of a hello of which <paramref name="missing"/> bytes are not available.</summary>
    internal static TlsExtensionList Read(ReadOnlySpan<byte> rest, int missing)
    {
        if (rest.IsEmpty)
            return default;
        if (!BinaryPrimitives.TryReadUInt16BigEndian(rest, out ushort length))
            return new TlsExtensionList(default, isPresent: true, isBlockWhole: false);
        rest = rest[BlockLengthLength..];
        if (length > rest.Length + missing)
            return new TlsExtensionList(default, isPresent: true, isBlockWhole: false);
        return new TlsExtensionList(rest[..Math.Min(length, rest.Length)], isPresent: true, isBlockWhole: true);
    }

    /// <summary>Finds the first extension of a type.</summary>
    public bool TryFind(TlsExtensionType type, out ReadOnlySpan<byte> data)
    {
        foreach (TlsExtension extension in this)
        {
            if (extension.Type == type)
            {
                data = extension.Data;
                return true;
            }
        }
        data = default;
        return false;
    }

    /// <summary>True if there is an extension of the type.</summary>
    public bool Contains(TlsExtensionType type) => TryFind(type, out _);

    /// <summary>
    /// The numbers in the first extension of a type whose data is one list with a length of two bytes; empty if there is none.
    /// </summary>
    internal TlsUInt16List FindUInt16List(TlsExtensionType type) => TryFind(type, out ReadOnlySpan<byte> data) ? ReadUInt16List(data) : default;

    /// <summary>A list with a length of two bytes; empty if the length does not fit.</summary>
    internal static TlsUInt16List ReadUInt16List(ReadOnlySpan<byte> data)
    {
        TlsVector.TryTake16(ref data, out ReadOnlySpan<byte> list);
        return new TlsUInt16List(list);
    }

    /// <summary>A list with a length of one byte; empty if the length does not fit.</summary>
    internal static ReadOnlySpan<byte> ReadByteList(ReadOnlySpan<byte> data)
    {
        TlsVector.TryTake8(ref data, out ReadOnlySpan<byte> list);
        return list;
    }

    /// <summary>Walks the extensions in order.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>Walks the extensions in order. Each takes at least four bytes of a 16-bit length, so that the walk ends.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _rest = bytes;
            Current = default;
            IsBroken = false;
        }

        /// <summary>The extension reached.</summary>
        public TlsExtension Current { get; private set; }

        /// <summary>True once the walk ended at an extension whose length does not fit.</summary>
        public bool IsBroken { get; private set; }

        /// <summary>Goes to the next extension; false at the end.</summary>
        public bool MoveNext()
        {
            if (_rest.Length < HeaderLength)
                return false;
            TlsExtensionType type = (TlsExtensionType)BinaryPrimitives.ReadUInt16BigEndian(_rest);
            ReadOnlySpan<byte> rest = _rest[sizeof(ushort)..];
            if (!TlsVector.TryTake16(ref rest, out ReadOnlySpan<byte> data))
            {
                IsBroken = true;
                _rest = default;
                return false;
            }
            _rest = rest;
            Current = new TlsExtension(type, data);
            return true;
        }
    }
}
