using System.Buffers;
using System.Diagnostics;
using CsCheck;
using PiTap.Model;
using PiTap.Wire.Pcap;

namespace PiTap.Wire.Tests.Pcap;

public sealed class PcapngWriterTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        Gen<(long TimeNs, int Original, byte[] Data, string Comment)> packet =
            Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, int.MaxValue], Gen.Byte.Array[0, 100], Gen.String[0, 40]);
        packet.Array[0, 10].Sample(
            packets =>
            {
                var output = new ArrayBufferWriter<byte>();
                var writer = new PcapngWriter(output);
                writer.WriteSection("PiTap test");
                writer.WriteInterface(LinkType.LinuxSll2, 0, "any");
                int number = writer.WriteInterface(LinkType.Ethernet, 262_144, "wlan0");
                foreach ((long timeNs, int original, byte[] data, string comment) in packets)
                    writer.WritePacket(number, Packet(timeNs, original, data), comment);
                writer.WriteStatistics(number, 5, packets.Length, 1, 2);
                CaptureRun run = CaptureRun.Read(output.WrittenSpan);
                Assert.Equal(CaptureParseStatus.End, run.Status);
                Assert.Equal(
                    packets.Select(
                        each => new ReadPacket(each.TimeNs, LinkType.Ethernet, each.Original, 1, Convert.ToHexString(each.Data))),
                    run.Packets);
            },
            iter: 2000);
    }

    [Fact]
    public void A_time_before_1970_is_written_as_1970()
    {
        CaptureRun run = CaptureRun.Read(Write(writer => writer.WritePacket(0, Packet(-5, 1, [1]))));
        Assert.Equal(0, run.Packets[0].TimeNs);
    }

    [Fact]
    [Trait("cap", "Wire.PcapngWriter.MaxOptionBytes")]
    public void A_comment_beyond_what_an_option_holds_is_cut_between_two_characters()
    {
        string comment = string.Concat(Enumerable.Repeat("\U0001F4E1", 20_000));
        byte[] file = Write(writer => writer.WritePacket(0, Packet(1, 1, [1]), comment));
        CaptureRun run = CaptureRun.Read(file);
        Assert.Equal(CaptureParseStatus.End, run.Status);
        // The option's length is whole characters of four bytes each.
        int option = file.AsSpan().IndexOf("\U0001F4E1"u8) - 4;
        int length = BitConverter.ToUInt16(file, option + 2);
        Assert.Equal(0, length % 4);
        Assert.InRange(length, 40_000, 65_532);
    }

    [Fact]
    public void An_interface_that_was_not_written_is_refused()
    {
        var writer = new PcapngWriter(new ArrayBufferWriter<byte>());
        writer.WriteSection("PiTap test");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WritePacket(0, Packet(1, 1, [1])));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteStatistics(0, 0, 0, 0, 0));
    }

    [Fact]
    public void Writing_a_packet_allocates_nothing_of_its_own()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var writer = new PcapngWriter(output);
        writer.WriteSection("PiTap test");
        writer.WriteInterface(LinkType.Ethernet, 0);
        writer.WritePacket(0, Packet(1, 3, [1, 2, 3]), "first");
        byte[] data = new byte[60];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5000; i++)
            writer.WritePacket(0, Packet(i, 60, data), "identifier in clear");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Wireshark_reads_what_is_written()
    {
        byte[] file = Write(
            writer =>
            {
                writer.WritePacket(0, Packet(1_600_000_000_123_456_789, 1500, new byte[61]), "the phone's number");
                writer.WritePacket(0, Packet(1_600_000_001_000_000_000, 60, new byte[60]));
                writer.WriteStatistics(0, 1_600_000_002_000_000_000, 12, 3, 4);
            });
        string path = Path.Combine(Path.GetTempPath(), $"pitap-{Guid.NewGuid():N}.pcapng");
        File.WriteAllBytes(path, file);
        try
        {
            string? fields = Run("tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e",
                "frame.cap_len", "-e", "frame.interface_name", "-e", "frame.comment");
            Assert.SkipWhen(fields is null, "tshark is not installed.");
            Assert.Equal("1600000000.123456789\t1500\t61\twlan0\tthe phone's number\n1600000001.000000000\t60\t60\twlan0\t\n", fields);
            string? info = Run("capinfos", path);
            Assert.SkipWhen(info is null, "capinfos is not installed.");
            Assert.Contains("PiTap test", info, StringComparison.Ordinal);
            Assert.Contains("Number of stat entries = 1", info, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Write(Action<PcapngWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        writer.WriteSection("PiTap test");
        writer.WriteInterface(LinkType.Ethernet, 262_144, "wlan0");
        write(writer);
        return output.WrittenSpan.ToArray();
    }

    private static CapturedPacket Packet(long timeNs, int original, ReadOnlySpan<byte> data) =>
        new() { TimeNs = timeNs, Link = LinkType.Ethernet, OriginalLength = original, Data = data };

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
