using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PiTap.Capture.Files;
using PiTap.Capture.Live;
using PiTap.Model;

namespace PiTap.Capture.Tests.Live;

public sealed class LivePacketSourceTests
{
    private const int Port = 9099;

    [Fact]
    public void It_sees_exactly_what_tcpdump_sees()
    {
        VethPair.RequireRoot();
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump") || File.Exists("/usr/sbin/tcpdump"), "tcpdump is not installed.");
        using var pair = new VethPair();
        string path = Path.Combine(Path.GetTempPath(), $"pitap-{Guid.NewGuid():N}.pcap");
        List<int> live;
        SourceCounters counters;
        using (var tcpdump = Process.Start(
            new ProcessStartInfo("tcpdump",
                ["-i", pair.Name, "-U", "-s", "0", "-Z", "root", "-w", path, $"udp port {Port}"])
            { RedirectStandardError = true })!)
        {
            Assert.Contains("listening on", tcpdump.StandardError.ReadLine(), StringComparison.Ordinal);
            using LivePacketSource source =
                LivePacketSource.Open(new LiveCaptureOptions { Interface = pair.Name, Filter = $"udp port {Port}" });
            live = [];
            for (int i = 0; i < 20; i++)
            {
                Send(pair.PeerAddress, 100);
                Drain(source, live);
            }
            source.Stop();
            ReadToEnd(source, live);
            counters = source.Counters();
            Assert.Null(source.Failure);
            // It gets its last block from the kernel up to a second later; then file header, and a header before each packet.
            long expectedBytes = 24 + live.Sum(static length => 16L + length);
            WaitUntil(null, () => new FileInfo(path).Length >= expectedBytes);
            Assert.Equal(0, Interrupt(tcpdump));
        }
        var recorded = new List<int>();
        using (FilePacketSource file = FilePacketSource.Open(path))
            ReadToEnd(file, recorded);
        File.Delete(path);
        Assert.Equal(2000, live.Count);
        Assert.Equal(recorded, live);
        Assert.Equal((2000L, 0L, 0L, 0L), (counters.Received, counters.DroppedByKernel, counters.DroppedByRing, counters.Interruptions));
    }

