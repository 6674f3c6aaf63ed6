using System.Buffers.Binary;
using System.Text;
using PiTap.Model;

namespace PiTap.Catalogue.Packed;

/// <summary>What a packed set holds: the number is in its file.</summary>
internal enum PackedKind : ushort
{
    /// <summary>Countries by address.</summary>
    Countries = 1,

    /// <summary>Autonomous systems by address.</summary>
    Networks = 2,

    /// <summary>Vendors by the first bits of MAC addresses.</summary>
    Vendors = 3,

    /// <summary>Countries by the number of an autonomous system.</summary>
    NetworkCountries = 4,
}

/// <summary>
/// A packed set's file, read in place. The format stands in <c>data/sets/README.md</c>. What is wrong with a file is said in a sentence;
/// past that, nothing that its bytes hold leads outside of them.
/// </summary>
internal sealed class PackedSet
{
    /// <summary>Bytes of the largest file: several times what a set has.</summary>
    public const int MaxBytes = 64 << 20;

    internal const int FormatVersion = 1;
    internal const int HeadBytes = 32;

    private const int CheckedFrom = 16;

    /// <summary>Bytes of a description that are read: several times what one has.</summary>
    private const int MaxDescriptionBytes = 4096;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly ReadOnlyMemory<byte>[] _sections;

    private PackedSet(ReadOnlyMemory<byte> file, ReadOnlyMemory<byte>[] sections, SetDescription description)
    {
        _file = file;
        _sections = sections;
        Description = description;
    }

    /// <summary>What the file says of itself.</summary>
    public SetDescription Description { get; }

    /// <summary>
    /// Reads the head: null, and the reason in <paramref name="error"/>, if it is no file of this kind with so many sections besides the
    /// description. The checksum is not computed: that would read every page of the file from the card.
    /// </summary>
    public static PackedSet? Parse(ReadOnlyMemory<byte> file, PackedKind kind, int sectionCount, out string? error)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        error = Refuse(bytes, kind, sectionCount + 1);
        if (error is not null)
            return null;
        ReadOnlyMemory<byte>[] sections = new ReadOnlyMemory<byte>[sectionCount];
        string text = "";
        for (int i = 0; i <= sectionCount; i++)
        {
            uint offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(HeadBytes + 8 * i)..]);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(HeadBytes + 8 * i + 4)..]);
            if (offset > bytes.Length || length > bytes.Length - offset)
            {
                error = $"its section {i} lies outside the file";
                return null;
            }
            ReadOnlyMemory<byte> section = file.Slice((int)offset, (int)length);
            if (i > 0)
                sections[i - 1] = section;
            else
                text = Encoding.UTF8.GetString(section.Span[..Math.Min(section.Length, MaxDescriptionBytes)]);
        }
        int rows = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]), int.MaxValue);
        SetDescription? description = DescriptionText.Parse(text.Split('\n'), rows, bytes.Length, out error);
        return description is null ? null : new PackedSet(file, sections, description);
    }

    /// <summary>A section's bytes; 0 is the first one after the description.</summary>
    public ReadOnlyMemory<byte> Section(int index) => _sections[index];

    /// <summary>True if the bytes are those that the checksum was made from. Reads the whole file.</summary>
    public bool IsWhole() => Checksum(_file.Span[CheckedFrom..]) == BinaryPrimitives.ReadUInt32LittleEndian(_file.Span[12..]);

    private static string? Refuse(ReadOnlySpan<byte> file, PackedKind kind, int sectionCount)
    {
        if (file.Length < HeadBytes || !file.StartsWith("PiTapSet"u8))
            return "it is no packed set of PiTap";
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(file[8..]);
        if (version != FormatVersion)
            return $"it has format {version}, and this version of PiTap reads format {FormatVersion}";
        ushort found = BinaryPrimitives.ReadUInt16LittleEndian(file[10..]);
        if (found != (ushort)kind)
            return $"it is a set of kind {found}, not {(ushort)kind}";
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[16..]);
        if (length != file.Length)
            return $"it has {file.Length} bytes, and says that it has {length}";
        if (length > MaxBytes)
            return $"it has {length} bytes, and a set has at most {MaxBytes}";
        uint sections = BinaryPrimitives.ReadUInt32LittleEndian(file[24..]);
        if (sections != sectionCount || file.Length < HeadBytes + 8 * sectionCount)
            return $"it has {sections} sections, not {sectionCount}";
        return null;
    }

    /// <summary>The checksum of what stands behind it.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes) => ~Crc32C.Add(bytes);
}
