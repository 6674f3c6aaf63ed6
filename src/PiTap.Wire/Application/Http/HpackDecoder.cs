using System.Text;

namespace PiTap.Wire.Application.Http;

/// <summary>Reads the header blocks of one direction of an HTTP/2 connection (RFC 7541): what a request says of itself.</summary>
internal sealed class HpackDecoder
{
    /// <summary>Bytes of the dynamic table: what both sides start with (RFC 9113 section 6.5.2); greater ones are not followed.</summary>
    private const int MaxTableBytes = 4_096;

    /// <summary>What an entry costs beside its name and value (RFC 7541 section 4.1).</summary>
    private const int EntryOverheadBytes = 32;

    /// <summary>Longest name or value, in bytes.</summary>
    private const int MaxStringBytes = 8_192;

    /// <summary>Fields in one block. Servers refuse far fewer; each costs two objects, however few bytes it has on the wire.</summary>
    public const int MaxFields = 1_024;

    /// <summary>Bytes of memory that a decoder holds at most: its table as strings, and the scratch.</summary>
    public const int MemoryBytes = 2 * MaxTableBytes + MaxStringBytes;

    // RFC 7541 appendix A.
    private static readonly (string Name, string Value)[] s_static =
    [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"), (":scheme", "https"),
        (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"), (":status", "404"), (":status", "500"),
        ("accept-charset", ""), ("accept-encoding", "gzip, deflate"), ("accept-language", ""), ("accept-ranges", ""), ("accept", ""),
        ("access-control-allow-origin", ""), ("age", ""), ("allow", ""), ("authorization", ""), ("cache-control", ""), ("content-disposition", ""),
        ("content-encoding", ""), ("content-language", ""), ("content-length", ""), ("content-location", ""), ("content-range", ""), ("content-type", ""),
        ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""), ("if-modified-since", ""),
        ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""), ("last-modified", ""), ("link", ""), ("location", ""), ("max-forwards", ""),
        ("proxy-authenticate", ""), ("proxy-authorization", ""), ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""),
        ("set-cookie", ""), ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""), ("www-authenticate", ""),
    ];

    private readonly LinkedList<(string Name, string Value)> _dynamic = new();
    private readonly byte[] _scratch = new byte[MaxStringBytes];
    private int _tableLimit = MaxTableBytes;

    /// <summary>Bytes that the dynamic table counts (RFC 7541 section 4.1).</summary>
    public int TableBytes { get; private set; }

    /// <summary>
    /// Reads a block into a list of fields; false if it is not consistent or has too many, after which the table is out of step for good.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<byte> block, List<(string Name, string Value)> fields)
    {
        // Each turn takes at least a byte.
        while (!block.IsEmpty)
        {
            if (fields.Count >= MaxFields)
                return false;
            byte first = block[0];
            if ((first & 0x80) != 0)
            {
                if (!TryTakeInteger(ref block, 7, out int index) || !TryGet(index, out (string, string) field))
                    return false;
                fields.Add(field);
            }
            else if ((first & 0xe0) == 0x20)
            {
                if (!TryTakeInteger(ref block, 5, out int limit) || limit > MaxTableBytes)
                    return false;
                _tableLimit = limit;
                Evict();
            }
            else
            {
                bool isIndexed = (first & 0x40) != 0;
                if (!TryTakeLiteral(ref block, isIndexed ? 6 : 4, out (string Name, string Value) field))
                    return false;
                fields.Add(field);
                if (isIndexed)
                    Insert(field);
            }
        }
        return true;
    }

    private bool TryTakeLiteral(ref ReadOnlySpan<byte> block, int prefixBits, out (string Name, string Value) field)
    {
        field = ("", "");
        if (!TryTakeInteger(ref block, prefixBits, out int index))
            return false;
        string name;
        if (index == 0)
        {
            if (!TryTakeString(ref block, out name))
                return false;
        }
        else if (TryGet(index, out (string Name, string Value) known))
        {
            name = known.Name;
        }
        else
        {
            return false;
        }
        if (!TryTakeString(ref block, out string value))
            return false;
        field = (name, value);
        return true;
    }

    private bool TryGet(int index, out (string Name, string Value) field)
    {
        field = ("", "");
        if (index <= 0)
            return false;
        if (index <= s_static.Length)
        {
            field = s_static[index - 1];
            return true;
        }
        LinkedListNode<(string Name, string Value)>? node = _dynamic.First;
        for (int i = s_static.Length + 1; i < index && node is not null; i++)
            node = node.Next;
        if (node is null)
            return false;
        field = node.Value;
        return true;
    }

    private void Insert((string Name, string Value) field)
    {
        _dynamic.AddFirst(field);
        TableBytes += field.Name.Length + field.Value.Length + EntryOverheadBytes;
        Evict();
    }

    private void Evict()
    {
        while (TableBytes > _tableLimit && _dynamic.Last is not null)
        {
            (string name, string value) = _dynamic.Last.Value;
            TableBytes -= name.Length + value.Length + EntryOverheadBytes;
            _dynamic.RemoveLast();
        }
    }

    /// <summary>RFC 7541 section 5.1, up to 2^21.</summary>
    private static bool TryTakeInteger(ref ReadOnlySpan<byte> block, int prefixBits, out int value)
    {
        value = 0;
        if (block.IsEmpty)
            return false;
        int max = (1 << prefixBits) - 1;
        value = block[0] & max;
        block = block[1..];
        if (value < max)
            return true;
        for (int shift = 0; shift <= 14; shift += 7)
        {
            if (block.IsEmpty)
                return false;
            byte b = block[0];
            block = block[1..];
            value += (b & 0x7f) << shift;
            if ((b & 0x80) == 0)
                return true;
        }
        return false;
    }

    private bool TryTakeString(ref ReadOnlySpan<byte> block, out string text)
    {
        text = "";
        if (block.IsEmpty)
            return false;
        bool isCoded = (block[0] & 0x80) != 0;
        if (!TryTakeInteger(ref block, 7, out int length) || length > block.Length || length > MaxStringBytes)
            return false;
        ReadOnlySpan<byte> raw = block[..length];
        block = block[length..];
        if (isCoded)
        {
            if (!HpackHuffman.Shared.TryDecode(raw, _scratch, out int written))
                return false;
            raw = _scratch.AsSpan(0, written);
        }
        text = Encoding.Latin1.GetString(raw);
        return true;
    }
}
