using PiTap.Model;

namespace PiTap.Store.Columns;

/// <summary>What the codecs of both kinds share: the columns, the strings and the addresses of the block at hand.</summary>
internal sealed class ColumnCodec
{
    /// <summary>The most rows that a block is read with.</summary>
    public const int MaxRows = 1 << 16;

    private readonly ColumnWriter _whole = new();
    private readonly Dictionary<IpAddress, int> _addressNumbers = [];
    private readonly List<IpAddress> _addresses = [];

    public ColumnWriter Columns { get; } = new();

    public StringTable Strings { get; } = new();

    public void Begin()
    {
        Columns.Clear();
        Strings.Clear();
        _addressNumbers.Clear();
        _addresses.Clear();
    }

    /// <summary>
    /// Row count, strings and addresses stand in front: the reader needs them for every column. Null where it is too much for a block.
    /// </summary>
    public byte[]? End(int rows)
    {
        _whole.Clear();
        _whole.UInt((ulong)rows);
        Strings.WriteTo(_whole);
        _whole.UInt((ulong)_addresses.Count);
        foreach (IpAddress address in _addresses)
        {
            _whole.UInt(address.High);
            _whole.UInt(address.Low);
        }
        _whole.Append(Columns.Written);
        return _whole.Length > BlockFrame.MaxRawBytes ? null : BlockFrame.Wrap(_whole.Written);
    }

    public void String(string? text) => Columns.UInt((uint)Strings.NumberOf(text));

    public void Address(IpAddress address)
    {
        ref int number = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_addressNumbers, address, out bool isKnown);
        if (!isKnown)
        {
            number = _addresses.Count;
            _addresses.Add(address);
        }
        Columns.UInt((uint)number);
    }
}

/// <summary>The reading side of <see cref="ColumnCodec"/>.</summary>
internal ref struct ColumnSource
{
    private readonly string?[] _strings;
    private readonly IpAddress[] _addresses;
    private ColumnReader _reader;

    public ColumnSource(ReadOnlySpan<byte> raw)
    {
        _reader = new ColumnReader(raw);
        ulong rows = _reader.UInt();
        Rows = rows <= ColumnCodec.MaxRows ? (int)rows : throw new InvalidDataException("The block has too many rows.");
        _strings = StringTable.Read(ref _reader);
        _addresses = new IpAddress[_reader.Count()];
        for (int i = 0; i < _addresses.Length; i++)
        {
            ulong high = _reader.UInt();
            _addresses[i] = new IpAddress(high, _reader.UInt());
        }
    }

    /// <summary>True if a framed block has such a string or such an address, so that there is need to decode its rows.</summary>
    public static bool MentionsIn(ReadOnlySpan<byte> framed, Predicate<string?> isText, Predicate<IpAddress> isAddress)
    {
        byte[] raw = BlockFrame.Unwrap(framed, out int length);
        ColumnSource source = new(raw.AsSpan(0, length));
        return Array.Exists(source._strings, isText) || Array.Exists(source._addresses, isAddress);
    }

    public int Rows { get; }

    public byte Byte() => _reader.Byte();

    public long Int() => _reader.Int();

    public ulong UInt() => _reader.UInt();

    /// <summary>The length of a list of things that take at least one byte each.</summary>
    public int Count() => _reader.Count();

    public string? String()
    {
        ulong number = _reader.UInt();
        return number < (ulong)_strings.Length ? _strings[number] : throw new InvalidDataException("A string number is out of range.");
    }

    public long[] Ints(int count)
    {
        long[] values = new long[count];
        for (int i = 0; i < count; i++)
            values[i] = _reader.Int();
        return values;
    }

    /// <summary>Each value as its distance from the one before.</summary>
    public long[] Deltas(int count)
    {
        long[] values = new long[count];
        long last = 0;
        for (int i = 0; i < count; i++)
            values[i] = last = unchecked(last + _reader.Int());
        return values;
    }

    public byte[] Bytes(int count)
    {
        byte[] values = new byte[count];
        for (int i = 0; i < count; i++)
            values[i] = _reader.Byte();
        return values;
    }

    public ushort[] UInt16s(int count)
    {
        ushort[] values = new ushort[count];
        for (int i = 0; i < count; i++)
            values[i] = _reader.UInt16();
        return values;
    }

    public string?[] Strings(int count)
    {
        string?[] values = new string?[count];
        for (int i = 0; i < count; i++)
            values[i] = String();
        return values;
    }

    public IpAddress[] Addresses(int count)
    {
        IpAddress[] values = new IpAddress[count];
        for (int i = 0; i < count; i++)
        {
            ulong number = _reader.UInt();
            values[i] = number < (ulong)_addresses.Length ? _addresses[number] : throw new InvalidDataException("An address number is out of range.");
        }
        return values;
    }

    /// <summary>Lengths of the rows' lists, and their sum: no more than there are bytes left.</summary>
    public int[] Counts(int count, out int total)
    {
        int[] values = new int[count];
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            values[i] = _reader.Count();
            sum += values[i];
        }
        if (sum > _reader.Remaining)
            throw new InvalidDataException("The block's lists are longer than the block.");
        total = (int)sum;
        return values;
    }
}
