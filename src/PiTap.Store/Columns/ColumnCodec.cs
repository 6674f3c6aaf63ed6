using System.Runtime.InteropServices;
using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>The strings and addresses that the columns of some tables share, and the bytes of it all. Reused from block to block.</summary>
internal sealed class ColumnCodec
{
    private readonly ColumnWriter _whole = new();
    private readonly Dictionary<IpAddress, int> _addressNumbers = [];
    private readonly List<IpAddress> _addresses = [];

    public StringTable Strings { get; } = new();

    /// <summary>Items of all lists.</summary>
    public long Items { get; set; }

    /// <summary>True if this is more than a reader takes.</summary>
    public bool IsTooLarge =>
        Strings.Count > TableSource.MaxStrings || _addresses.Count > TableSource.MaxAddresses || Items > TableSource.MaxItems;

    public void Begin()
    {
        Items = 0;
        Strings.Clear();
        _addressNumbers.Clear();
        _addresses.Clear();
    }

    public int NumberOf(IpAddress address)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_addressNumbers, address, out bool isKnown);
        if (!isKnown)
        {
            number = _addresses.Count;
            _addresses.Add(address);
        }
        return number;
    }

    /// <summary>
    /// Strings and addresses stand behind the first table's number of rows and in front of its columns, as the reader needs them for each;
    /// then come further tables, each behind its number of rows. The bytes hold until the next time.
    /// </summary>
    public ReadOnlySpan<byte> Join(params ReadOnlySpan<(TableWriter Table, int Rows)> tables)
    {
        _whole.Clear();
        for (int i = 0; i < tables.Length; i++)
        {
            _whole.UInt((uint)tables[i].Rows);
            if (i == 0)
                WriteShared();
            tables[i].Table.WriteTo(_whole);
        }
        return _whole.Written;
    }

    private void WriteShared()
    {
        Strings.WriteTo(_whole);
        _whole.UInt((uint)_addresses.Count);
        foreach (IpAddress address in _addresses)
        {
            _whole.UInt(address.High);
            _whole.UInt(address.Low);
        }
    }
}
