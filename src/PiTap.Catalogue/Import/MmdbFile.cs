using System.Buffers.Binary;

namespace PiTap.Catalogue.Import;

/// <summary>
/// Reads databases of countries in MaxMind's format: a tree of the bits of addresses, whose leaves lead to what is said of them.
/// https://maxmind.github.io/MaxMind-DB/
/// </summary>
internal sealed class MmdbFile
{
    /// <summary>Zeros between tree and data.</summary>
    private const int SeparatorBytes = 16;

    private const int V4Bits = 32;
    private const int V6Bits = 128;

    /// <summary>In databases of both families, IPv4 addresses stand behind so many zeros (::/96).</summary>
    private const int V4PrefixBits = V6Bits - V4Bits;

    /// <summary>Nodes that are looked at: a tree of that many leaves has fewer, unless its branches lead back.</summary>
    private const int MaxVisits = 4 * ImportedRows.MaxRanges;

    private static readonly byte[] s_marker = [0xab, 0xcd, 0xef, .. "MaxMind.com"u8];

    private readonly ReadOnlyMemory<byte> _file;
    private readonly uint _nodes;
    private readonly int _recordBits;
    private readonly int _addressBits;
    private readonly int _dataEnd;
    private readonly ImportedRows _rows;
    private readonly Dictionary<uint, uint> _values = [];
    private uint _v4Root = uint.MaxValue;
    private int _visits;
    private string? _error;

    private MmdbFile(ReadOnlyMemory<byte> file, uint nodes, int recordBits, int addressBits, int dataEnd, ImportedRows rows)
    {
        _file = file;
        _nodes = nodes;
        _recordBits = recordBits;
        _addressBits = addressBits;
        _dataEnd = dataEnd;
        _rows = rows;
    }

    private long TreeBytes => (long)_nodes * _recordBits / 4;

    /// <summary>True if a file could be one: the rest of it may be damaged.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) => file.LastIndexOf(s_marker) >= 0;

    /// <summary>Adds a file's ranges; returns a sentence if it is damaged or says nothing of countries.</summary>
    /// <param name="file">The file: <see cref="IsOne"/> is true of it.</param>
    /// <param name="rows">Where its ranges go.</param>
    /// <param name="date">The day on which it was made.</param>
    public static string? Read(ReadOnlyMemory<byte> file, ImportedRows rows, out DateOnly date)
    {
        date = default;
        int marker = file.Span.LastIndexOf(s_marker);
        MmdbData metadata = new(file.Span[(marker + s_marker.Length)..]);
        ulong nodes = metadata.FindNumber(0, "node_count"u8) ?? 0;
        ulong recordBits = metadata.FindNumber(0, "record_size"u8) ?? 0;
        ulong version = metadata.FindNumber(0, "ip_version"u8) ?? 0;
        ulong built = metadata.FindNumber(0, "build_epoch"u8) ?? 0;
        if (nodes == 0 || built == 0 || recordBits is not (24 or 28 or 32) || version is not (4 or 6)
            || nodes > (ulong)marker || nodes * recordBits / 4 + SeparatorBytes > (ulong)marker)
            return "the description at its end is damaged";
        date = DateOnly.FromDateTime(DateTime.UnixEpoch.AddSeconds(Math.Min(built, uint.MaxValue)));
        MmdbFile reader = new(file, (uint)nodes, (int)recordBits, version == 4 ? V4Bits : V6Bits, marker, rows);
        reader.ReadTree();
        return reader._error;
    }

    private void ReadTree()
    {
        if (_addressBits == V6Bits)
        {
            uint node = 0;
            for (int depth = 0; depth < V4PrefixBits && node < _nodes; depth++)
                node = Child(node, 0);
            if (node < _nodes)
                _v4Root = node;
        }
        Walk(0, UInt128.Zero, 0);
        if (_error is null && _rows.Values.Count == 0)
            _error = "it names no countries, neither by 'country_code' nor by 'country' and 'iso_code'";
    }

    private void Walk(uint node, UInt128 first, int depth)
    {
        if (node == _nodes || _error is not null)
            return;
        if (_visits++ == MaxVisits || _rows.IsFull)
        {
            _error = "its tree has more branches than addresses need";
            return;
        }
        if (node > _nodes)
        {
            Take(node, first, depth);
            return;
        }
        // Other prefixes that stand for IPv4 addresses lead to the same branch.
        if (node == _v4Root && (depth != V4PrefixBits || first != UInt128.Zero))
            return;
        if (depth == _addressBits)
        {
            _error = "its tree is deeper than addresses are long";
            return;
        }
        Walk(Child(node, 0), first, depth + 1);
        Walk(Child(node, 1), first | UInt128.One << _addressBits - 1 - depth, depth + 1);
    }

    private void Take(uint node, UInt128 first, int depth)
    {
        if (!_values.TryGetValue(node, out uint value))
        {
            value = ReadValue(node);
            _values.Add(node, value);
        }
        UInt128 last = depth == 0 ? UInt128.MaxValue >> V6Bits - _addressBits : first | (UInt128.One << _addressBits - depth) - UInt128.One;
        bool isV4 = _addressBits == V4Bits || (depth >= V4PrefixBits && first >> V4Bits == UInt128.Zero);
        ImportedRows.Append(isV4 ? _rows.V4 : _rows.V6, new AddressRange(first, last, value));
    }

    private uint ReadValue(uint node)
    {
        int dataStart = (int)TreeBytes + SeparatorBytes;
        MmdbData data = new(_file.Span[dataStart.._dataEnd]);
        long offset = (long)node - _nodes - SeparatorBytes;
        if (offset < 0 || offset >= _dataEnd - dataStart)
        {
            _error = "a branch of its tree leads outside the file";
            return 0;
        }
        string? code = data.FindText((int)offset, "country_code"u8);
        if (code is null && data.TryFind((int)offset, "country"u8, out int country))
            code = data.FindText(country, "iso_code"u8);
        return code is null ? 0 : _rows.NumberOfCountry(code, ref _error);
    }

    private uint Child(uint node, int side)
    {
        ReadOnlySpan<byte> record = _file.Span.Slice((int)((long)node * _recordBits / 4), _recordBits / 4);
        return _recordBits switch
        {
            24 => BinaryPrimitives.ReadUInt32BigEndian(side == 0 ? record : record[2..]) >> (side == 0 ? 8 : 0) & 0xff_ffff,
            28 => side == 0
                ? (uint)(record[3] >> 4) << 24 | BinaryPrimitives.ReadUInt32BigEndian(record) >> 8
                : BinaryPrimitives.ReadUInt32BigEndian(record[3..]) & 0xfff_ffff,
            _ => BinaryPrimitives.ReadUInt32BigEndian(record[(4 * side)..]),
        };
    }
}
