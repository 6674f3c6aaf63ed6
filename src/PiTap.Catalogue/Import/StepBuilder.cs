using PiTap.Catalogue.Packed;

namespace PiTap.Catalogue.Import;

/// <summary>Turns ranges into steps: from a number on a value holds, until the next step.</summary>
internal static class StepBuilder
{
    private const int NetworkBits = 64;

    /// <summary>
    /// Steps of ranges that are sorted by their first address. Where ranges overlap, the one that begins last holds; of two that begin
    /// together, the later one.
    /// </summary>
    /// <param name="ranges">The ranges.</param>
    /// <param name="highest">The highest address that there is: no step begins behind it.</param>
    public static List<(UInt128 First, uint Value)> Build(List<AddressRange> ranges, UInt128 highest)
    {
        List<(UInt128 First, uint Value)> steps = [];
        Stack<AddressRange> open = new();
        foreach (AddressRange range in ranges)
        {
            while (open.TryPeek(out AddressRange top) && top.Last < range.First)
                Close(steps, open, highest);
            Put(steps, range.First, range.Value);
            open.Push(range);
        }
        while (open.Count > 0)
            Close(steps, open, highest);
        return steps;
    }

    /// <summary>IPv6 is kept by /64: each network of that size takes what is said of its first address.</summary>
    public static List<(UInt128 First, uint Value)> ByNetwork(List<(UInt128 First, uint Value)> steps)
    {
        List<(UInt128 First, uint Value)> networks = [];
        for (int i = 0; i < steps.Count; i++)
        {
            UInt128 first = Network(steps[i].First);
            if (first > ulong.MaxValue)
                break;
            // Of steps inside one network the last one is what the next network's first address finds.
            if (i + 1 == steps.Count || Network(steps[i + 1].First) != first)
                Put(networks, first, steps[i].Value);
        }
        return networks;
    }

    /// <summary>The index and the rows that <see cref="StepTable.ForV4"/> reads.</summary>
    public static (byte[] Index, byte[] Rows) PackV4(List<(UInt128 First, uint Value)> steps, Func<uint, uint> valueOf) =>
        Pack(steps, valueOf, sizeof(uint), StepTable.ShiftsOfV4);

    /// <summary>The same for <see cref="StepTable.ForV6"/>.</summary>
    public static (byte[] Index, byte[] Rows) PackV6(List<(UInt128 First, uint Value)> steps, Func<uint, uint> valueOf) =>
        Pack(steps, valueOf, sizeof(ulong), StepTable.ShiftsOfV6);

    private static (byte[] Index, byte[] Rows) Pack(
        List<(UInt128 First, uint Value)> steps, Func<uint, uint> valueOf, int numberBytes, int[] shifts)
    {
        PackedBuffer index = new();
        PackedBuffer rows = new();
        int unitBits = StepTable.UnitBitsOf(shifts);
        for (int i = 0; i < steps.Count; i++)
        {
            ulong first = (ulong)steps[i].First;
            if (i % StepTable.BlockRows == 0)
            {
                index.AddNumber(first, numberBytes);
                index.AddNumber((ulong)rows.Length, sizeof(uint));
            }
            else
            {
                ulong distance = first - (ulong)steps[i - 1].First;
                int unit = Array.FindIndex(shifts, shift => (distance & ((1ul << shift) - 1)) == 0);
                rows.AddVarint(distance >> shifts[unit] << unitBits | (uint)unit);
            }
            rows.AddVarint(valueOf(steps[i].Value));
        }
        return (index.ToArray(), rows.ToArray());
    }

    private static UInt128 Network(UInt128 address) => (address >> NetworkBits) + ((ulong)address == 0 ? UInt128.Zero : UInt128.One);

    /// <summary>Behind a range that ends, the one that it lay in goes on.</summary>
    private static void Close(List<(UInt128 First, uint Value)> steps, Stack<AddressRange> open, UInt128 highest)
    {
        UInt128 last = open.Pop().Last;
        while (open.TryPeek(out AddressRange outer) && outer.Last <= last)
            open.Pop();
        if (last < highest)
            Put(steps, last + 1, open.TryPeek(out AddressRange rest) ? rest.Value : 0);
    }

    private static void Put(List<(UInt128 First, uint Value)> steps, UInt128 first, uint value)
    {
        if (steps.Count > 0 && steps[^1].First == first)
            steps.RemoveAt(steps.Count - 1);
        if ((steps.Count == 0 ? 0 : steps[^1].Value) != value)
            steps.Add((first, value));
    }
}
