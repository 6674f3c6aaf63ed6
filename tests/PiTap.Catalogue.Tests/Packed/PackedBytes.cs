using System.Buffers.Binary;
using System.Text;
using PiTap.Catalogue.Packed;

namespace PiTap.Catalogue.Tests.Packed;

/// <summary>Makes packed sets for tests, after the description in data/sets/README.md.</summary>
internal static class PackedBytes
{
    public const string Description =
        "set: test\ntitle: a test\npackage: test\nversion: 1.0.0\ndate: 2026-01-31\nlicence: MIT\nsource: https://example.com/\n";

    private const int HeadBytes = 32;

    public static byte[] File(PackedKind kind, params byte[][] sections) => File(kind, Description, sections);

    public static byte[] File(PackedKind kind, string description, params byte[][] sections)
    {
        byte[][] all = [Encoding.UTF8.GetBytes(description), .. sections];
        int offset = HeadBytes + 8 * all.Length;
        byte[] file = new byte[offset + all.Sum(static section => section.Length)];
        "PiTapSet"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(10), (ushort)kind);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), file.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 7);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), all.Length);
        for (int i = 0; i < all.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeadBytes + 8 * i), offset);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(HeadBytes + 8 * i + 4), all[i].Length);
            all[i].CopyTo(file.AsSpan(offset));
            offset += all[i].Length;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), PackedSet.Checksum(file.AsSpan(16)));
        return file;
    }

    /// <summary>Index and rows of steps, in units of <paramref name="shifts"/>.</summary>
    public static (byte[] Index, byte[] Rows) Steps(IReadOnlyList<(ulong First, uint Value)> steps, int numberBytes, params int[] shifts)
    {
        List<byte> index = [];
        List<byte> rows = [];
        int unitBits = shifts.Length == 2 ? 1 : 2;
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < steps.Count; i++)
        {
            if (i % StepTable.BlockRows == 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(number, steps[i].First);
                index.AddRange(number[..numberBytes]);
                BinaryPrimitives.WriteInt32LittleEndian(number, rows.Count);
                index.AddRange(number[..sizeof(int)]);
            }
            else
            {
                ulong distance = steps[i].First - steps[i - 1].First;
                int unit = Array.FindIndex(shifts, shift => (distance & ((1ul << shift) - 1)) == 0);
                AddVarint(rows, distance >> shifts[unit] << unitBits | (uint)unit);
            }
            AddVarint(rows, steps[i].Value);
        }
        return ([.. index], [.. rows]);
    }

    public static byte[] Texts(params string[] texts) =>
        [.. texts.SelectMany(static text => (byte[])[(byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)])];

    /// <summary>Values of 1.0.0.0/8 and of 2001:db8::/32, of the given codes in turn; nothing elsewhere.</summary>
    public static byte[] Countries(string v4, string v6)
    {
        (byte[] index4, byte[] rows4) = Steps([(0x0100_0000, 1), (0x0200_0000, 0)], 4, 8, 0);
        (byte[] index6, byte[] rows6) = Steps([(0x2001_0db8_0000_0000, 2), (0x2001_0db9_0000_0000, 0)], 8, 32, 16, 8, 0);
        return File(PackedKind.Countries, Encoding.ASCII.GetBytes(v4 + v6), index4, rows4, index6, rows6);
    }

    private static void AddVarint(List<byte> bytes, ulong value)
    {
        for (; value > 0x7f; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
