using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Capture.Tests;

public sealed class PacketRingTests
{
    [Fact]
    public void What_is_written_comes_out_in_order_with_all_its_fields()
    {
        var ring = new PacketRing(PacketRing.MinBytes);
        Assert.False(ring.TryRead(out _));
        Assert.True(ring.TryWrite(123, LinkType.LinuxSll2, 5, 1500, [1, 2, 3]));
        Assert.True(ring.TryWrite(124, LinkType.Ethernet, 0, 0, []));
        Assert.True(ring.TryPeek(out long timeNs));
        Assert.Equal(123, timeNs);
        Assert.True(ring.TryRead(out CapturedPacket packet));
        Assert.Equal((123, LinkType.LinuxSll2, 5, 1500), (packet.TimeNs, packet.Link, packet.Interface, packet.OriginalLength));
        Assert.Equal([1, 2, 3], packet.Data.ToArray());
        Assert.True(ring.TryRead(out packet));
        Assert.Equal((124, 0), (packet.TimeNs, packet.Data.Length));
        Assert.False(ring.TryRead(out _));
        Assert.False(ring.TryPeek(out _));
    }

    [Fact]
    public void A_full_ring_drops_and_counts_and_goes_on_when_there_is_room()
    {
        var ring = new PacketRing(PacketRing.MinBytes);
        byte[] data = new byte[1000];
        int written = 0;
        while (ring.TryWrite(written, LinkType.Ethernet, 0, 1000, data))
            written++;
        Assert.InRange(written, 1000, PacketRing.MinBytes / 1000);
        Assert.Equal((written, 1L), (ring.Written, ring.Dropped));
        Assert.True(ring.IsFilling);
        Assert.True(ring.TryRead(out _));
        // The room of a packet is free only when the reader has done with it.
        Assert.False(ring.TryWrite(written, LinkType.Ethernet, 0, 1000, data));
        ring.Release();
        for (int i = 1; i < written; i++)
        {
            Assert.True(ring.TryRead(out CapturedPacket packet));
            Assert.Equal(i, packet.TimeNs);
        }
        Assert.False(ring.TryRead(out _));
        Assert.False(ring.IsFilling);
        Assert.True(ring.TryWrite(0, LinkType.Ethernet, 0, 1000, data));
    }

    [Fact]
    public void Packets_of_all_lengths_survive_the_end_of_the_ring()
    {
        var ring = new PacketRing(PacketRing.MinBytes);
        var random = new Random(1);
        byte[] data = new byte[PacketRing.MaxPacketBytes];
        random.NextBytes(data);
        long bytes = 0;
        for (int i = 0; bytes < 20L * PacketRing.MinBytes; i++)
        {
            int length = i % 50 == 0 ? data.Length : random.Next(0, 3000);
            Assert.True(ring.TryWrite(i, LinkType.Ethernet, 0, length, data.AsSpan(0, length)));
            Assert.True(ring.TryRead(out CapturedPacket packet));
            Assert.Equal(i, packet.TimeNs);
            Assert.True(packet.Data.SequenceEqual(data.AsSpan(0, length)));
            bytes += length;
        }
    }

    [Fact]
    public void A_longer_packet_than_there_can_be_is_cut()
    {
        var ring = new PacketRing(PacketRing.MinBytes);
        Assert.True(ring.TryWrite(0, LinkType.Ethernet, 0, 300_000, new byte[300_000]));
        Assert.True(ring.TryRead(out CapturedPacket packet));
        Assert.Equal(PacketRing.MaxPacketBytes, packet.Data.Length);
    }

    [Fact]
    public void A_capacity_must_be_a_power_of_two_within_its_bounds()
    {
        Assert.Throws<ArgumentException>(() => new PacketRing(PacketRing.MinBytes + 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketRing(4096));
    }

    [Fact]
    public void Neither_side_allocates()
    {
        var ring = new PacketRing(PacketRing.MinBytes);
        byte[] data = new byte[100];
        // Enough for the compiler to settle, too.
        Pass(ring, data, 50_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Pass(ring, data, 100_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Pass(PacketRing ring, byte[] data, int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            ring.TryWrite(i, LinkType.Ethernet, 0, data.Length, data);
            ring.TryRead(out _);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(60_000)]
    [InlineData(262_144)]
    public void A_ring_that_is_read_as_it_is_written_begins_at_its_front_again_and_loses_nothing(int length)
    {
        var ring = new PacketRing(PacketRing.MinBytes);
        byte[] data = new byte[length];
        for (int i = 0; i < 5_000; i++)
        {
            data[^1] = (byte)i;
            // Now and then the reader is a packet behind, where there is room for two.
            Assert.True(ring.TryWrite(i, LinkType.Ethernet, 0, length, data));
            if (i % 7 == 0 && length < PacketRing.MinBytes / 8)
                Assert.True(ring.TryWrite(i, LinkType.Ethernet, 0, length, data));
            while (ring.TryRead(out CapturedPacket packet))
                Assert.Equal((i, length, (byte)i), (packet.TimeNs, packet.Data.Length, packet.Data[^1]));
        }
        Assert.Equal(0, ring.Dropped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_threads_lose_nothing_but_what_is_counted(bool isSlowReader)
    {
        const int packets = 1_000_000;
        var ring = new PacketRing(PacketRing.MinBytes);
        using var signal = new RingSignal();
        var reader = new Reader(ring);
        Task writing = Task.Factory.StartNew(
            () =>
            {
                Write(ring, signal, packets);
                Volatile.Write(ref reader.IsDone, true);
                signal.Set(isUrgent: true);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        long read = 0;
        long latest = -1;
        ReadStatus status;
        do
        {
            status = reader.TryTake(out CapturedPacket packet) ? ReadStatus.Packet : signal.WaitFor(reader, out packet);
            if (status != ReadStatus.Packet)
                continue;
            read++;
            if (packet.TimeNs <= latest || packet.Data.Length != Length(packet.TimeNs) || !IsIntact(packet))
                Assert.Fail($"Packet {packet.TimeNs} after {latest} is damaged.");
            latest = packet.TimeNs;
            if (isSlowReader && (read & 1023) == 0)
                Thread.SpinWait(20_000);
        }
        while (status != ReadStatus.End);
        await writing;
        Assert.Equal(ring.Written, read);
        Assert.Equal(packets, ring.Written + ring.Dropped);
    }

    private static void Write(PacketRing ring, RingSignal signal, int packets)
    {
        Span<byte> data = stackalloc byte[1024];
        for (int i = 0; i < packets; i++)
        {
            Span<byte> packet = data[..Length(i)];
            packet.Fill((byte)i);
            BinaryPrimitives.WriteInt32LittleEndian(packet, i);
            ring.TryWrite(i, LinkType.Ethernet, 0, packet.Length, packet);
            if (i % 100 == 0)
                signal.Set(ring.IsFilling);
        }
    }

    private static int Length(long number) => 8 + (int)(number * 7919 % 1000);

    private static bool IsIntact(in CapturedPacket packet) =>
        BinaryPrimitives.ReadInt32LittleEndian(packet.Data) == packet.TimeNs && !packet.Data[4..].ContainsAnyExcept((byte)packet.TimeNs);

    private sealed class Reader(PacketRing ring) : IRingReader
    {
        public bool IsDone;

        public bool HasStopped => Volatile.Read(ref IsDone);

        public bool TryTake(out CapturedPacket packet) => ring.TryRead(out packet);
    }
}
