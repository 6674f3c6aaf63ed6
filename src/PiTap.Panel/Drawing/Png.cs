using System.Buffers.Binary;
using System.IO.Compression;

namespace PiTap.Panel.Drawing;

/// <summary>
/// A frame as PNG (W3C Portable Network Graphics, third edition): grey of one bit a pixel, or red, green and blue of 8 bits, no filter.
/// </summary>
public static class Png
{
    private const byte GreyType = 0;
    private const byte RgbType = 2;

    private static readonly uint[] s_crcs = [.. Enumerable.Range(0, 256).Select(static value => CrcOf((uint)value))];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The whole file. Each pixel of the frame becomes a square of <paramref name="scale"/> pixels.</summary>
    public static byte[] Encode(Frame frame, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        bool isGrey = frame.Depth == PixelDepth.OneBit;
        Span<byte> head = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, frame.Width * scale);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], frame.Height * scale);
        head[8] = isGrey ? (byte)1 : (byte)8;
        head[9] = isGrey ? GreyType : RgbType;
        using MemoryStream file = new();
        file.Write(Signature);
        Chunk(file, "IHDR"u8, head);
        using (MemoryStream body = new())
        {
            using (ZLibStream packed = new(body, CompressionLevel.SmallestSize, leaveOpen: true))
            {
                for (int y = 0; y < frame.Height * scale; y++)
                    packed.Write(Row(frame, y / scale, scale, isGrey));
            }
            Chunk(file, "IDAT"u8, body.GetBuffer().AsSpan(0, (int)body.Length));
        }
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>A filter byte (none), then the pixels.</summary>
    private static byte[] Row(Frame frame, int y, int scale, bool isGrey)
    {
        int width = frame.Width * scale;
        byte[] row = new byte[1 + (isGrey ? (width + 7) / 8 : width * 3)];
        for (int x = 0; x < width; x++)
        {
            ushort colour = frame[x / scale, y];
            if (!isGrey)
                (row[1 + x * 3], row[2 + x * 3], row[3 + x * 3]) = Ink.Parts(colour);
            else if (colour != Ink.Black)
                row[1 + x / 8] |= (byte)(0x80 >> (x & 7));
        }
        return row;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(0xFFFFFFFF, type), data));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
            crc = s_crcs[(crc ^ value) & 0xFF] ^ crc >> 8;
        return crc;
    }

    private static uint CrcOf(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? 0xEDB88320 ^ value >> 1 : value >> 1;
        return value;
    }
}
