using System.Buffers.Binary;
using System.Buffers;
using System.IO.Compression;
using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>
/// The wrapping of a block: format version, compression, length before compression and CRC-32C over all of it, then the bytes.
/// LiteDB's pages carry no checksum; this one tells a damaged block from a good one.
/// </summary>
internal static class BlockFrame
{
    /// <summary>
    /// Format of the columns inside. A block of the format before is read; one of a later format is reported, not guessed at.
    /// </summary>
    public const byte FormatVersion = 2;

    /// <summary>The most a block may hold before compression, in bytes.</summary>
    public const int MaxRawBytes = 64 << 20;

    private const byte Stored = 0;
    private const byte Brotli = 1;
    private const int HeaderBytes = 10;
    private const int ChecksumAt = 6;

    // Quality 1 costs a quarter of quality 4 and leaves the columns a sixth larger: the encoder stands on the way of a replay. A wider
    // window gains nothing, as a column has little in common with the one before.
    private const int Quality = 1;
    private const int WindowBits = 16;

    public static byte[] Wrap(ReadOnlySpan<byte> raw, byte format = FormatVersion)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(HeaderBytes + BrotliEncoder.GetMaxCompressedLength(raw.Length));
        try
        {
            byte kind = Brotli;
            if (!BrotliEncoder.TryCompress(raw, rented.AsSpan(HeaderBytes), out int length, Quality, WindowBits) || length >= raw.Length)
            {
                kind = Stored;
                raw.CopyTo(rented.AsSpan(HeaderBytes));
                length = raw.Length;
            }
            byte[] framed = rented.AsSpan(0, HeaderBytes + length).ToArray();
            framed[0] = format;
            framed[1] = kind;
            BinaryPrimitives.WriteInt32LittleEndian(framed.AsSpan(2), raw.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(framed.AsSpan(ChecksumAt), Checksum(framed));
            return framed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The bytes before compression, in an array that may be longer than <paramref name="length"/>.</summary>
    public static byte[] Unwrap(ReadOnlySpan<byte> framed, out int length, out byte format)
    {
        if (framed.Length < HeaderBytes)
            throw new InvalidDataException("The block is too short.");
        if (BinaryPrimitives.ReadUInt32LittleEndian(framed[ChecksumAt..]) != Checksum(framed))
            throw new InvalidDataException("The block's checksum is wrong.");
        format = framed[0];
        if (format is not (FormatVersion or FormatVersion - 1))
            throw new InvalidDataException($"The block's format is {format}; this version reads {FormatVersion - 1} and {FormatVersion}.");
        length = BinaryPrimitives.ReadInt32LittleEndian(framed[2..]);
        if (length is < 0 or > MaxRawBytes)
            throw new InvalidDataException("The block's length is out of range.");
        byte[] raw = new byte[length];
        ReadOnlySpan<byte> payload = framed[HeaderBytes..];
        bool isWhole = framed[1] switch
        {
            Stored => payload.Length == length && payload.TryCopyTo(raw),
            Brotli => BrotliDecoder.TryDecompress(payload, raw, out int written) && written == length,
            _ => false,
        };
        return isWhole ? raw : throw new InvalidDataException("The block cannot be decompressed.");
    }

    /// <summary><see cref="Crc32C"/> of the header's first bytes and of what is behind it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> framed) =>
        Crc32C.Add(framed[HeaderBytes..], Crc32C.Add(framed[..ChecksumAt]));
}
