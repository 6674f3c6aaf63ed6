using CsCheck;
using PiTap.Model;
using PiTap.Wire.Frames;
using static PiTap.TestKit.Packets;

namespace PiTap.Wire.Tests.Frames;

public sealed class FragmentReassemblerTests
{
    private static readonly byte[] s_datagram = Udp(40_000, 53, [.. Enumerable.Range(0, 3_000).Select(static i => (byte)i)]);

    private static Frame Fragment(int offset, int length, bool more, ushort identification = 7)
    {
        Frame.Parse(LinkType.Raw, Ipv4(Phone, Server, IpProtocols.Udp, s_datagram.AsSpan(offset, length), identification, offset, more),
            out Frame frame);
        return frame;
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void Fragments_make_the_datagram_in_any_order(int first, int second, int third)
    {
        var reassembler = new FragmentReassembler();
        (int, int, bool)[] parts = [(0, 1_000, true), (1_000, 1_000, true), (2_000, s_datagram.Length - 2_000, false)];
        foreach (int index in (int[])[first, second])
            Assert.Equal(FragmentOutcome.Waiting, Add(reassembler, parts[index], out _));
        Assert.Equal(FragmentOutcome.Complete, Add(reassembler, parts[third], out byte[] payload));
        Assert.Equal(s_datagram, payload);

        static FragmentOutcome Add(FragmentReassembler reassembler, (int, int, bool) part, out byte[] payload)
        {
            FragmentOutcome outcome = reassembler.Add(
                Fragment(part.Item1, part.Item2, part.Item3), 0, out PartialDatagram datagram, out ReadOnlySpan<byte> bytes);
            payload = bytes.ToArray();
            if (part.Item1 == 0)
                Assert.Equal((true, (ushort)40_000, (ushort)53), (datagram.HasPorts, datagram.SourcePort, datagram.DestinationPort));
            return outcome;
        }
    }

    [Fact]
    public void Any_cut_in_any_order_with_duplicates_gives_the_datagram_back() =>
        Gen.Select(Gen.Int[1, 360].List[0, 12], Gen.Int[0, int.MaxValue]).Sample((cuts, seed) =>
        {
            int[] offsets =
                [.. cuts.Select(static cut => cut * 8).Append(0).Distinct().Where(static offset => offset < s_datagram.Length).Order()];
            List<(int Offset, int Length, bool More)> parts = [.. offsets.Select((offset, i) =>
                (offset, (i + 1 < offsets.Length ? offsets[i + 1] : s_datagram.Length) - offset, i + 1 < offsets.Length))];
            parts.AddRange(parts.Take(2).ToList());
            var random = new Random(seed);
            (int, int, bool)[] order = [.. parts.OrderBy(_ => random.Next())];
            var reassembler = new FragmentReassembler();
            int completed = 0;
            foreach ((int offset, int length, bool more) in order)
            {
                if (reassembler.Add(Fragment(offset, length, more), 0, out _, out ReadOnlySpan<byte> payload) == FragmentOutcome.Complete)
                {
                    completed++;
                    Assert.True(payload.SequenceEqual(s_datagram));
                }
            }
            // A single unfragmented part is no fragment for IP, but the reassembler takes it all the same.
            Assert.Equal(1, completed);
        });

    [Fact]
    public void Overlapping_fragments_give_the_datagram_up()
    {
        var reassembler = new FragmentReassembler();
        reassembler.Add(Fragment(0, 1_000, true), 0, out _, out _);
        Assert.Equal(FragmentOutcome.Rejected, reassembler.Add(Fragment(992, 1_000, true), 0, out _, out _));
        Assert.Equal(1, reassembler.GivenUp);
        Assert.Equal(FragmentOutcome.Rejected, reassembler.Add(Fragment(1_000, 1_000, true), 0, out PartialDatagram datagram, out _));
        Assert.True(datagram.HasPorts);
    }

    [Fact]
    [Trait("cap", "Wire.FragmentReassembler.MaxDatagrams")]
    public void Old_and_surplus_datagrams_come_out_and_the_number_stays_bounded()
    {
        var reassembler = new FragmentReassembler();
        for (int i = 0; i < 10_000; i++)
        {
            while (reassembler.TryExpire(i, out PartialDatagram? expired))
                Assert.NotNull(expired);
            reassembler.Add(Fragment(8, 8, true, (ushort)i), i, out _, out _);
        }
        int left = 0;
        while (reassembler.TryTakeOldest(out _))
            left++;
        Assert.InRange(left, 1, 256 + 1);
        Assert.False(reassembler.TryExpire(long.MaxValue, out _));

        reassembler.Add(Fragment(8, 8, true), 0, out _, out _);
        Assert.False(reassembler.TryExpire(FragmentReassembler.TimeoutNs, out _));
        Assert.True(reassembler.TryExpire(FragmentReassembler.TimeoutNs + 1, out _));
    }
}
