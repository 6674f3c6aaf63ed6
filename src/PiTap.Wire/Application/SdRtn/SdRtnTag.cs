using System.Buffers.Binary;

namespace PiTap.Wire.Application.SdRtn;

/// <summary>One tag of an SD-RTN handshake packet.</summary>
public readonly ref struct SdRtnTag
{
    internal SdRtnTag(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>Four bytes: letters and digits, and 0x00 or 0xff behind a shorter name.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>Walks the tags of an SD-RTN handshake packet, or those in the value of one; it ends where one does not fit.</summary>
public ref struct SdRtnTagEnumerator
{
    internal const int HeaderLength = NameLength + 2;
    private const int NameLength = 4;
    private ReadOnlySpan<byte> _rest;

    internal SdRtnTagEnumerator(ReadOnlySpan<byte> tags) => _rest = tags;

    /// <summary>The current tag.</summary>
    public SdRtnTag Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly SdRtnTagEnumerator GetEnumerator() => this;

    /// <summary>True if nothing is left over.</summary>
    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>True if a tag begins and its end is missing.</summary>
    internal readonly bool IsCut => _rest.Length < NameLength || IsName(_rest[..NameLength]);

    /// <summary>Goes to the next tag. Each turn takes at least six bytes.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderLength || !IsName(_rest[..NameLength]))
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[NameLength..]);
        if (_rest.Length < HeaderLength + length)
            return false;
        Current = new SdRtnTag(_rest[..NameLength], _rest.Slice(HeaderLength, length));
        _rest = _rest[(HeaderLength + length)..];
        return true;
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        foreach (byte b in name)
        {
            if (b is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or 0 or 0xff))
                return false;
        }
        return name[0] is >= (byte)'A' and <= (byte)'Z';
    }
}
