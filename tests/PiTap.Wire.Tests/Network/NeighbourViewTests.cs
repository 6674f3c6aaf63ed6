using CsCheck;
using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Network;

namespace PiTap.Wire.Tests.Network;

public sealed class NeighbourViewTests
{
    private static readonly IpAddress s_prefix = Packets.Ip("2001:db8:7::");
    private static readonly byte[] s_router = NeighbourBytes.Router(options:
        [1, 1, 2, 0, 0, 0, 0, 1, .. NeighbourBytes.Prefix(s_prefix), .. NeighbourBytes.Prefix(Packets.Ip("fd00::"), 48, 0x40)]);

    private static List<AnnouncedPrefix> Prefixes(NeighbourView view)
    {
        List<AnnouncedPrefix> prefixes = [];
        int place = 0;
        while (view.TryNextPrefix(ref place, out AnnouncedPrefix prefix))
            prefixes.Add(prefix);
        return prefixes;
    }

    [Fact]
    public void A_router_announces_itself_and_its_prefixes()
    {
        Assert.Equal(ParseStatus.Ok, NeighbourView.Parse(s_router, out NeighbourView view));
        Assert.Equal((NeighbourKind.RouterAdvertisement, true, default(IpAddress)), (view.Kind, view.IsRouter, view.Target));
        Assert.Equal([new AnnouncedPrefix(s_prefix, 64), new AnnouncedPrefix(Packets.Ip("fd00::"), 48)], Prefixes(view));
        Assert.Equal(ParseStatus.Ok, NeighbourView.Parse(NeighbourBytes.Router(lifetime: 0), out view));
        Assert.False(view.IsRouter);
        Assert.Empty(Prefixes(view));
    }

    [Theory]
    // Neither for the link nor for addresses; for no time; longer than an address.
    [InlineData(64, 0x3f, 1)]
    [InlineData(64, 0xc0, 0)]
    [InlineData(129, 0xc0, 1)]
    public void A_prefix_that_says_nothing_of_the_link_is_left_out(int bits, byte flags, byte valid)
    {
        byte[] message = NeighbourBytes.Router(options:
            [.. NeighbourBytes.Prefix(s_prefix, bits, flags, valid), .. NeighbourBytes.Prefix(s_prefix)]);
        Assert.Equal(ParseStatus.Ok, NeighbourView.Parse(message, out NeighbourView view));
        Assert.Equal([new AnnouncedPrefix(s_prefix, 64)], Prefixes(view));
    }

    [Fact]
    public void Neighbours_name_an_address()
    {
        byte[] answer = NeighbourBytes.Advertisement(Packets.Phone6, Packets.PhoneMac, 0xe0);
        Assert.Equal(ParseStatus.Ok, NeighbourView.Parse(answer, out NeighbourView view));
        Assert.Equal((NeighbourKind.NeighbourAdvertisement, true, Packets.Phone6), (view.Kind, view.IsRouter, view.Target));
        Assert.Equal(ParseStatus.Ok, NeighbourView.Parse(NeighbourBytes.Solicitation(Packets.Phone6, Packets.PhoneMac), out view));
        Assert.Equal((NeighbourKind.NeighbourSolicitation, false, Packets.Phone6), (view.Kind, view.IsRouter, view.Target));
        Assert.Empty(Prefixes(view));
    }

    [Fact]
    public void Other_messages_are_refused()
    {
        Assert.Equal(ParseStatus.Unsupported, NeighbourView.Parse([128, 0, 0, 0, 0, 1, 0, 1], out _));
        Assert.Equal(ParseStatus.Malformed, NeighbourView.Parse([134, 1, .. new byte[14]], out _));
        byte[] ofGroup = NeighbourBytes.Advertisement(Packets.Ip("ff02::1"), Packets.PhoneMac);
        Assert.Equal(ParseStatus.Malformed, NeighbourView.Parse(ofGroup, out _));
        // An option without a length leads nowhere.
        byte[] endless = NeighbourBytes.Router(options: [.. new byte[8], .. NeighbourBytes.Prefix(s_prefix)]);
        Assert.Equal(ParseStatus.Ok, NeighbourView.Parse(endless, out NeighbourView view));
        Assert.Empty(Prefixes(view));
    }

    [Fact]
    public void Shorter_messages_are_truncated_and_changed_ones_end()
    {
        foreach (byte[] message in (byte[][])[s_router, NeighbourBytes.Advertisement(Packets.Phone6, Packets.PhoneMac)])
        {
            for (int length = 0; length < message.Length; length++)
            {
                ParseStatus status = NeighbourView.Parse(message.AsSpan(0, length), out NeighbourView view);
                Assert.Equal(length < (message[0] == 134 ? 16 : 24) ? ParseStatus.Truncated : ParseStatus.Ok, status);
                if (status == ParseStatus.Ok)
                    Assert.True(Prefixes(view).Count <= 2);
            }
            for (int offset = 0; offset < message.Length; offset++)
            {
                byte[] changed = [.. message];
                for (int value = 0; value < 256; value++)
                {
                    changed[offset] = (byte)value;
                    if (NeighbourView.Parse(changed, out NeighbourView view) == ParseStatus.Ok)
                        Prefixes(view);
                }
            }
        }
    }

    [Fact]
    public void Whatever_the_bytes_it_ends() => Gen.Byte.Array[0, 200].Sample(static bytes =>
    {
        if (bytes.Length > 0)
            bytes[0] = 134;
        if (NeighbourView.Parse(bytes, out NeighbourView view) == ParseStatus.Ok)
            Assert.True(Prefixes(view).Count < bytes.Length);
    });

    [Fact]
    public void Nothing_is_allocated()
    {
        Count();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5_000; i++)
            Count();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Count()
        {
            NeighbourView.Parse(s_router, out NeighbourView view);
            int place = 0;
            while (view.TryNextPrefix(ref place, out _))
                continue;
        }
    }
}
