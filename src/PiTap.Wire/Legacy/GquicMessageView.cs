using System.Buffers.Binary;

namespace PiTap.Wire.Legacy;

/// <summary>
/// A message of Google's own handshake: a kind (<c>CHLO</c>, <c>REJ</c>, <c>SHLO</c>) and a table of tags, each with the end of its value,
/// then the values. All numbers are little-endian, in every version. Values that were cut off are left out.
/// <code>
///  0  kind, four letters
///  4  number of tags, 2 bytes
///  6  0, 2 bytes
///  8  for each tag its name (four letters) and the end of its value (4 bytes)
///     values
/// </code>
/// </summary>
public readonly ref struct GquicMessageView
{
    /// <summary>The kind of a client's hello: <c>CHLO</c>.</summary>
    public const uint ClientHello = 0x4f4c4843;

    /// <summary>The kind of a server's hello: <c>SHLO</c>.</summary>
    public const uint ServerHello = 0x4f4c4853;

    /// <summary>The kind of a server's refusal, which brings its configuration: <c>REJ</c> and a zero.</summary>
    public const uint Rejection = 0x004a4552;

    /// <summary>The most tags that a message may have.</summary>
    public const int MaxTags = 128;

    private const int HeaderLength = 8;
    private const int EntryLength = 8;
    private const int CountOffset = 4;

    private readonly ReadOnlySpan<byte> _message;

    private GquicMessageView(ReadOnlySpan<byte> message, int tagCount)
    {
        _message = message;
        TagCount = tagCount;
    }

    /// <summary>Four letters as a number, the first in the lowest byte; 0 for no message.</summary>
    public uint Kind => _message.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(_message);

    /// <summary>Tags in the table, at most <see cref="MaxTags"/>.</summary>
    public int TagCount { get; }

    /// <summary>The bytes of the whole message as its table says, which may be more than are there.</summary>
    public long Length => _message.IsEmpty ? 0 : HeaderLength + ((long)TagCount * EntryLength) + (TagCount == 0 ? 0 : EndOf(TagCount - 1));

    /// <summary>True if the values are not all there.</summary>
    public bool IsTruncated => Length > _message.Length;

    /// <summary>The server's name; empty if there is none.</summary>
    public ReadOnlySpan<byte> Sni => Value("SNI\0"u8);

    /// <summary>The client's program and system, for example <c>Chrome/70.0 Linux</c>; empty if there is none.</summary>
    public ReadOnlySpan<byte> UserAgent => Value("UAID"u8);

    /// <summary>The version that the client wanted first, four letters; empty if there is none.</summary>
    public ReadOnlySpan<byte> ClientVersion => Value("VER\0"u8);

    /// <summary>The ciphers, four letters each (<c>AESG</c>, <c>CC20</c>); empty if there are none.</summary>
    public ReadOnlySpan<byte> Aead => Value("AEAD"u8);

    /// <summary>
    /// Looks at the message at the start of <paramref name="bytes"/>. The header and the table must be there;
    /// <see cref="ParseStatus.Malformed"/> where the kind is none of the three, the tags are too many, or their ends run backwards.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> bytes, out GquicMessageView view)
    {
        view = default;
        if (bytes.Length < HeaderLength)
            return ParseStatus.Truncated;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) is not (ClientHello or ServerHello or Rejection))
            return ParseStatus.Malformed;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[CountOffset..]);
        if (count > MaxTags)
            return ParseStatus.Malformed;
        if (bytes.Length < HeaderLength + (count * EntryLength))
            return ParseStatus.Truncated;
        GquicMessageView candidate = new(bytes, count);
        for (int i = 1; i < count; i++)
        {
            if (candidate.EndOf(i) < candidate.EndOf(i - 1))
                return ParseStatus.Malformed;
        }
        view = candidate;
        return ParseStatus.Ok;
    }

    /// <summary>The value of a tag, given by its four letters; empty if it is absent or cut off.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> tag)
    {
        foreach (GquicTag candidate in this)
        {
            if (candidate.Name.SequenceEqual(tag))
                return candidate.Value;
        }
        return default;
    }

    /// <summary>Goes through the tags in their order.</summary>
    public Enumerator GetEnumerator() => new(this);

    private uint EndOf(int index) => BinaryPrimitives.ReadUInt32LittleEndian(_message[(HeaderLength + (index * EntryLength) + 4)..]);

    private GquicTag TagAt(int index)
    {
        ReadOnlySpan<byte> name = _message.Slice(HeaderLength + (index * EntryLength), 4);
        long valuesStart = HeaderLength + ((long)TagCount * EntryLength);
        long start = valuesStart + (index == 0 ? 0 : EndOf(index - 1));
        long end = valuesStart + EndOf(index);
        bool isCut = end > _message.Length;
        return new GquicTag(name, isCut ? default : _message[(int)start..(int)end], isCut);
    }

    /// <summary>Goes through the tags of a message.</summary>
    public ref struct Enumerator
    {
        private readonly GquicMessageView _message;
        private int _index;
        internal Enumerator(GquicMessageView message)
        {
            _message = message;
            _index = -1;
        }
        /// <summary>The tag that the last <see cref="MoveNext"/> came to.</summary>
        public readonly GquicTag Current => (uint)_index < (uint)_message.TagCount ? _message.TagAt(_index) : default;
        /// <summary>Steps to the next tag; false at the end.</summary>
        public bool MoveNext()
        {
            if (_index >= _message.TagCount - 1)
                return false;
            _index++;
            return true;
        }
    }
}

/// <summary>One tag of Google's handshake.</summary>
public readonly ref struct GquicTag
{
    internal GquicTag(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isCut)
    {
        Name = name;
        Value = value;
        IsCut = isCut;
    }

    /// <summary>Four letters, the last often a zero.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value; empty if it was cut off.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>True if the value is not there whole.</summary>
    public bool IsCut { get; }
}
