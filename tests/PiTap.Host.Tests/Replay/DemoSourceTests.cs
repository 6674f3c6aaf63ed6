using PiTap.Host.Replay;
using PiTap.Host.Tests.Live;
using PiTap.Model;

namespace PiTap.Host.Tests.Replay;

public sealed class DemoSourceTests
{
    private static readonly byte[] s_capture = Capture();

    [Fact]
    public void Without_a_clock_all_packets_are_there_at_once_and_each_is_counted()
    {
        using DemoSource source = new("demo", s_capture, clock: null);
        int packets = 0;
        while (source.Read(out CapturedPacket packet) == ReadStatus.Packet)
        {
            packets++;
            Assert.NotEqual(0, packet.Data.Length);
        }
        Assert.Equal(ReadStatus.End, source.Read(out _));
        Assert.Equal((packets, "demo"), (source.Counters().Received, source.Counters().Source));
        Assert.True(packets > 1_000);
    }

    [Fact]
    public void With_a_clock_a_packet_comes_when_its_time_has_come_and_is_the_same()
    {
        ManualClock clock = new();
        using DemoSource timed = new("demo", s_capture, clock);
        using DemoSource whole = new("demo", s_capture, clock: null);
        long firstNs = 0;
        int idle = 0;
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(ReadStatus.Packet, whole.Read(out CapturedPacket expected));
            firstNs = i == 0 ? expected.TimeNs : firstNs;
            TimeSpan due = TimeSpan.FromTicks((expected.TimeNs - firstNs) / TimeSpan.NanosecondsPerTick);
            if (due > clock.Elapsed)
            {
                Assert.Equal(ReadStatus.Idle, timed.Read(out _));
                clock.Advance(due - clock.Elapsed);
                idle++;
            }
            Assert.Equal(ReadStatus.Packet, timed.Read(out CapturedPacket packet));
            Assert.Equal((expected.TimeNs, expected.Link, expected.OriginalLength), (packet.TimeNs, packet.Link, packet.OriginalLength));
            Assert.True(expected.Data.SequenceEqual(packet.Data));
        }
        Assert.True(idle > 0);
    }

    [Fact]
    public void It_ends_when_it_is_told_to()
    {
        using DemoSource source = new("demo", s_capture, new ManualClock());
        source.Read(out _);
        source.Stop();
        Assert.Equal(ReadStatus.End, source.Read(out _));
    }

    [Fact]
    public void What_is_no_capture_is_said()
    {
        using DemoSource source = new("demo", new byte[100], clock: null);
        Assert.Equal(ReadStatus.Failed, source.Read(out _));
        Assert.Contains("install PiTap again", source.Failure, StringComparison.Ordinal);
    }

    private static byte[] Capture()
    {
        using Stream stream = DemoCapture.Open();
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
