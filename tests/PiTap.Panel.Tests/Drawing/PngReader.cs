using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PiTap.Panel.Tests.Drawing;

/// <summary>Reads the kinds of PNG that the panel writes, by the standard: one-bit grey and 8-bit RGB without filters.</summary>
internal static class PngReader
{
    public static (byte Red, byte Green, byte Blue)[] Pixels(byte[] file)
    {
        int width = 0, height = 0, bits = 0;
        using MemoryStream packed = new();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            ReadOnlySpan<byte> data = file.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(file, at + 4, 4))
            {
                case "IHDR":
                    width = BinaryPrimitives.ReadInt32BigEndian(data);
                    height = BinaryPrimitives.ReadInt32BigEndian(data[4..]);
                    bits = data[9] == 0 ? data[8] : 3 * data[8];
                    break;
                case "IDAT":
                    packed.Write(data);
                    break;
            }
            at += length + 12;
        }
        packed.Position = 0;
        using ZLibStream unpacked = new(packed, CompressionMode.Decompress);
        byte[] row = new byte[1 + (width * bits + 7) / 8];
        List<(byte, byte, byte)> pixels = new(width * height);
        for (int y = 0; y < height; y++)
        {
            unpacked.ReadExactly(row);
            for (int x = 0; x < width; x++)
            {
                byte grey = (byte)((row[1 + x / 8] & 0x80 >> (x & 7)) != 0 ? 255 : 0);
                pixels.Add(bits == 1 ? (grey, grey, grey) : (row[1 + x * 3], row[2 + x * 3], row[3 + x * 3]));
            }
        }
        return [.. pixels];
    }
}
