using System.Buffers;
using System.Security.Cryptography;

namespace PiTap.Wire.Application.Tls;

/// <summary>What a ClientHello came over: the first letter of its JA4.</summary>
public enum Ja4Transport : byte
{
    /// <summary>TLS over TCP: t.</summary>
    Tcp = (byte)'t',
    /// <summary>QUIC: q.</summary>
    Quic = (byte)'q',
    /// <summary>DTLS: d.</summary>
    Dtls = (byte)'d',
}

/// <summary>
/// Fingerprints of hellos: JA3 and JA3S as Wireshark 4.0 computes them, and JA4 (FoxIO, "JA4: TLS Client Fingerprinting", technical
/// details; of that family JA4 alone is free to use). They tell the software of a client apart, not its user. MD5 is part of the definition
/// and protects nothing.
/// </summary>
public static class TlsFingerprint
{
    /// <summary>Length of JA3 and JA3S, in characters.</summary>
    public const int Ja3Length = 2 * MD5.HashSizeInBytes;

    /// <summary>Length of JA4, in characters.</summary>
    public const int Ja4Length = 36;

    private const int HashPartLength = 12;
    private const int MaxCount = 99;
    private const int StackTextLength = 2048;
    private const int StackListLength = 256;

    // A 16-bit number with its separator: "65535-" in JA3, "ffff," in JA4. A list of an extension takes at most "255-" for a byte.
    private const int Ja3CharactersPerNumber = 6;
    private const int Ja3CharactersPerByte = 4;
    private const int Ja3FixedLength = 32;
    private const int Ja4CharactersPerNumber = 5;

    /// <summary>
    /// Writes the JA3 of a ClientHello, 32 hexadecimal digits. False, and nothing written, for a hello that is cut or contradicts itself so
    /// that there is none.
    /// </summary>
    public static bool WriteJa3(in ClientHelloView hello, Span<byte> hex32)
    {
        if (!hello.IsWhole || !hello.HasCompressionMethods)
            return false;
        byte[]? rented = null;
        int length = MaxJa3TextLength(hello.CipherSuites.Count, hello.Extensions);
        Span<byte> room = length <= StackTextLength ? stackalloc byte[StackTextLength] : rented = ArrayPool<byte>.Shared.Rent(length);
        AsciiText text = new(room);
        bool isWhole = TryWriteJa3Text(hello, ref text);
        if (isWhole)
            WriteMd5(text.Written, hex32);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return isWhole;
    }

    /// <summary>
    /// Writes the JA3S of a ServerHello, 32 hexadecimal digits. False, and nothing written, where its extensions contradict themselves.
    /// </summary>
    public static bool WriteJa3s(in ServerHelloView hello, Span<byte> hex32)
    {
        byte[]? rented = null;
        int length = MaxJa3TextLength(1, hello.Extensions);
        Span<byte> room = length <= StackTextLength ? stackalloc byte[StackTextLength] : rented = ArrayPool<byte>.Shared.Rent(length);
        AsciiText text = new(room);
        text.AppendDecimal(hello.LegacyVersion);
        text.Append((byte)',');
        text.AppendDecimal(hello.CipherSuite);
        text.Append((byte)',');
        bool isWhole = TryWriteExtensions(hello.Extensions, ref text);
        if (isWhole)
            WriteMd5(text.Written, hex32);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return isWhole;
    }

    /// <summary>
    /// Writes the JA4 of a ClientHello, 36 characters such as <c>t13d1516h2_8daaf6152771_02713d6af862</c>. False, and nothing written, for
    /// a hello that is cut.
    /// </summary>
    public static bool WriteJa4(in ClientHelloView hello, Ja4Transport transport, Span<byte> text36)
    {
        if (!hello.IsWhole)
            return false;
        byte[]? rentedText = null;
        ushort[]? rentedList = null;
        int listLength = Math.Max(hello.CipherSuites.Count, hello.Extensions.MaxCount);
        int textLength = (listLength + hello.SignatureAlgorithms.Count) * Ja4CharactersPerNumber;
        Span<ushort> list = listLength <= StackListLength
            ? stackalloc ushort[StackListLength]
            : rentedList = ArrayPool<ushort>.Shared.Rent(listLength);
        Span<byte> room = textLength <= StackTextLength ? stackalloc byte[StackTextLength] : rentedText = ArrayPool<byte>.Shared.Rent(textLength);

        int suites = CollectSuites(hello.CipherSuites, list);
        AsciiText text = new(room);
        AppendSorted(list[..suites], ref text);
        WriteSha256Part(text.Written, text36.Slice(11, HashPartLength));

        text = new AsciiText(room);
        int extensions = CollectExtensions(hello.Extensions, list, out int hashed, out bool hasServerName);
        AppendSorted(list[..hashed], ref text);
        if (hashed > 0)
            AppendSignatureAlgorithms(hello.SignatureAlgorithms, ref text);
        WriteSha256Part(text.Written, text36.Slice(24, HashPartLength));

        text36[10] = text36[23] = (byte)'_';
        text36[0] = (byte)transport;
        WriteVersion(hello, text36[1..]);
        text36[3] = hasServerName ? (byte)'d' : (byte)'i';
        WriteCount(suites, text36[4..]);
        WriteCount(extensions, text36[6..]);
        WriteAlpn(hello.Alpn.First, text36[8..]);

        if (rentedList is not null)
            ArrayPool<ushort>.Shared.Return(rentedList);
        if (rentedText is not null)
            ArrayPool<byte>.Shared.Return(rentedText);
        return true;
    }

