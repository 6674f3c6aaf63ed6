using System.Text;

namespace PiTap.Catalogue.Packed;

/// <summary>Writes what <see cref="PackedSet"/> reads.</summary>
internal static class PackedSetWriter
{
    /// <summary>A whole file. Of the description, rows and bytes are those of the file.</summary>
    public static byte[] Write(PackedKind kind, SetDescription description, params byte[][] sections)
    {
        byte[][] all = [Describe(description), .. sections];
        PackedBuffer rest = new();
        int offset = PackedSet.HeadBytes + 8 * all.Length;
        rest.AddNumber((ulong)(offset + all.Sum(static section => (long)section.Length)), sizeof(uint));
        rest.AddNumber((ulong)description.Rows, sizeof(uint));
        rest.AddNumber((ulong)all.Length, sizeof(ulong));
        foreach (byte[] section in all)
        {
            rest.AddNumber((ulong)offset, sizeof(uint));
            rest.AddNumber((ulong)section.Length, sizeof(uint));
            offset += section.Length;
        }
        foreach (byte[] section in all)
            rest.Add(section);
        byte[] behindChecksum = rest.ToArray();
        PackedBuffer file = new();
        file.Add("PiTapSet"u8);
        file.AddNumber(PackedSet.FormatVersion, sizeof(ushort));
        file.AddNumber((ulong)kind, sizeof(ushort));
        file.AddNumber(PackedSet.Checksum(behindChecksum), sizeof(uint));
        file.Add(behindChecksum);
        return file.ToArray();
    }

    private static byte[] Describe(SetDescription set) =>
        Encoding.UTF8.GetBytes(string.Concat(DescriptionText.Lines(set).Select(static line => line + "\n")));
}
