using System.Buffers.Binary;

namespace PiTap.Wire.Application.Tls;

/// <summary>
/// The part of a ClientHello that its fingerprints, its highest version and its application protocols are made from. The same software
/// sends the same part again and again, with other random numbers, keys and names around it: what is known of one hello holds for all with
/// an equal input.
/// </summary>
public static class TlsFingerprintInput
{
    private const ushort AnyGrease = 0x0a0a;

    /// <summary>Copies it. False, and nothing to be used written, where it does not fit.</summary>
    public static bool TryWrite(in ClientHelloView hello, Ja4Transport transport, Span<byte> destination, out int written)
    {
        Writer writer = new(destination);
        writer.Append((byte)transport);
        writer.Append((byte)((hello.IsWhole ? 1 : 0) | (hello.HasCompressionMethods ? 2 : 0) | (hello.Extensions.IsPresent ? 4 : 0)
            | (hello.Extensions.IsBlockWhole ? 8 : 0) | (hello.IsDtls ? 16 : 0)));
        writer.Append(hello.LegacyVersion);
        writer.AppendList(hello.CipherSuites.Bytes, 0);
        TlsExtensionList.Enumerator walk = hello.Extensions.GetEnumerator();
        while (walk.MoveNext())
        {
            TlsExtension extension = walk.Current;
            writer.Append(TlsVersions.IsGrease((ushort)extension.Type) ? AnyGrease : (ushort)extension.Type);
            switch (extension.Type)
            {
                case TlsExtensionType.SupportedGroups or TlsExtensionType.SignatureAlgorithms:
                    writer.AppendList(extension.Data, sizeof(ushort));
                    break;
                case TlsExtensionType.SupportedVersions:
                    writer.AppendList(extension.Data, sizeof(byte));
                    break;
                case TlsExtensionType.EcPointFormats or TlsExtensionType.Alpn:
                    writer.AppendBytes(extension.Data);
                    break;
            }
        }
        writer.Append((byte)(walk.IsBroken ? 1 : 0));
        written = writer.Written;
        return !writer.IsFull;
    }

    private ref struct Writer(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Written { get; private set; }

        public bool IsFull { get; private set; }

        public void Append(byte value) => AppendRaw([value]);

        public void Append(ushort value) => AppendRaw([(byte)(value >> 8), (byte)value]);

        public void AppendBytes(ReadOnlySpan<byte> bytes)
        {
            Append((ushort)bytes.Length);
            AppendRaw(bytes);
        }

        /// <summary>
        /// Numbers of two bytes, from an offset on: of those that are there to be ignored (RFC 8701) it does not matter which one it is.
        /// </summary>
        public void AppendList(ReadOnlySpan<byte> bytes, int offset)
        {
            Append((ushort)bytes.Length);
            int start = Written;
            AppendRaw(bytes);
            if (IsFull)
                return;
            Span<byte> copy = _room[start..Written];
            for (int i = offset; i + sizeof(ushort) <= copy.Length; i += sizeof(ushort))
            {
                if ((copy[i] & 0x0f) == 0x0a && TlsVersions.IsGrease(BinaryPrimitives.ReadUInt16BigEndian(copy[i..])))
                    BinaryPrimitives.WriteUInt16BigEndian(copy[i..], AnyGrease);
            }
        }

        private void AppendRaw(scoped ReadOnlySpan<byte> bytes)
        {
            if (IsFull || !bytes.TryCopyTo(_room[Written..]))
            {
                IsFull = true;
                return;
            }
            Written += bytes.Length;
        }
    }
}
