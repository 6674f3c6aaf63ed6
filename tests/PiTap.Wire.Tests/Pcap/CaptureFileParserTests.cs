using CsCheck;
using PiTap.Model;
using PiTap.Wire.Pcap;

namespace PiTap.Wire.Tests.Pcap;

public sealed class CaptureFileParserTests
{
    private const long SecondNs = PacketTime.NanosecondsPerSecond;

    [Theory]
    [InlineData(false, 0xA1B2C3D4, 1000)]
    [InlineData(true, 0xA1B2C3D4, 1000)]
    [InlineData(false, 0xA1B23C4D, 1)]
    [InlineData(true, 0xA1B23C4D, 1)]
    public void A_pcap_file_gives_its_packets_in_either_byte_order(bool isBigEndian, uint magic, int fractionNs)
    {
        byte[] file = new CaptureBytes(isBigEndian).FileHeader(magic, link: 113)
            .Record(1_600_000_000, 123_456, 3, 1500, 1, 2, 3)
            .Record(uint.MaxValue, 999_999, 0, 60)
            .ToArray();
        CaptureRun run = CaptureRun.Read(file);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Equal(
            [
                new ReadPacket(1_600_000_000 * SecondNs + 123_456 * fractionNs, LinkType.LinuxSll, 1500, 0, "010203"),
                new ReadPacket(uint.MaxValue * SecondNs + 999_999 * fractionNs, LinkType.LinuxSll, 60, 0, ""),
            ],
            run.Packets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_longer_record_header_of_the_modified_format_is_skipped(bool isBigEndian)
    {
        byte[] file = new CaptureBytes(isBigEndian).FileHeader(0xA1B2CD34)
            .Record(1, 2, 2, 2).U32(3).U16(0x0800).Raw(0, 0).Raw(0xAB, 0xCD)
            .Record(2, 0, 1, 1).U32(3).U16(0x0800).Raw(0, 0).Raw(0xEF)
            .ToArray();
        CaptureRun run = CaptureRun.Read(file);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Equal(["ABCD", "EF"], run.Packets.Select(packet => packet.Data));
    }

    [Theory]
    [InlineData(2, 5, 9, 9, 5)]
    [InlineData(3, 5, 9, 5, 9)]
    [InlineData(3, 9, 5, 5, 9)]
    [InlineData(4, 9, 5, 9, 5)]
    public void The_lengths_of_old_versions_may_stand_the_other_way_round(ushort minor, uint first, uint second, int captured, int original)
    {
        byte[] file = new CaptureBytes(false).FileHeader(minor: minor).Record(0, 0, first, second, new byte[captured]).ToArray();
        CaptureRun run = CaptureRun.Read(file);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Equal((captured, original), (run.Packets[0].Data.Length / 2, run.Packets[0].OriginalLength));
    }

    [Fact]
    public void The_upper_half_of_the_link_type_is_no_part_of_it()
    {
        byte[] file = new CaptureBytes(false).FileHeader(link: 0x24000001).Record(0, 0, 1, 1, 7).ToArray();
        Assert.Equal(LinkType.Ethernet, CaptureRun.Read(file).Packets[0].Link);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pcapng_file_gives_its_packets_in_either_byte_order(bool isBigEndian)
    {
        CaptureRun run = CaptureRun.Read(Sample(isBigEndian));
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Equal(SamplePackets(), run.Packets);
    }

    [Fact]
    public void Sections_may_differ_in_byte_order_and_number_their_interfaces_anew()
    {
        byte[] file = [.. Sample(false), .. Sample(true), .. Sample(false)];
        CaptureRun run = CaptureRun.Read(file);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Equal([.. SamplePackets(), .. SamplePackets(), .. SamplePackets()], run.Packets);
    }

    [Theory]
    [InlineData(0, 5, 5 * SecondNs)]
    [InlineData(3, 5, 5_000_000)]
    [InlineData(6, 5, 5_000)]
    [InlineData(9, 5, 5)]
    [InlineData(12, 5_999, 5)]
    [InlineData(127, ulong.MaxValue, 0)]
    [InlineData(0x80, 5, 5 * SecondNs)]
    [InlineData(0x80 + 10, 1536, 1_500_000_000)]
    [InlineData(0x80 + 32, 0x1_8000_0000, 1_500_000_000)]
    [InlineData(0x80 + 127, ulong.MaxValue, 0)]
    [InlineData(0, ulong.MaxValue, long.MaxValue)]
    [InlineData(9, ulong.MaxValue, long.MaxValue)]
    public void Any_resolution_comes_to_nanoseconds_and_saturates(byte resolution, ulong units, long timeNs)
    {
        byte[] file = new CaptureBytes(false).Section().Interface(resolution: resolution).Enhanced(0, units, 1, 1, 7).ToArray();
        Assert.Equal(timeNs, CaptureRun.Read(file).Packets[0].TimeNs);
    }

    [Theory]
    [InlineData(100, 100 * SecondNs + 5_000)]
    [InlineData(-100, -100 * SecondNs + 5_000)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void A_time_offset_is_added_and_saturates(long offsetSeconds, long timeNs)
    {
        byte[] file = new CaptureBytes(true).Section().Interface(offsetSeconds: (ulong)offsetSeconds).Enhanced(0, 5, 1, 1, 7).ToArray();
        Assert.Equal(timeNs, CaptureRun.Read(file).Packets[0].TimeNs);
    }

    [Fact]
    public void A_simple_packet_is_cut_by_the_snap_length_of_the_first_interface()
    {
        byte[] file = new CaptureBytes(false).Section().Interface(snapLength: 3).Simple(100, 1, 2, 3).Simple(2, 4, 5).ToArray();
        Assert.Equal(["010203", "0405"], CaptureRun.Read(file).Packets.Select(packet => packet.Data));
    }

    [Fact]
    public void A_block_of_unknown_type_may_be_far_larger_than_the_window()
    {
        byte[] file = new CaptureBytes(false).Section().Interface()
            .Block(0x0BAD, new CaptureBytes(false).Raw(new byte[3 * CaptureRun.MostBytesNeeded]))
            .Enhanced(0, 1, 1, 1, 7).ToArray();
        CaptureRun run = CaptureRun.Read(file, 65_536);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Single(run.Packets);
    }

    [Fact]
    [Trait("cap", "Wire.CaptureFileParser.MaxBytesNeeded")]
    public void Options_beyond_reason_are_skipped_behind_their_packet()
    {
        var body = new CaptureBytes(false);
        body.U32(0).U64(0).U32(1).U32(1).Raw(7, 0, 0, 0).Raw(new byte[2 * CaptureRun.MostBytesNeeded]);
        byte[] file = new CaptureBytes(false).Section().Interface().Block(6, body).Enhanced(0, 1, 1, 1, 8).ToArray();
        CaptureRun run = CaptureRun.Read(file, 65_536);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        Assert.Equal(["07", "08"], run.Packets.Select(packet => packet.Data));
    }

    [Fact]
    [Trait("cap", "Wire.CaptureFileParser.MaxInterfaceBytesRead")]
    public void Options_of_an_interface_beyond_reason_are_not_waited_for()
    {
        CaptureBytes body = new CaptureBytes(false).U16(1).U16(0).U32(0).Raw(new byte[2 * CaptureRun.MostBytesNeeded]);
        byte[] file = new CaptureBytes(false).Section().Block(1, body).Enhanced(0, 1, 1, 1, 8).ToArray();
        CaptureRun run = CaptureRun.Read(file, 65_536);
        Assert.Equal((CaptureParseStatus.End, "08"), (run.Status, Assert.Single(run.Packets).Data));
    }

    [Fact]
    [Trait("cap", "Wire.CaptureFileParser.MaxPacketBytes")]
    public void The_longest_packet_is_read_and_one_byte_more_is_not()
    {
        byte[] data = new byte[262_144 + 1];
        byte[] longest = new CaptureBytes(false).FileHeader().Record(0, 0, (uint)data.Length - 1, 9, data.AsSpan(1)).ToArray();
        Assert.Equal(CaptureParseStatus.End, CaptureRun.Read(longest).Status);
        byte[] longer = new CaptureBytes(false).FileHeader().Record(0, 0, (uint)data.Length, 9, data).ToArray();
        CaptureRun run = CaptureRun.Read(longer);
        Assert.Equal((CaptureFault.PacketTooLong, 24L, (long)data.Length), (run.Fault, run.FaultOffset, run.FaultValue));
    }

    [Fact]
    public void An_original_length_beyond_an_Int32_is_the_largest_one()
    {
        byte[] file = new CaptureBytes(false).FileHeader().Record(0, 0, 1, uint.MaxValue, 7).ToArray();
        Assert.Equal(int.MaxValue, CaptureRun.Read(file).Packets[0].OriginalLength);
    }

    [Fact]
    public void The_four_bytes_at_the_front_tell_the_format()
    {
        Assert.Equal(CaptureFormat.Unknown, CaptureFileParser.Detect("GIF89a"u8));
        Assert.Equal(CaptureFormat.Unknown, CaptureFileParser.Detect([0xA1, 0xB2, 0xC3]));
        Assert.Equal(CaptureFormat.Pcap, CaptureFileParser.Detect([0xA1, 0xB2, 0xC3, 0xD4]));
        Assert.Equal(CaptureFormat.Pcap, CaptureFileParser.Detect([0x4D, 0x3C, 0xB2, 0xA1]));
        Assert.Equal(CaptureFormat.Pcapng, CaptureFileParser.Detect([0x0A, 0x0D, 0x0D, 0x0A]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_shorter_prefix_gives_the_packets_before_the_cut_and_names_the_place(bool isPcapng)
    {
        byte[] file = isPcapng ? Sample(false) : SmallPcap();
        CaptureRun whole = CaptureRun.Read(file);
        for (int length = 0; length < file.Length; length++)
        {
            CaptureRun run = CaptureRun.Read(file.AsSpan(0, length));
            Assert.Equal(whole.Packets.Take(run.Packets.Count), run.Packets);
            if (run.Status == CaptureParseStatus.End)
                continue;
            Assert.Equal(CaptureParseStatus.Failed, run.Status);
            Assert.Equal(length < 4 ? CaptureFault.NotACapture : CaptureFault.Truncated, run.Fault);
            Assert.InRange(run.FaultOffset, 0, length);
            if (run.Fault == CaptureFault.Truncated)
                Assert.True(run.FaultOffset + run.FaultValue > length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void A_window_of_any_size_gives_the_same(int stepBytes)
    {
        Assert.Equal(CaptureRun.Read(Sample(true)).Packets, CaptureRun.Read(Sample(true), stepBytes).Packets);
        Assert.Equal(CaptureRun.Read(SmallPcap()).Packets, CaptureRun.Read(SmallPcap(), stepBytes).Packets);
    }

    [Fact]
    public void Every_single_changed_byte_comes_to_an_end_whatever_the_window()
    {
        foreach (byte[] file in new[] { Sample(false), Sample(true), SmallPcap() })
        {
            for (int i = 0; i < file.Length; i++)
            {
                foreach (byte change in new byte[] { 1, 0x80, 0xFF })
                {
                    byte[] damaged = [.. file];
                    damaged[i] ^= change;
                    AssertSameInSmallWindows(damaged);
                }
            }
        }
    }

    [Fact]
    public void Random_bytes_behind_a_magic_come_to_an_end_whatever_the_window()
    {
        byte[][] magics =
            [[0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0], [0xA1, 0xB2, 0x3C, 0x4D, 0, 2, 0, 4], Sample(false)[..80], Sample(true)[..80], []];
        Gen.Select(Gen.Int[0, magics.Length - 1], Gen.Byte.Array[0, 300])
            .Sample((magic, bytes) => AssertSameInSmallWindows([.. magics[magic], .. bytes]), iter: 20_000);
    }

    [Fact]
    public void Random_blocks_in_a_section_come_to_an_end_whatever_the_window()
    {
        Gen<(uint Type, byte[] Body)> block = Gen.Select(Gen.UInt[0, 8], Gen.Byte.Array[0, 80]);
        block.Array[0, 8].Sample(
            blocks =>
            {
                CaptureBytes file = new CaptureBytes(false).Section().Interface();
                foreach ((uint type, byte[] body) in blocks)
                    file.Block(type, file.New().Raw(body.AsSpan(0, body.Length & ~3)));
                AssertSameInSmallWindows(file.ToArray());
            },
            iter: 20_000);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] file = [.. new CaptureBytes(false).Section().Interface(resolution: 9).ToArray(),
            .. Enumerable.Repeat(new CaptureBytes(false).Enhanced(0, 1, 5, 5, 1, 2, 3, 4, 5).ToArray(), 5000).SelectMany(bytes => bytes)];
        var parser = new CaptureFileParser();
        Assert.Equal(1, CountPackets(parser, file, 1));
        long before = GC.GetAllocatedBytesForCurrentThread();
        int packets = CountPackets(parser, file, int.MaxValue);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(4999, packets);
        Assert.Equal(0, allocated);
    }

    private static int CountPackets(CaptureFileParser parser, ReadOnlySpan<byte> file, int most)
    {
        int packets = 0;
        while (packets < most && parser.TryRead(file[(int)parser.Offset..], true, out _, out _) == CaptureParseStatus.Packet)
            packets++;
        return packets;
    }

    private static void AssertSameInSmallWindows(byte[] file)
    {
        CaptureRun whole = CaptureRun.Read(file);
        CaptureRun small = CaptureRun.Read(file, 5);
        Assert.Equal(whole.Packets, small.Packets);
        Assert.Equal((whole.Status, whole.Fault, whole.FaultOffset), (small.Status, small.Fault, small.FaultOffset));
        Assert.InRange(whole.FaultOffset, 0, file.Length);
    }

    private static byte[] SmallPcap() => new CaptureBytes(false).FileHeader().Record(1, 2, 3, 60, 1, 2, 3).Record(2, 3, 1, 1, 9).ToArray();

    private static byte[] Sample(bool isBigEndian) => new CaptureBytes(isBigEndian).Section()
        .Interface(LinkType.Ethernet, snapLength: 4)
        .Interface(LinkType.Raw, resolution: 9)
        .Block(4, new CaptureBytes(isBigEndian).U32(0))
        .Enhanced(0, 1_600_000_000_123_456, 3, 1500, 1, 2, 3)
        .Block(0x80001234, new CaptureBytes(isBigEndian).Raw(1, 2, 3, 4))
        .Enhanced(1, 1_600_000_000_123_456_789, 4, 4, 5, 6, 7, 8)
        .Simple(6, 9, 10, 11, 12)
        .Obsolete(0, 2_000_000, 1, 2, 13)
        .Block(5, new CaptureBytes(isBigEndian).U32(0).U64(0))
        .ToArray();

    private static ReadPacket[] SamplePackets() =>
    [
        new(1_600_000_000_123_456_000, LinkType.Ethernet, 1500, 0, "010203"),
        new(1_600_000_000_123_456_789, LinkType.Raw, 4, 1, "05060708"),
        new(1_600_000_000_123_456_789, LinkType.Ethernet, 6, 0, "090A0B0C"),
        new(2 * SecondNs, LinkType.Ethernet, 2, 0, "0D"),
    ];
}
