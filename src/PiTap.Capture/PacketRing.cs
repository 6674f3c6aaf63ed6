using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PiTap.Model;

namespace PiTap.Capture;

/// <summary>
/// Packets on their way from one writing thread to one reading thread: a ring of bytes without locks and without allocation. A packet
/// that finds no room is dropped and counted, never waited for: the writer empties the kernel's buffer, which is smaller.
/// </summary>
/// <remarks>
/// Positions only grow; what they point at is the position modulo the capacity. Each side keeps its own position, a copy of the
/// other's that is renewed only when it no longer suffices, and stands on its own cache line. A record is never split: where the end
/// of the ring is too near, a mark says that the next one begins at the front.
/// </remarks>
internal sealed class PacketRing
{
    /// <summary>Capacity where nothing else is asked for, in bytes: a quarter of a second of packets at 250 Mbit/s.</summary>
    public const int DefaultBytes = 8 * 1024 * 1024;

    /// <summary>The smallest capacity in bytes: some of the largest packets.</summary>
    public const int MinBytes = 1024 * 1024;

    /// <summary>The largest capacity in bytes.</summary>
    public const int MaxBytes = 1024 * 1024 * 1024;

    /// <summary>The longest packet, in bytes: libpcap hands over no longer ones.</summary>
    public const int MaxPacketBytes = 262_144;

    // Half of a usual second-level cache. A power of two.
    private const int RestartBytes = 256 * 1024;

    // Records begin at multiples of this, so a mark always has room at the end of the ring.
    private const int AlignmentBytes = 8;

    // No packet has this length: the record is the mark.
    private const int WrapMark = -1;

    private readonly byte[] _bytes;
    private readonly int _mask;
    private Positions _positions;

    public PacketRing(int capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacityBytes, MinBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacityBytes, MaxBytes);
        if (!int.IsPow2(capacityBytes))
            throw new ArgumentException("The capacity must be a power of two.", nameof(capacityBytes));
        _bytes = GC.AllocateUninitializedArray<byte>(capacityBytes);
        _mask = capacityBytes - 1;
    }

    /// <summary>Packets written so far, those not yet read included.</summary>
    public long Written => Volatile.Read(ref _positions.Written);

    /// <summary>Packets dropped because there was no room.</summary>
    public long Dropped => Volatile.Read(ref _positions.Dropped);

    /// <summary>True if a quarter of the ring waits to be read. Only the writing thread.</summary>
    public bool IsFilling => _positions.Tail - Volatile.Read(ref _positions.Head) > _bytes.Length / 4;

    /// <summary>Writes a packet, or drops it. Only the writing thread.</summary>
    public bool TryWrite(long timeNs, LinkType link, int number, int originalLength, ReadOnlySpan<byte> data)
    {
        int length = Math.Min(data.Length, MaxPacketBytes);
        int needed = RecordBytes(length);
        long tail = _positions.Tail;
        int index = (int)tail & _mask;
        int toEnd = _bytes.Length - index;
        int skipped = needed <= toEnd && !MayRestart(index, needed) ? 0 : toEnd;
        if (tail + skipped + needed - _positions.HeadSeen > _bytes.Length)
        {
            _positions.HeadSeen = Volatile.Read(ref _positions.Head);
            if (tail + skipped + needed - _positions.HeadSeen > _bytes.Length)
            {
                Volatile.Write(ref _positions.Dropped, _positions.Dropped + 1);
                return false;
            }
        }
        if (skipped != 0)
        {
            Unsafe.WriteUnaligned(ref _bytes[index], WrapMark);
            index = 0;
        }
        ref byte record = ref _bytes[index];
        Unsafe.WriteUnaligned(ref record, new RecordHead(length, originalLength, timeNs, link, (ushort)number));
        data[..length].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref record, RecordHead.Bytes), length));
        Volatile.Write(ref _positions.Written, _positions.Written + 1);
        // The release makes the record visible before the position that covers it.
        Volatile.Write(ref _positions.Tail, tail + skipped + needed);
        return true;
    }

    /// <summary>
    /// True if everything was read and the ring may be used from its front again: a reader that keeps up then stays within a processor's
    /// cache. The other side's position is asked for once in so many bytes only.
    /// </summary>
    private bool MayRestart(int index, int needed)
    {
        if (((index ^ (index + needed)) & RestartBytes) == 0)
            return false;
        _positions.HeadSeen = Volatile.Read(ref _positions.Head);
        return index >= needed && _positions.HeadSeen == _positions.Tail;
    }

    /// <summary>The time of the packet that <see cref="TryRead"/> would take. Only the reading thread.</summary>
    public bool TryPeek(out long timeNs)
    {
        Release();
        if (!TryFind(out RecordHead head, out _))
        {
            timeNs = 0;
            return false;
        }
        timeNs = head.TimeNs;
        return true;
    }

    /// <summary>Takes the next packet; the one before is released. Only the reading thread.</summary>
    public bool TryRead(out CapturedPacket packet)
    {
        Release();
        if (!TryFind(out RecordHead head, out int index))
        {
            packet = default;
            return false;
        }
        packet = new CapturedPacket
        {
            TimeNs = head.TimeNs,
            Link = head.Link,
            OriginalLength = head.OriginalLength,
            Data = _bytes.AsSpan(index + RecordHead.Bytes, head.CapturedLength),
            Interface = head.Interface,
        };
        _positions.Taken = RecordBytes(head.CapturedLength);
        return true;
    }

    /// <summary>Gives the room of the packet last taken back to the writer. Only the reading thread.</summary>
    public void Release()
    {
        if (_positions.Taken == 0)
            return;
        // The release keeps the reader's loads before the writer's right to overwrite.
        Volatile.Write(ref _positions.Head, _positions.Head + _positions.Taken);
        _positions.Taken = 0;
    }

    private bool TryFind(out RecordHead head, out int index)
    {
        long position = _positions.Head;
        index = (int)position & _mask;
        head = default;
        if (position == _positions.TailSeen)
        {
            _positions.TailSeen = Volatile.Read(ref _positions.Tail);
            if (position == _positions.TailSeen)
                return false;
        }
        if (Unsafe.ReadUnaligned<int>(ref _bytes[index]) == WrapMark)
        {
            // A mark is published together with the record behind it.
            Volatile.Write(ref _positions.Head, position + (_bytes.Length - index));
            index = 0;
        }
        head = Unsafe.ReadUnaligned<RecordHead>(ref _bytes[index]);
        return true;
    }

    private static int RecordBytes(int length) => (RecordHead.Bytes + length + AlignmentBytes - 1) & ~(AlignmentBytes - 1);

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly struct RecordHead(int capturedLength, int originalLength, long timeNs, LinkType link, ushort number)
    {
        public const int Bytes = 20;

        public readonly int CapturedLength = capturedLength;
        public readonly int OriginalLength = originalLength;
        public readonly long TimeNs = timeNs;
        public readonly LinkType Link = link;
        public readonly ushort Interface = number;
    }

    // 128 bytes apart: processors fetch cache lines in pairs.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Positions
    {
        [FieldOffset(128)]
        public long Tail;
        [FieldOffset(136)]
        public long HeadSeen;
        [FieldOffset(144)]
        public long Written;
        [FieldOffset(152)]
        public long Dropped;
        [FieldOffset(256)]
        public long Head;
        [FieldOffset(264)]
        public long TailSeen;
        [FieldOffset(272)]
        public int Taken;
    }
}
