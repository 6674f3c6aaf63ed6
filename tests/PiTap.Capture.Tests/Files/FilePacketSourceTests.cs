using System.Buffers;
using System.Diagnostics;
using System.IO.Compression;
using PiTap.Capture.Files;
using PiTap.Model;
using PiTap.Wire.Pcap;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PiTap.Capture.Tests.Files;

public sealed class FilePacketSourceTests : IDisposable
{
    private const int Packets = 3000;

    private static readonly byte[] s_capture = MakeCapture(Packets, LinkType.Ethernet);

    // A member without content, field by field after RFC 1952 section 2.3: .NET writes none.
    private static readonly byte[] s_emptyGzip = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pitap-capture");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("gzip in members")]
    [InlineData("gzip with garbage behind")]
    [InlineData("zstd")]
    [InlineData("zstd in frames")]
    public void A_file_is_read_however_it_is_compressed_and_whatever_it_is_called(string how)
    {
        byte[] file = Pack(how);
        using FilePacketSource source = FilePacketSource.Open(Write("capture.txt", file));
        (int packets, ReadStatus status) = ReadAll(source);
        Assert.Equal((Packets, ReadStatus.End), (packets, status));
        Assert.Null(source.Failure);
        Assert.Equal(file.Length, source.LengthBytes);
        Assert.Equal(file.Length, source.BytesRead);
        Assert.Equal(Packets, source.Counters().Received);
    }

    [Fact]
    public void A_large_file_is_read_ahead_and_gives_every_packet()
    {
        string path = Path.Combine(_folder.FullName, "large.pcapng");
        using (FileStream file = File.Create(path))
        {
            for (int i = 0; i < 20; i++)
                file.Write(s_capture);
        }
        using FilePacketSource source = FilePacketSource.Open(path);
        Assert.Equal((20 * Packets, ReadStatus.End), ReadAll(source));
    }

    [Fact]
    public void A_path_that_is_no_file_has_its_own_sentence()
    {
        string missing = Path.Combine(_folder.FullName, "nothing.pcap");
        Assert.Equal($"There is no file {missing}.", Assert.Throws<CaptureException>(() => FilePacketSource.Open(missing)).Message);
        string folder = _folder.FullName;
        Assert.Equal($"{folder} is a directory, not a capture file.",
            Assert.Throws<CaptureException>(() => FilePacketSource.Open(folder)).Message);
        string below = Path.Combine(missing, "x.pcap");
        Assert.Equal($"There is no file {below}.", Assert.Throws<CaptureException>(() => FilePacketSource.Open(below)).Message);
    }

