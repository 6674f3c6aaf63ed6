using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

namespace PiTap.TestKit;

/// <summary>
/// A store's file as it is seen by somebody who has the disk: each byte, and what is compressed in it, also on pages that the store no
/// longer uses. Knows nothing of the store's own code, but how LiteDB chains the parts of a document over its pages.
/// </summary>
public static class StoreBytes
{
    // A block: format, compression, length before it, checksum, bytes.
    private const int FrameHeader = 10, LengthAt = 2;
    private const int MaxBlock = 64 << 20;
    private const byte Brotli = 1;

    // A page: header, parts, and from its end backwards a slot for each part, with its length and position.
    private const int Page = 8_192, TransactionAt = 14, HighestSlotAt = 30, PageHeader = 32, Slot = 4, SlotPosition = 2;

    // A part: whether it continues another, page and slot of the next one, bytes.
    private const int NextPageAt = 1, NextSlotAt = 5, PartHeader = 6;

    /// <summary>The bytes of a file that a process may hold for itself; its lock keeps .NET's programs out alone.</summary>
    public static byte[] Read(string path)
    {
        using Process cat = Process.Start(new ProcessStartInfo("cat", [path]) { RedirectStandardOutput = true })!;
        using MemoryStream bytes = new();
        cat.StandardOutput.BaseStream.CopyTo(bytes);
        cat.WaitForExit();
        return bytes.ToArray();
    }

    /// <summary>True if these bytes stand in the file, as they are or compressed.</summary>
    public static bool Hold(byte[] file, byte[] bytes) => Layers(file).Any(layer => layer.AsSpan().IndexOf(bytes) >= 0);

    /// <summary>The file, and whatever decompresses at any place of it, as far as it does.</summary>
    public static IEnumerable<byte[]> Layers(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        yield return file;
        for (int at = 0; at + FrameHeader < file.Length; at++)
        {
            if (!IsFrame(file.AsSpan(at)))
                continue;
            byte[] block = Unpack(file, at + FrameHeader);
            if (block.Length > 0)
                yield return block;
        }
    }

    private static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        bytes[0] is 1 or 2 && bytes[1] == Brotli && BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]) is > 0 and <= MaxBlock;

    private static byte[] Unpack(byte[] file, int at)
    {
        ArrayBufferWriter<byte> block = new();
        // Not in a using declaration, which would have each call work on a copy.
        BrotliDecoder decoder = new();
        try
        {
            foreach (Range part in Parts(file, at))
            {
                if (!IsContinued(ref decoder, file.AsSpan(part), block))
                    break;
            }
        }
        finally
        {
            decoder.Dispose();
        }
        return block.WrittenSpan.ToArray();
    }

    private static bool IsContinued(ref BrotliDecoder decoder, ReadOnlySpan<byte> bytes, ArrayBufferWriter<byte> block)
    {
        OperationStatus status;
        do
        {
            status = decoder.Decompress(bytes, block.GetSpan(Page), out int consumed, out int written);
            bytes = bytes[consumed..];
            block.Advance(written);
        }
        while (status == OperationStatus.DestinationTooSmall && block.WrittenCount <= MaxBlock);
        return status == OperationStatus.NeedMoreData;
    }

    /// <summary>
    /// Where the bytes go on from here: to the end of their part, then part by part. Where no slot tells, to the page's end.
    /// </summary>
    private static IEnumerable<Range> Parts(byte[] file, int at)
    {
        int page = at / Page * Page;
        if (page + Page > file.Length || !TryPartAt(file, page, at, out int start, out int end))
        {
            yield return at..Math.Min(page + Page, file.Length);
            yield break;
        }
        yield return at..end;
        for (int parts = 0; parts <= MaxBlock / Page && TryNext(file, page, start, out page, out start, out end); parts++)
            yield return (start + PartHeader)..end;
    }

    private static bool TryPartAt(byte[] file, int page, int at, out int start, out int end)
    {
        for (int slot = 0; slot <= file[page + HighestSlotAt] && slot < (Page - PageHeader) / Slot; slot++)
        {
            if (TryPart(file, page, slot, out start, out end) && start + PartHeader <= at && at < end)
                return true;
        }
        start = end = 0;
        return false;
    }

    private static bool TryPart(byte[] file, int page, int slot, out int start, out int end)
    {
        int place = page + Page - (slot + 1) * Slot;
        start = page + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(place + SlotPosition));
        end = start + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(place));
        return start >= page + PageHeader && end >= start + PartHeader && end <= page + Page;
    }

    /// <summary>The part behind one: on the page of that number, in a log the one that the same transaction wrote.</summary>
    private static bool TryNext(byte[] file, int page, int part, out int nextPage, out int start, out int end)
    {
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(part + NextPageAt));
        int slot = file[part + NextSlotAt];
        uint transaction = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(page + TransactionAt));
        nextPage = -1;
        for (int place = 0; place + Page <= file.Length; place += Page)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place)) != id)
                continue;
            bool isSame = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(place + TransactionAt)) == transaction;
            if (nextPage < 0 || isSame)
                nextPage = place;
            if (isSame)
                break;
        }
        start = end = 0;
        return nextPage >= 0 && slot < (Page - PageHeader) / Slot && TryPart(file, nextPage, slot, out start, out end);
    }
}
