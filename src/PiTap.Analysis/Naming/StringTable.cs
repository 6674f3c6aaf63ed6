using System.Buffers;
using System.Text;
using PiTap.Analysis.Core;

namespace PiTap.Analysis.Naming;

/// <summary>
/// One string for each distinct text, so that a name seen a million times is made once. Bounded: when full it starts afresh, which costs
/// memory for a while and loses nothing.
/// </summary>
internal sealed class StringTable
{
    private const int InitialSlots = 1_024;

    /// <summary>Characters of the longest text.</summary>
    private const int MaxCharacters = 1_024;

    /// <summary>Characters of the longest host name (RFC 1035 section 2.3.4); what is longer is none, and only fills memory.</summary>
    private const int MaxHostCharacters = 255;

    private readonly SeededHash _hash = SeededHash.Create();
    // Open addressing, at most half full; a string and its hash at the same index.
    private string?[] _strings = new string?[InitialSlots];
    private ulong[] _hashes = new ulong[InitialSlots];
    private int _count;
    private int _characters;

    /// <summary>Characters of all strings made so far.</summary>
    public long MadeCharacters { get; private set; }

    /// <summary>
    /// The text of bytes as they are (ISO 8859-1): hostile bytes stay distinguishable and are made safe where they are shown.
    /// </summary>
    public string Get(ReadOnlySpan<byte> bytes, int maxCharacters = MaxCharacters)
    {
        bytes = bytes[..Math.Min(bytes.Length, maxCharacters)];
        if (bytes.IsEmpty)
            return "";
        ulong hash = _hash.Of(bytes);
        int mask = _strings.Length - 1;
        // Ends at an empty slot, of which there are as many as full ones.
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            string? known = _strings[slot];
            if (known is null)
                return Add(bytes, hash);
            if (_hashes[slot] == hash && IsSame(bytes, known))
                return known;
        }
    }

    /// <summary>The same of a text, made of bytes before, that may be one of many alike.</summary>
    public string Get(string text, int maxCharacters = MaxCharacters)
    {
        ReadOnlySpan<char> kept = text.AsSpan(0, Math.Min(text.Length, maxCharacters));
        Span<byte> bytes = stackalloc byte[kept.Length];
        Encoding.Latin1.GetBytes(kept, bytes);
        return Get(bytes, maxCharacters);
    }

    /// <summary>The same in lower case, without a final dot: for host names, which DNS compares that way (RFC 4343).</summary>
    public string GetHost(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxHostCharacters)];
        if (bytes.Length > 0 && bytes[^1] == '.')
            bytes = bytes[..^1];
        Span<byte> lower = stackalloc byte[bytes.Length];
        if (Ascii.ToLower(bytes, lower, out _) == OperationStatus.Done)
            return Get(lower);
        for (int i = 0; i < bytes.Length; i++)
            lower[i] = bytes[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(bytes[i] | 0x20) : bytes[i];
        return Get(lower);
    }

    private static bool IsSame(ReadOnlySpan<byte> bytes, string text)
    {
        if (Ascii.Equals(bytes, text))
            return true;
        if (bytes.Length != text.Length || Ascii.IsValid(bytes))
            return false;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != text[i])
                return false;
        }
        return true;
    }

    private string Add(ReadOnlySpan<byte> bytes, ulong hash)
    {
        if (_count >= Limits.Strings || _characters + bytes.Length > Limits.StringCharacters)
        {
            Array.Clear(_strings);
            _count = _characters = 0;
        }
        else if (2 * _count >= _strings.Length)
        {
            Grow();
        }
        string made = Encoding.Latin1.GetString(bytes);
        Place(made, hash);
        _count++;
        _characters += made.Length;
        MadeCharacters += made.Length;
        return made;
    }

    private void Place(string text, ulong hash)
    {
        int mask = _strings.Length - 1;
        int slot = (int)hash & mask;
        while (_strings[slot] is not null)
            slot = (slot + 1) & mask;
        _strings[slot] = text;
        _hashes[slot] = hash;
    }

    private void Grow()
    {
        string?[] strings = _strings;
        ulong[] hashes = _hashes;
        _strings = new string?[2 * strings.Length];
        _hashes = new ulong[2 * strings.Length];
        for (int i = 0; i < strings.Length; i++)
        {
            if (strings[i] is string text)
                Place(text, hashes[i]);
        }
    }
}
