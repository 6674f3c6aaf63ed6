using CsCheck;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Link;

namespace PiTap.Wire.Tests.Link;

public sealed class CapturingAppTests
{
    private static readonly byte[] s_packet = Packets.Ip(Packets.Phone, Packets.Server, 17, Packets.Udp(40_000, 53, [1, 2, 3]));
    private static readonly byte[] s_named = CaptureHeaders.WithApp(s_packet, "Example"u8);

    private static string Name(LinkType link, ReadOnlySpan<byte> frame) =>
        System.Text.Encoding.ASCII.GetString(CapturingApp.NameOf(link, frame));

    [Fact]
    [Trait("cap", "Wire.CapturingApp.MaxNameBytes")]
    public void The_trailer_is_read_where_it_is_one()
    {
        Assert.Equal("Example", Name(LinkType.Ethernet, s_named));
        Assert.Equal("12345678901234567890", Name(LinkType.Ethernet, CaptureHeaders.WithApp(s_packet, "12345678901234567890more"u8)));
        Assert.Equal("", Name(LinkType.Raw, s_named));
        Assert.Equal("", Name(LinkType.Ethernet, CaptureHeaders.WithApp(s_packet, "Example"u8, uint.MaxValue)));
        for (int length = 0; length < s_named.Length; length++)
            Assert.Equal("", Name(LinkType.Ethernet, s_named.AsSpan(0, length)));
        foreach (int offset in (int[])[0, 11, s_named.Length - 32, s_named.Length - 29])
        {
            byte[] changed = [.. s_named];
            changed[offset] ^= 0x40;
            Assert.Equal("", Name(LinkType.Ethernet, changed));
        }
    }

    [Fact]
    public void The_process_is_read_from_a_whole_header()
    {
        byte[] frame = CaptureHeaders.PktAp(s_packet, 101);
        "process"u8.CopyTo(frame.AsSpan(56));
        Assert.Equal("process", Name(LinkType.PktAp, frame));
        Assert.Equal("", Name(LinkType.PktAp, frame.AsSpan(0, 107)));
        frame[0] = 107;
        Assert.Equal("", Name(LinkType.PktAp, frame));
    }

    [Fact]
    public void Whatever_the_bytes_a_name_is_a_part_of_them() => Gen.Byte.Array[0, 200].Sample(static bytes =>
    {
        if (bytes.Length > 50)
            bytes.AsSpan(0, 12).Clear();
        if (bytes.Length > 50)
            ((ReadOnlySpan<byte>)[1, 7, 0x20, 0x21]).CopyTo(bytes.AsSpan(bytes.Length - 32));
        foreach (LinkType link in (LinkType[])[LinkType.Ethernet, LinkType.PktAp])
            Assert.True(CapturingApp.NameOf(link, bytes).Length <= CapturingApp.MaxNameBytes);
    });

    [Fact]
    public void Nothing_is_allocated()
    {
        CapturingApp.NameOf(LinkType.Ethernet, s_named);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5_000; i++)
            CapturingApp.NameOf(LinkType.Ethernet, s_named);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
