using System.Diagnostics.CodeAnalysis;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>Values of blocks of addresses that do not overlap. Immutable; a lookup allocates nothing.</summary>
/// <typeparam name="T">What is known of a block.</typeparam>
internal sealed class BlockMap<T>
    where T : class
{
    private readonly AddressBlock[] _blocks;
    private readonly T[] _values;

    /// <summary>Takes blocks in any order.</summary>
    public BlockMap(IEnumerable<(AddressBlock Block, T Value)> blocks)
    {
        (AddressBlock Block, T Value)[] sorted = [.. blocks.OrderBy(static block => block.Block.First)];
        _blocks = [.. sorted.Select(static block => block.Block)];
        _values = [.. sorted.Select(static block => block.Value)];
    }

    /// <summary>
    /// The first block that overlaps one before it, and that one: null where none does. What is built from overlapping blocks finds one of
    /// them.
    /// </summary>
    public (T Value, T Before)? FindOverlap()
    {
        for (int i = 1; i < _blocks.Length; i++)
        {
            if (_blocks[i].First <= _blocks[i - 1].Last)
                return (_values[i], _values[i - 1]);
        }
        return null;
    }

    /// <summary>Finds the value of the block that has the address.</summary>
    public bool TryFind(IpAddress address, [NotNullWhen(true)] out T? value)
    {
        address = TranslatedAddress.Of(address);
        int low = 0;
        int high = _blocks.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (_blocks[middle].Contains(address))
            {
                value = _values[middle];
                return true;
            }
            if (address < _blocks[middle].First)
                high = middle - 1;
            else
                low = middle + 1;
        }
        value = null;
        return false;
    }
}