    [Fact]
    public void A_packet_is_there_within_200_milliseconds_and_has_the_time_of_now()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        using LivePacketSource source = LivePacketSource.Open(new LiveCaptureOptions { Interface = pair.Name, Filter = "udp" });
        for (int i = 0; i < 5; i++)
        {
            long sentNs = PacketTime.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
            long sent = Stopwatch.GetTimestamp();
            Send(pair.PeerAddress, 1);
            CapturedPacket packet = ReadOne(source);
            Assert.InRange(Stopwatch.GetElapsedTime(sent).TotalMilliseconds, 0, 200);
            Assert.InRange(packet.TimeNs - sentNs, -1_000_000, PacketTime.NanosecondsPerSecond);
            Assert.Equal(LinkType.Ethernet, packet.Link);
        }
    }

    [Fact]
    public void An_interface_that_is_deleted_and_made_again_is_taken_up_again()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        var notices = new ConcurrentQueue<string>();
        using LivePacketSource source =
            LivePacketSource.Open(new LiveCaptureOptions { Interface = pair.Name, Filter = "udp", Notice = notices.Enqueue });
        Send(pair.PeerAddress, 1);
        ReadOne(source);
        pair.DeleteLink();
        // On its way out it may lose its addresses first, which is said too.
        WaitUntil(source, () => notices.Any(static notice => notice.Contains("went away", StringComparison.Ordinal)));
        pair.CreateLink();
        WaitUntil(source, () => source.Counters().Interruptions == 1);
        Send(pair.PeerAddress, 3);
        for (int i = 0; i < 3; i++)
            ReadOne(source);
        SourceCounters counters = source.Counters();
        Assert.Equal((4L, 1L, 0L), (counters.Received, counters.Interruptions, counters.DroppedByInterface));
        Assert.Null(source.Failure);
    }

    [Fact]
    public void Management_traffic_never_leaves_the_kernel()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        using var management = new TcpListener(pair.Address, 2222);
        using var other = new TcpListener(pair.Address, 2223);
        management.Start();
        other.Start();
        using LivePacketSource source =
            LivePacketSource.Open(new LiveCaptureOptions { Interface = pair.Name, Filter = "tcp", ManagementPorts = [22, 2222] });
        Assert.Contains(pair.Address.ToString(), source.KernelFilter, StringComparison.Ordinal);
        pair.RunInNamespace($"echo hello > /dev/tcp/{pair.Address}/2222; echo hello > /dev/tcp/{pair.Address}/2223");
        source.Stop();
        var ports = new HashSet<int>();
        while (TryRead(source, out CapturedPacket packet))
        {
            ports.Add(BinaryPrimitives.ReadUInt16BigEndian(packet.Data[34..]));
            ports.Add(BinaryPrimitives.ReadUInt16BigEndian(packet.Data[36..]));
        }
        Assert.Contains(2223, ports);
        Assert.DoesNotContain(2222, ports);
    }

    [Fact]
    public void An_address_that_comes_later_is_left_out_too()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        using LivePacketSource source = LivePacketSource.Open(new LiveCaptureOptions { Interface = pair.Name });
        VethPair.Ip("addr", "add", "198.19.255.1/32", "dev", pair.Name);
        WaitUntil(
            source,
            () =>
            {
                Send(pair.PeerAddress, 1);
                return source.KernelFilter.Contains("src host 198.19.255.1", StringComparison.Ordinal);
            });
    }

    [Fact]
    public void What_the_ring_has_no_room_for_is_counted()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        using LivePacketSource source = LivePacketSource.Open(
            new LiveCaptureOptions { Interface = pair.Name, Filter = $"udp port {Port}", RingBytes = 1024 * 1024, ManagementPorts = [] });
        Assert.Equal($"udp port {Port}", source.KernelFilter);
        Send(pair.PeerAddress, 2000);
        source.Stop();
        WaitUntil(null, () => source.Counters().Received == 2000);
        var read = new List<int>();
        ReadToEnd(source, read);
        SourceCounters counters = source.Counters();
        Assert.InRange(counters.DroppedByRing, 1, 1999);
        Assert.Equal(2000, read.Count + counters.DroppedByRing + counters.DroppedByKernel);
    }

    [Fact]
    public void An_interface_that_is_missing_is_an_error_that_names_those_that_exist()
    {
        VethPair.RequireRoot();
        CaptureException error =
            Assert.Throws<CaptureException>(() => LivePacketSource.Open(new LiveCaptureOptions { Interface = "ptapnone" }));
        Assert.StartsWith("There is no interface ptapnone. Those that exist: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(" lo", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_missing_is_waited_for_where_that_is_asked()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        pair.DeleteLink();
        using LivePacketSource source =
            LivePacketSource.Open(new LiveCaptureOptions { Interface = pair.Name, Filter = "udp", WaitsForInterface = true });
        Assert.Equal(ReadStatus.Idle, source.Read(out _));
        pair.CreateLink();
        WaitUntil(source, () => source.KernelFilter.Length > 0);
        Send(pair.PeerAddress, 1);
        ReadOne(source);
        Assert.Equal(0, source.Counters().Interruptions);
    }

    [Fact]
    public void Several_interfaces_are_read_as_one()
    {
        VethPair.RequireRoot();
        using var first = new VethPair();
        using var second = new VethPair();
        using MultiPacketSource source = MultiPacketSource.Open(
            [new LiveCaptureOptions { Interface = first.Name, Filter = "udp" },
                new LiveCaptureOptions { Interface = second.Name, Filter = "udp" }]);
        Assert.Equal($"{first.Name}+{second.Name}", source.Name);
        Assert.Equal(ReadStatus.Idle, source.Read(out _));
        for (int i = 0; i < 50; i++)
        {
            Send(first.PeerAddress, 1);
            Send(second.PeerAddress, 1);
        }
        source.Stop();
        var interfaces = new List<int>();
        while (TryRead(source, out CapturedPacket packet))
            interfaces.Add(packet.Interface);
        Assert.Equal((50, 50), (interfaces.Count(number => number == 0), interfaces.Count(number => number == 1)));
        Assert.Equal([50L, 50L], source.Sources.Select(each => each.Counters().Received));
        Assert.Equal(100, source.Counters().Received);
    }

    [Fact]
    public void All_interfaces_at_once_come_with_a_cooked_header()
    {
        VethPair.RequireRoot();
        using var pair = new VethPair();
        string filter = $"udp port {Port} and host {pair.PeerAddress}";
        using LivePacketSource source =
            LivePacketSource.Open(new LiveCaptureOptions { Interface = LiveCaptureOptions.AnyInterface, Filter = filter });
        Send(pair.PeerAddress, 1);
        Assert.True(ReadOne(source).Link is LinkType.LinuxSll or LinkType.LinuxSll2);
    }

    [Fact]
    public void Opening_one_interface_twice_at_once_is_refused() =>
        Assert.Contains(
            "given twice",
            Assert.Throws<CaptureException>(
                () => MultiPacketSource.Open([new LiveCaptureOptions { Interface = "lo" }, new LiveCaptureOptions { Interface = "lo" }]))
                .Message,
            StringComparison.Ordinal);

    private static void Send(IPAddress to, int packets)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        byte[] data = new byte[1400];
        for (int i = 0; i < packets; i++)
            socket.SendTo(data.AsSpan(0, packets < 2000 ? 1 + i : data.Length), new IPEndPoint(to, Port));
    }

    /// <summary>The next packet; false at the end. A test is stuck after ten seconds.</summary>
    private static bool TryRead(IPacketSource source, out CapturedPacket packet)
    {
        long start = Stopwatch.GetTimestamp();
        ReadStatus status;
        do
        {
            status = source.Read(out packet);
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 10, "Nothing came for ten seconds.");
        }
        while (status == ReadStatus.Idle);
        return status == ReadStatus.Packet;
    }

    private static CapturedPacket ReadOne(IPacketSource source)
    {
        Assert.True(TryRead(source, out CapturedPacket packet), source.Failure);
        return packet;
    }

    private static void ReadToEnd(IPacketSource source, List<int> lengths)
    {
        while (TryRead(source, out CapturedPacket packet))
            lengths.Add(packet.OriginalLength);
    }

    private static void Drain(IPacketSource source, List<int> lengths)
    {
        while (source.Read(out CapturedPacket packet) == ReadStatus.Packet)
            lengths.Add(packet.OriginalLength);
    }

    private static void WaitUntil(LivePacketSource? source, Func<bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        using var never = new ManualResetEventSlim();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start).TotalSeconds < 10, "It did not come about within ten seconds.");
            if (source is null)
                never.Wait(20, TestContext.Current.CancellationToken);
            else
                source.Read(out _);
        }
    }

    private static int Interrupt(Process process)
    {
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        process.WaitForExit();
        return process.ExitCode;
    }
}
