using System.Buffers;
using System.Buffers.Binary;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Application.Dns;

/// <summary>Walks the public names in a list of ECH configurations (RFC 9849 section 4): each turn takes at least four bytes.</summary>
public ref struct EchPublicNameEnumerator
{
    private const ushort Version = 0xfe0d;
    private const int ConfigHeaderLength = 4;

    /// <summary>config_id and kem_id, before the public key.</summary>
    private const int KeyHeaderLength = 3;

    private static readonly SearchValues<byte> s_hostBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."u8);

    private ReadOnlySpan<byte> _configurations;

    /// <summary>
    /// Takes an ECHConfigList as an SVCB parameter holds it: two bytes of length, then the configurations. A list that is cut has none.
    /// </summary>
    internal EchPublicNameEnumerator(ReadOnlySpan<byte> list) =>
        _configurations = TlsVector.TryTake16(ref list, out ReadOnlySpan<byte> configurations) ? configurations : default;

    /// <summary>The current name: 1 to 255 letters, digits, hyphens and dots.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly EchPublicNameEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next configuration of the version that is known, and its name.</summary>
    public bool MoveNext()
    {
        while (_configurations.Length >= ConfigHeaderLength)
        {
            ushort version = BinaryPrimitives.ReadUInt16BigEndian(_configurations);
            ReadOnlySpan<byte> rest = _configurations[2..];
            if (!TlsVector.TryTake16(ref rest, out ReadOnlySpan<byte> contents))
                break;
            _configurations = rest;
            if (version == Version && TryReadPublicName(contents, out ReadOnlySpan<byte> name))
            {
                Current = name;
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// config_id, kem_id, public_key, cipher_suites, maximum_name_length, public_name, extensions. Section 4 has clients ignore a
    /// configuration whose public name is no "dot-separated sequence of LDH labels".
    /// </summary>
    private static bool TryReadPublicName(ReadOnlySpan<byte> contents, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (contents.Length < KeyHeaderLength)
            return false;
        ReadOnlySpan<byte> rest = contents[KeyHeaderLength..];
        if (!TlsVector.TryTake16(ref rest, out _) || !TlsVector.TryTake16(ref rest, out _) || rest.IsEmpty)
            return false;
        rest = rest[1..];
        return TlsVector.TryTake8(ref rest, out name) && !name.IsEmpty && !name.ContainsAnyExcept(s_hostBytes);
    }
}
