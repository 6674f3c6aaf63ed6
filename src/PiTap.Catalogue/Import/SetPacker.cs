using System.Globalization;
using System.Text;
using PiTap.Catalogue.Packed;

namespace PiTap.Catalogue.Import;

/// <summary>Packs rows that were imported as the sets that PiTap carries are packed.</summary>
internal static class SetPacker
{
    /// <summary>Bytes of a name: what its length, a byte, can say.</summary>
    private const int MaxNameBytes = byte.MaxValue;

    /// <summary>A set of countries by address.</summary>
    public static byte[] PackCountries(ImportedRows rows, SetDescription description)
    {
        byte[] codes = Encoding.ASCII.GetBytes(string.Concat(rows.Values));
        (byte[][] steps, int count) = PackSteps(rows, static value => value);
        return PackedSetWriter.Write(PackedKind.Countries, description with { Rows = count }, [codes, .. steps]);
    }

    /// <summary>A set of systems by address.</summary>
    public static byte[] PackNetworks(ImportedRows rows, SetDescription description)
    {
        uint[] numbers = [.. rows.Values.Select(static text => uint.Parse(text, CultureInfo.InvariantCulture))];
        uint[] sorted = [.. numbers.Order()];
        PackedBuffer table = new();
        PackedBuffer names = new();
        names.AddNumber(0, 1);
        Dictionary<string, int> offsets = new(StringComparer.Ordinal) { [""] = 0 };
        foreach (uint number in sorted)
        {
            string name = rows.Names[number];
            if (!offsets.TryGetValue(name, out int offset))
            {
                offset = names.Length;
                offsets.Add(name, offset);
                byte[] utf8 = Cut(name);
                names.AddNumber((ulong)utf8.Length, 1);
                names.Add(utf8);
            }
            table.AddNumber(number, sizeof(uint));
            table.AddNumber((ulong)offset, sizeof(uint));
        }
        uint[] places = [.. numbers.Select(number => (uint)Array.BinarySearch(sorted, number) + 1)];
        (byte[][] steps, int count) = PackSteps(rows, value => value == 0 ? 0 : places[value - 1]);
        return PackedSetWriter.Write(PackedKind.Networks, description with { Rows = count }, [table.ToArray(), names.ToArray(), .. steps]);
    }

    private static (byte[][] Sections, int Count) PackSteps(ImportedRows rows, Func<uint, uint> valueOf)
    {
        List<(UInt128 First, uint Value)> v4 = StepBuilder.Build(rows.V4, uint.MaxValue);
        List<(UInt128 First, uint Value)> v6 = StepBuilder.ByNetwork(StepBuilder.Build(rows.V6, UInt128.MaxValue));
        (byte[] index4, byte[] rows4) = StepBuilder.PackV4(v4, valueOf);
        (byte[] index6, byte[] rows6) = StepBuilder.PackV6(v6, valueOf);
        return ([index4, rows4, index6, rows6], v4.Count + v6.Count);
    }

    /// <summary>A name's bytes, as many as its length can say, and whole characters.</summary>
    private static byte[] Cut(string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        if (utf8.Length <= MaxNameBytes)
            return utf8;
        int length = MaxNameBytes;
        while ((utf8[length] & 0xc0) == 0x80)
            length--;
        return utf8[..length];
    }
}
