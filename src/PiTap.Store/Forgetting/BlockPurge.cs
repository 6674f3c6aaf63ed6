using LiteDB;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Columns;

namespace PiTap.Store.Forgetting;

/// <summary>Blocks of one kind without the rows that a device is in.</summary>
internal sealed class BlockPurge<T>(IBlockCodec<T> codec, DeviceTraces traces, Func<T, bool> isIn)
{
    /// <summary>Heads of the blocks that changed; null for those that are gone.</summary>
    private readonly Dictionary<long, BlockHead?> _changed = [];

    /// <summary>Rows that were left out.</summary>
    public long Removed { get; private set; }

    public BsonDocument? Data(BsonDocument document)
    {
        byte[] bytes = document[BlockHead.Data].AsBinary;
        byte[]? left = Purge(bytes, out BlockHead? head);
        if (ReferenceEquals(left, bytes))
            return document;
        _changed[document["_id"].AsInt64] = head;
        return left is null ? null : new BsonDocument { ["_id"] = document["_id"], [BlockHead.Data] = left };
    }

    /// <summary>After the block's bytes: what it says of them now.</summary>
    public BsonDocument? Head(BsonDocument document)
    {
        BlockHead head = BlockHead.From(document);
        if (!_changed.TryGetValue(head.Id, out BlockHead? changed))
            return document;
        return changed is null ? null : (changed with { Id = head.Id, StoredNs = head.StoredNs }).ToDocument();
    }

    public byte[]? Purge(byte[] framed) => Purge(framed, out _);

    /// <summary>
    /// The same bytes if the device is in none of its strings and addresses; null if no row is left. Nobody can say what is in a damaged
    /// block, and nobody can read it: it is left out as well.
    /// </summary>
    private byte[]? Purge(byte[] framed, out BlockHead? head)
    {
        head = null;
        StoredRow<T>[] rows;
        try
        {
            if (!TableSource.MentionsIn(
                framed, text => text is not null && (traces.IsDevice(text) || traces.IsText(text)), traces.IsAddress))
                return framed;
            rows = codec.Decode(framed);
        }
        catch (InvalidDataException)
        {
            return null;
        }
        StoredRow<T>[] left = Array.FindAll(rows, row => !isIn(row.Record));
        Removed += rows.Length - left.Length;
        if (left.Length == rows.Length)
            return framed;
        if (left.Length == 0 || codec.Encode(left) is not { } bytes)
            return null;
        head = new BlockHead(0, left.Length, codec.KeyOf(left[0]).TimeNs, left.Max(row => codec.EndOf(row.Record)), 0, bytes.Length);
        return bytes;
    }
}
