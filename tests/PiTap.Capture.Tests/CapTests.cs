using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PiTap.Capture.Files;
using PiTap.Capture.Live;
using PiTap.Capture.Tests.Live;
using PiTap.Model;
using LiveDevice = PiTap.Capture.Live.LiveDevice;

namespace PiTap.Capture.Tests;

/// <summary>What a capture may cost, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class CapTests
{
    [Fact]
    [Trait("cap", "Capture.PacketRing.MaxBytes")]
    public void A_ring_has_at_most_one_gibibyte()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PacketRing(int.MaxValue));
        AssertRefused("A ring of 2147483647 bytes cannot be: it must be 1048576 to 1073741824.",
            new LiveCaptureOptions { Interface = "lo", RingBytes = int.MaxValue });
    }

    [Fact]
    [Trait("cap", "Capture.PacketRing.MaxPacketBytes")]
    public void A_packet_in_the_ring_has_at_most_256_kibibytes()
    {
        var ring = new PacketRing(1 << 20);
        Assert.True(ring.TryWrite(0, LinkType.Ethernet, 0, 300_000, new byte[300_000]));
        Assert.True(ring.TryRead(out CapturedPacket packet));
        Assert.Equal((262_144, 300_000), (packet.Data.Length, packet.OriginalLength));
    }

    [Fact]
    [Trait("cap", "Capture.CaptureLoop.MaxLastRounds")]
    public void Traffic_that_goes_on_keeps_no_capture_from_ending()
    {
        int rounds = 0;
        CaptureLoop.TakeRounds(() => ++rounds);
        Assert.Equal(16, rounds);
        int[] results = [5, -2, 7, 0];
        rounds = 0;
        CaptureLoop.TakeRounds(() => results[rounds++]);
        Assert.Equal(results.Length, rounds);
    }

    [Fact]
    [Trait("cap", "Capture.LiveDevice.MaxListings")]
    public void A_list_of_interfaces_that_fails_is_asked_for_three_times()
    {
        int times = 0;
        int FailingTimes(int failures) => LiveDevice.Listed(() => ++times > failures ? times : throw new InvalidOperationException("gone"));
        Assert.Equal(3, FailingTimes(2));
        times = 0;
        Assert.Throws<InvalidOperationException>(() => FailingTimes(1_000));
        Assert.Equal(3, times);
    }

    [Fact]
    public void A_reader_that_keeps_up_makes_the_ring_go_over_its_first_quarter_mebibyte_only()
    {
        var ring = new PacketRing(1 << 20);
        byte[] data = new byte[1_000];
        Assert.True(ring.TryWrite(0, LinkType.Ethernet, 0, data.Length, data));
        Assert.True(ring.TryRead(out CapturedPacket packet));
        ReadOnlySpan<byte> first = packet.Data;
        long furthest = 0;
        for (int i = 1; i < 3_000; i++)
        {
            Assert.True(ring.TryWrite(i, LinkType.Ethernet, 0, data.Length, data));
            Assert.True(ring.TryRead(out packet));
            long offset = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(first), ref MemoryMarshal.GetReference(packet.Data));
            // As a reader does that finds nothing more.
            Assert.False(ring.TryRead(out _));
            furthest = Math.Max(furthest, offset + data.Length);
        }
        Assert.InRange(furthest, 200 << 10, 256 << 10);
    }

    [Fact]
    public void What_is_not_asked_for_takes_eight_mebibytes_in_the_kernel_and_as_much_here()
    {
        var options = new LiveCaptureOptions { Interface = "lo" };
        Assert.Equal((8 << 20, 8 << 20), (options.KernelBufferBytes, options.RingBytes));
    }

    [Fact]
    [Trait("cap", "Capture.MultiPacketSource.MaxSources")]
    public void Sixteen_interfaces_are_captured_on_at_once()
    {
        LiveCaptureOptions[] many = [.. Enumerable.Range(0, 17).Select(static i => new LiveCaptureOptions { Interface = $"none{i}" })];
        CaptureException failure = Assert.Throws<CaptureException>(() => MultiPacketSource.Open(many));
        Assert.Equal("17 interfaces cannot be captured on at once: it must be 1 to 16.", failure.Message);
    }

    [Fact]
    [Trait("cap", "Capture.LiveCaptureOptions.MaxKernelBufferBytes")]
    public void The_kernel_s_buffer_has_at_most_one_gibibyte() =>
        AssertRefused("A kernel buffer of 1073741825 bytes cannot be: it must be 1048576 to 1073741824.",
            new LiveCaptureOptions { Interface = "lo", KernelBufferBytes = (1 << 30) + 1 });

    [Fact]
    [Trait("cap", "Capture.LiveCaptureOptions.MaxSnapLengthBytes")]
    public void At_most_256_kibibytes_of_a_packet_are_captured() =>
        AssertRefused("A snap length of 262145 bytes cannot be: it must be 96 to 262144.",
            new LiveCaptureOptions { Interface = "lo", SnapLengthBytes = 262_145 });

    [Fact]
    [Trait("cap", "Capture.LiveCaptureOptions.MaxManagementPorts")]
    public void Sixteen_ports_are_left_out() =>
        AssertRefused("17 management ports are too many: 16 is the most there can be.",
            new LiveCaptureOptions { Interface = "lo", ManagementPorts = [.. Enumerable.Range(1, 17)] });

    [Fact]
    [Trait("cap", "Capture.LiveCaptureOptions.MaxFilterChars")]
    public void A_filter_has_at_most_16_thousand_characters() =>
        AssertRefused("The filter has 16385 characters: 16384 is the most there can be.",
            new LiveCaptureOptions { Interface = "lo", Filter = "udp".PadRight(16_385) });

    [Fact]
    [Trait("cap", "Capture.CaptureFilter.MaxOwnAddresses")]
    public void Of_an_interface_with_many_addresses_the_filter_names_48()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        string path = Path.Combine(Path.GetTempPath(), $"pitap-{Guid.NewGuid():N}");
        byte third = pair.Address.GetAddressBytes()[2];
        File.WriteAllLines(path, Enumerable.Range(1, 60).Select(i => $"addr add 198.19.{third}.{i}/32 dev {pair.Name}"));
        VethPair.Ip("-batch", path);
        File.Delete(path);
        IReadOnlyList<IPAddress> own = CaptureFilter.AddressesOf(pair.Name);
        Assert.Equal(48, own.Count);
        Assert.Null(CaptureFilter.Check(CaptureFilter.Combine("udp", own, [.. Enumerable.Range(1, 16)])));
    }

    [Theory]
    [InlineData(27, true)]
    [InlineData(28, false)]
    [Trait("cap", "Capture.CaptureFileOpener.MaxZstdWindowLog")]
    public void A_zstd_frame_may_ask_for_a_window_of_128_mebibytes(int windowLog, bool isRead)
    {
        // RFC 8878 section 3.1.1: a frame of one last raw block, which holds an empty capture of Ethernet.
        byte[] capture = new byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(capture, 0xa1b2c3d4);
        (capture[4], capture[6], capture[20]) = (2, 4, 1);
        byte[] block = [(byte)((capture.Length << 3) | 1), 0, 0, .. capture];
        byte[] frame = [0x28, 0xb5, 0x2f, 0xfd, 0, (byte)((windowLog - 10) << 3), .. block];
        string path = Path.Combine(Path.GetTempPath(), $"pitap-{Guid.NewGuid():N}");
        File.WriteAllBytes(path, frame);
        ReadStatus? status = null;
        try
        {
            using FilePacketSource source = FilePacketSource.Open(path);
            do status = source.Read(out _);
            while (status == ReadStatus.Idle);
        }
        catch (CaptureException failure)
        {
            Assert.Contains("cannot be decompressed", failure.Message, StringComparison.Ordinal);
        }
        File.Delete(path);
        Assert.Equal(isRead, status == ReadStatus.End);
    }

    private static void AssertRefused(string sentence, LiveCaptureOptions options) =>
        Assert.Equal(sentence, Assert.Throws<CaptureException>(options.Validate).Message);
}
