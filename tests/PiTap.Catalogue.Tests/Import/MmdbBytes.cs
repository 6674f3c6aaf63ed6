using System.Text;

namespace PiTap.Catalogue.Tests.Import;

/// <summary>Makes databases in MaxMind's format for tests.</summary>
internal sealed class MmdbBytes(int recordBits, int addressBits)
{
    private readonly List<(long Left, long Right)> _nodes = [(-1, -1)];
    private readonly List<byte> _data = [];

    public byte[] Metadata { get; set; } = [];

    /// <summary>Adds a network; the leaf leads to data that were added before.</summary>
    public MmdbBytes Add(UInt128 first, int prefixBits, int dataOffset)
    {
        int node = 0;
        for (int depth = 0; depth < prefixBits; depth++)
        {
            bool isRight = (first >> addressBits - 1 - depth & UInt128.One) != UInt128.Zero;
            bool isLeaf = depth == prefixBits - 1;
            long child = isRight ? _nodes[node].Right : _nodes[node].Left;
            if (isLeaf)
                child = -2 - dataOffset;
            else if (child < 0)
            {
                child = _nodes.Count;
                _nodes.Add((-1, -1));
            }
            _nodes[node] = isRight ? (_nodes[node].Left, child) : (child, _nodes[node].Right);
            node = (int)Math.Max(0, child);
        }
        return this;
    }

    /// <summary>Lets a branch lead to another node.</summary>
    public MmdbBytes Link(int node, bool isRight, int target)
    {
        _nodes[node] = isRight ? (_nodes[node].Left, target) : (target, _nodes[node].Right);
        return this;
    }

    public int NodeCount => _nodes.Count;

    public int ChildOf(int node, bool isRight) => (int)(isRight ? _nodes[node].Right : _nodes[node].Left);

    /// <summary>Adds data; returns where they begin.</summary>
    public int AddData(params ReadOnlySpan<byte> bytes)
    {
        int offset = _data.Count;
        _data.AddRange(bytes);
        return offset;
    }

    public byte[] ToArray()
    {
        List<byte> file = [];
        foreach ((long left, long right) in _nodes)
            AddNode(file, Record(left), Record(right));
        file.AddRange(new byte[16]);
        file.AddRange(_data);
        file.AddRange([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);
        file.AddRange(Metadata.Length > 0 ? Metadata : Map(
            ("node_count", U32((uint)_nodes.Count)), ("record_size", [0xa1, (byte)recordBits]),
            ("ip_version", [0xa1, (byte)(addressBits == 32 ? 4 : 6)]), ("build_epoch", [0x04, 0x02, .. U32(1_780_000_000)[1..]])));
        return [.. file];
    }

    public static byte[] Text(string text) => [(byte)(0x40 | text.Length), .. Encoding.ASCII.GetBytes(text)];

    public static byte[] Map(params (string Key, byte[] Value)[] entries) =>
        [(byte)(0xe0 | entries.Length), .. entries.SelectMany(static entry => (byte[])[.. Text(entry.Key), .. entry.Value])];

    /// <summary>A number of type 6, in four bytes.</summary>
    public static byte[] U32(uint value) => [0xc4, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private uint Record(long child) => child switch
    {
        -1 => (uint)_nodes.Count,
        < -1 => (uint)(_nodes.Count + 16 + (-2 - child)),
        _ => (uint)child,
    };

    private void AddNode(List<byte> file, uint left, uint right)
    {
        if (recordBits == 28)
        {
            file.AddRange([(byte)(left >> 16), (byte)(left >> 8), (byte)left, (byte)(left >> 24 << 4 | right >> 24),
                (byte)(right >> 16), (byte)(right >> 8), (byte)right]);
            return;
        }
        foreach (uint record in (uint[])[left, right])
        {
            for (int shift = recordBits - 8; shift >= 0; shift -= 8)
                file.Add((byte)(record >> shift));
        }
    }
}