    /// <summary>Room that the text of a JA3 or JA3S surely fits into, in characters.</summary>
    private static int MaxJa3TextLength(int cipherSuites, TlsExtensionList extensions)
    {
        int length = Ja3FixedLength + cipherSuites * Ja3CharactersPerNumber;
        foreach (TlsExtension extension in extensions)
        {
            length += Ja3CharactersPerNumber;
            if (extension.Type is TlsExtensionType.SupportedGroups or TlsExtensionType.EcPointFormats)
                length += extension.Data.Length * Ja3CharactersPerByte;
        }
        return length;
    }

    private static bool TryWriteJa3Text(in ClientHelloView hello, ref AsciiText text)
    {
        text.AppendDecimal(hello.LegacyVersion);
        text.Append((byte)',');
        bool isFirst = true;
        AppendList(hello.CipherSuites, ref text, ref isFirst);
        text.Append((byte)',');
        if (!hello.Extensions.IsPresent)
        {
            text.Append((byte)',');
            text.Append((byte)',');
            return true;
        }
        // A block that does not fit leaves the text without its last two parts: so does Wireshark.
        if (!hello.Extensions.IsBlockWhole)
            return true;
        if (!TryWriteExtensions(hello.Extensions, ref text))
            return false;
        AppendGroups(hello.Extensions, ref text);
        AppendPointFormats(hello.Extensions, ref text);
        return true;
    }

    private static bool TryWriteExtensions(TlsExtensionList extensions, ref AsciiText text)
    {
        bool isFirst = true;
        TlsExtensionList.Enumerator walk = extensions.GetEnumerator();
        while (walk.MoveNext())
        {
            ushort type = (ushort)walk.Current.Type;
            if (!TlsVersions.IsGrease(type))
                AppendNumber(type, ref text, ref isFirst);
        }
        return !walk.IsBroken;
    }

    /// <summary>Each supported_groups adds a comma and its groups; where there is none, a comma stands alone.</summary>
    private static void AppendGroups(TlsExtensionList extensions, ref AsciiText text)
    {
        int before = text.Written.Length;
        foreach (TlsExtension extension in extensions)
        {
            if (extension.Type != TlsExtensionType.SupportedGroups)
                continue;
            text.Append((byte)',');
            bool isFirst = true;
            AppendList(TlsExtensionList.ReadUInt16List(extension.Data), ref text, ref isFirst);
        }
        if (text.Written.Length == before)
            text.Append((byte)',');
    }

    private static void AppendPointFormats(TlsExtensionList extensions, ref AsciiText text)
    {
        int before = text.Written.Length;
        foreach (TlsExtension extension in extensions)
        {
            if (extension.Type != TlsExtensionType.EcPointFormats)
                continue;
            text.Append((byte)',');
            bool isFirst = true;
            foreach (byte format in TlsExtensionList.ReadByteList(extension.Data))
                AppendNumber(format, ref text, ref isFirst);
        }
        if (text.Written.Length == before)
            text.Append((byte)',');
    }

    private static void AppendList(TlsUInt16List list, ref AsciiText text, ref bool isFirst)
    {
        foreach (ushort value in list)
        {
            if (!TlsVersions.IsGrease(value))
                AppendNumber(value, ref text, ref isFirst);
        }
    }

    private static void AppendNumber(ushort value, ref AsciiText text, ref bool isFirst)
    {
        if (!isFirst)
            text.Append((byte)'-');
        isFirst = false;
        text.AppendDecimal(value);
    }

    private static int CollectSuites(TlsUInt16List suites, Span<ushort> list)
    {
        int count = 0;
        foreach (ushort suite in suites)
        {
            if (!TlsVersions.IsGrease(suite))
                list[count++] = suite;
        }
        return count;
    }