    [Fact]
    public void A_file_that_may_not_be_read_has_its_own_sentence()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may read everything.");
        if (OperatingSystem.IsWindows())
            return;
        string path = Write("secret.pcap", s_capture);
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Contains("no permission", Assert.Throws<CaptureException>(() => FilePacketSource.Open(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_capture_has_its_own_sentence()
    {
        Assert.EndsWith("e.pcap is empty.", OpenError("e.pcap", []), StringComparison.Ordinal);
        Assert.EndsWith(
            "is no capture: it begins with 3C68746D6C3E0A01 (\"<html>..\"), and neither pcap nor pcapng begins so.",
            OpenError("page.pcap", "<html>\n\u0001</html>"u8.ToArray()),
            StringComparison.Ordinal);
        Assert.Contains("unfolds to is no capture", OpenError("x.gz", Gzip("plain text, a line of it"u8)), StringComparison.Ordinal);
        Assert.Contains("unfolds to is empty", OpenError("x.gz", s_emptyGzip), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_file_names_the_file_and_the_offset_and_keeps_what_came_before()
    {
        string path = Write("cut.pcapng", s_capture[..^10]);
        using FilePacketSource source = FilePacketSource.Open(path);
        (int packets, ReadStatus status) = ReadAll(source);
        Assert.Equal((Packets - 1, ReadStatus.Failed), (packets, status));
        Assert.StartsWith($"{path} is cut off at byte {s_capture.Length - 10}: ", source.Failure, StringComparison.Ordinal);
        Assert.EndsWith(" What came before it holds.", source.Failure, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.Failed, source.Read(out _));
    }

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 8)]
    [InlineData("gzip", 5000)]
    [InlineData("gzip in members", 3)]
    [InlineData("zstd", 1)]
    [InlineData("zstd", 5000)]
    public void A_cut_compressed_file_is_noticed_even_where_every_packet_is_whole(string how, int missingBytes)
    {
        string path = Write("cut", Pack(how)[..^missingBytes]);
        using FilePacketSource source = FilePacketSource.Open(path);
        (int packets, ReadStatus status) = ReadAll(source);
        Assert.Equal(ReadStatus.Failed, status);
        Assert.InRange(packets, 1, Packets);
        Assert.StartsWith($"{path} is cut off: its {how[..4]} data end early, at byte ", source.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void A_damaged_compressed_file_keeps_what_came_before(string how)
    {
        byte[] file = Pack(how);
        file.AsSpan(file.Length * 3 / 4, 64).Fill(0x55);
        string path = Write("damaged", file);
        using FilePacketSource source = FilePacketSource.Open(path);
        (int packets, ReadStatus status) = ReadAll(source);
        Assert.Equal(ReadStatus.Failed, status);
        Assert.InRange(packets, 1, Packets - 1);
        Assert.StartsWith($"{path} is damaged: its {how} data cannot be decompressed beyond byte ", source.Failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_type_that_is_not_read_is_named()
    {
        using FilePacketSource source = FilePacketSource.Open(Write("usb.pcapng", MakeCapture(1, (LinkType)220)));
        Assert.Equal((1, ReadStatus.Failed), ReadAll(source));
        Assert.Contains("link type 220 (USB on Linux), which PiTap does not read. It reads Ethernet, Wi-Fi, ", source.Failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pcap_file_of_a_link_type_that_is_not_read_is_refused_at_once()
    {
        byte[] pcap = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, .. new byte[8], 0, 0, 1, 0, 187, 0, 0, 0, .. new byte[8], 1, 0, 0, 0, 1, 0, 0,
            0, 9];
        using FilePacketSource source = FilePacketSource.Open(Write("bluetooth.pcap", pcap));
        Assert.Equal((0, ReadStatus.Failed), ReadAll(source));
        Assert.Contains("link type 187 (Bluetooth)", source.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_described_behind_packets_of_another_kind_is_read()
    {
        byte[] usb = MakeCapture(2, (LinkType)220);
        using FilePacketSource source = FilePacketSource.Open(Write("late.pcapng", [.. usb, .. s_capture]));
        Assert.Equal((2 + Packets, ReadStatus.End), ReadAll(source));
    }

    [Fact]
    public void A_file_that_is_closed_early_lets_go_of_it()
    {
        string path = Write("big.pcapng", [.. Enumerable.Repeat(s_capture, 20).SelectMany(bytes => bytes)]);
        for (int i = 0; i < 20; i++)
        {
            using FilePacketSource source = FilePacketSource.Open(path);
            Assert.Equal(ReadStatus.Packet, ReadOne(source));
        }
    }

    [Fact]
    public void A_named_pipe_gives_packets_as_they_come()
    {
        string path = Path.Combine(_folder.FullName, "pipe");
        using (var mkfifo = Process.Start("mkfifo", path))
            mkfifo.WaitForExit();
        byte[] first = MakeCapture(1, LinkType.Ethernet);
        using var written = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            using var pipe = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            pipe.Write(first);
            pipe.Flush();
            written.Wait();
            pipe.Write(first);
        });
        writer.IsBackground = true;
        writer.Start();
        using FilePacketSource source = FilePacketSource.Open(path);
        Assert.Null(source.LengthBytes);
        Assert.Equal(ReadStatus.Packet, ReadOne(source));
        // The pipe is open and has nothing: that is no end.
        Assert.Equal(ReadStatus.Idle, source.Read(out _));
        written.Set();
        Assert.Equal((1, ReadStatus.End), ReadAll(source));
        writer.Join();
    }

    private static ReadStatus ReadOne(FilePacketSource source)
    {
        ReadStatus status;
        do
            status = source.Read(out _);
        while (status == ReadStatus.Idle);
        return status;
    }

    private static (int Packets, ReadStatus Status) ReadAll(FilePacketSource source)
    {
        int packets = 0;
        ReadStatus status;
        while ((status = ReadOne(source)) == ReadStatus.Packet)
            packets++;
        return (packets, status);
    }

    private string OpenError(string name, byte[] file) =>
        Assert.Throws<CaptureException>(() => FilePacketSource.Open(Write(name, file))).Message;

    private string Write(string name, byte[] file)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, file);
        return path;
    }

    private static byte[] Pack(string how)
    {
        ReadOnlySpan<byte> front = s_capture.AsSpan(0, 100_001);
        ReadOnlySpan<byte> back = s_capture.AsSpan(100_001);
        return how switch
        {
            "gzip" => Gzip(s_capture),
            "gzip in members" => [.. Gzip(front), .. Gzip(back)],
            "gzip with garbage behind" => [.. Gzip(s_capture), .. new byte[100]],
            "zstd" => Zstd(s_capture),
            "zstd in frames" => [.. Zstd(front), .. Zstd(back)],
            _ => [.. s_capture],
        };
    }

    private static byte[] Gzip(ReadOnlySpan<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return output.ToArray();
    }

    private static byte[] Zstd(ReadOnlySpan<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var zstd = new CompressionStream(output))
        {
            zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(bytes);
        }
        return output.ToArray();
    }

    private static byte[] MakeCapture(int packets, LinkType link)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        writer.WriteSection("PiTap test");
        writer.WriteInterface(link, 0, "test0");
        var random = new Random(1);
        byte[] data = new byte[300];
        for (int i = 0; i < packets; i++)
        {
            // Of a few values only, so that there is something to compress.
            for (int j = 0; j < data.Length; j++)
                data[j] = (byte)random.Next(12);
            writer.WritePacket(
                0, new CapturedPacket { TimeNs = i, Link = link, OriginalLength = 300, Data = data.AsSpan(0, 1 + random.Next(299)) });
        }
        return output.WrittenSpan.ToArray();
    }
}