    /// <summary>Server name and ALPN are counted but not hashed: they change with the server, not with the client.</summary>
    private static int CollectExtensions(TlsExtensionList extensions, Span<ushort> list, out int hashed, out bool hasServerName)
    {
        int count = 0;
        hashed = 0;
        hasServerName = false;
        foreach (TlsExtension extension in extensions)
        {
            ushort type = (ushort)extension.Type;
            if (TlsVersions.IsGrease(type))
                continue;
            count++;
            hasServerName |= extension.Type == TlsExtensionType.ServerName;
            if (extension.Type is not (TlsExtensionType.ServerName or TlsExtensionType.Alpn))
                list[hashed++] = type;
        }
        return count;
    }

    private static void AppendSorted(Span<ushort> list, ref AsciiText text)
    {
        list.Sort();
        for (int i = 0; i < list.Length; i++)
        {
            if (i > 0)
                text.Append((byte)',');
            text.AppendHex(list[i]);
        }
    }

    private static void AppendSignatureAlgorithms(TlsUInt16List algorithms, ref AsciiText text)
    {
        byte separator = (byte)'_';
        foreach (ushort algorithm in algorithms)
        {
            if (TlsVersions.IsGrease(algorithm))
                continue;
            text.Append(separator);
            separator = (byte)',';
            text.AppendHex(algorithm);
        }
    }

    /// <summary>The highest number offered, GREASE left out; DTLS counts downwards.</summary>
    private static void WriteVersion(in ClientHelloView hello, Span<byte> destination)
    {
        ushort highest = 0;
        bool isFound = false;
        foreach (TlsExtension extension in hello.Extensions)
        {
            if (extension.Type != TlsExtensionType.SupportedVersions)
                continue;
            foreach (ushort version in new TlsUInt16List(TlsExtensionList.ReadByteList(extension.Data)))
            {
                if (TlsVersions.IsGrease(version))
                    continue;
                if (!isFound || (hello.IsDtls ? version < highest : version > highest))
                    highest = version;
                isFound = true;
            }
        }
        ReadOnlySpan<byte> text = (isFound ? highest : hello.LegacyVersion) switch
        {
            TlsVersions.Tls13 => "13"u8,
            TlsVersions.Tls12 => "12"u8,
            TlsVersions.Tls11 => "11"u8,
            TlsVersions.Tls10 => "10"u8,
            TlsVersions.Ssl30 => "s3"u8,
            TlsVersions.Ssl20 => "s2"u8,
            TlsVersions.Dtls10 => "d1"u8,
            TlsVersions.Dtls12 => "d2"u8,
            TlsVersions.Dtls13 => "d3"u8,
            _ => "00"u8,
        };
        text.CopyTo(destination);
    }

    private static void WriteCount(int count, Span<byte> destination)
    {
        int shown = Math.Min(count, MaxCount);
        destination[0] = (byte)('0' + shown / 10);
        destination[1] = (byte)('0' + shown % 10);
    }

    /// <summary>
    /// First and last character of the first protocol; of their hexadecimal form where one is no letter or digit; 99 where one is not
    /// ASCII.
    /// </summary>
    private static void WriteAlpn(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        if (name.IsEmpty)
        {
            "00"u8.CopyTo(destination);
            return;
        }
        byte first = name[0];
        byte last = name[^1];
        if (!char.IsAscii((char)first) || !char.IsAscii((char)last))
        {
            "99"u8.CopyTo(destination);
            return;
        }
        bool isPlain = char.IsAsciiLetterOrDigit((char)first) && char.IsAsciiLetterOrDigit((char)last);
        destination[0] = isPlain ? first : AsciiText.HexDigit(first >> 4);
        destination[1] = isPlain ? last : AsciiText.HexDigit(last);
    }

    private static void WriteMd5(ReadOnlySpan<byte> text, Span<byte> hex32)
    {
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(text, hash);
        Convert.TryToHexStringLower(hash, hex32, out _);
    }

    private static void WriteSha256Part(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.IsEmpty)
        {
            destination.Fill((byte)'0');
            return;
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        Convert.TryToHexStringLower(hash[..(HashPartLength / 2)], destination, out _);
    }

    /// <summary>Text built up in a span that is known to be long enough.</summary>
    private ref struct AsciiText(Span<byte> room)
    {
        private readonly Span<byte> _room = room;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _room[.._length];

        public static byte HexDigit(int value) => "0123456789abcdef"u8[value & 0xf];

        public void Append(byte character) => _room[_length++] = character;

        public void AppendDecimal(ushort value)
        {
            value.TryFormat(_room[_length..], out int written, default, System.Globalization.CultureInfo.InvariantCulture);
            _length += written;
        }

        public void AppendHex(ushort value)
        {
            for (int shift = 12; shift >= 0; shift -= 4)
                Append(HexDigit(value >> shift));
        }
    }
}
