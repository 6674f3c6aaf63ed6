using System.Text;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class NbnsViewTests
{
    private static string? NameOf(byte[] message)
    {
        Span<byte> text = stackalloc byte[NbnsView.MaxNameTextBytes];
        return NbnsView.Parse(message, out NbnsView nbns) == ParseStatus.Ok && nbns.TryWriteName(text, out int written)
            ? $"{Encoding.ASCII.GetString(text[..written])}<{nbns.Suffix:x2}>"
            : null;
    }

    [Fact]
    public void The_example_of_RFC_1001_is_read()
    {
        // RFC 1001 section 14.1 writes "FRED" with a space as its last byte like this.
        byte[] message = TunnelBytes.Nbns("FRED", 0x20);
        "EGFCEFEECACACACACACACACACACACACA"u8.CopyTo(message.AsSpan(13));
        Assert.Equal("FRED<20>", NameOf(message));
        Assert.Equal(TunnelBytes.Nbns("FRED", 0x20), message);
    }

    [Theory]
    [InlineData(0x0110, false, 0, false)]
    [InlineData(0x2910, false, 5, true)]
    [InlineData(0x3000, false, 6, true)]
    [InlineData(0x8500, true, 0, false)]
    [InlineData(0xad80, true, 5, false)]
    public void The_header_tells_who_is_named(int flags, bool isResponse, int opcode, bool namesSender)
    {
        Assert.Equal(ParseStatus.Ok, NbnsView.Parse(TunnelBytes.Nbns("PC", 0, (ushort)flags), out NbnsView nbns));
        Assert.Equal((0x1234, isResponse, opcode, namesSender), ((int)nbns.TransactionId, nbns.IsResponse, nbns.Opcode, nbns.NamesSender));
    }

    [Theory]
    [InlineData(0x00, false, true)]
    [InlineData(0x20, false, true)]
    [InlineData(0x00, true, false)]
    [InlineData(0x1e, false, false)]
    public void A_registration_tells_a_host_from_a_group(byte suffix, bool isGroup, bool namesHost)
    {
        foreach (bool isRepeated in (bool[])[false, true])
        {
            byte[] message = TunnelBytes.NbnsRegistration("PC", suffix, isGroup, isRepeated);
            Assert.Equal(ParseStatus.Ok, NbnsView.Parse(message, out NbnsView nbns));
            Assert.Equal((namesHost, true), (nbns.NamesHost, nbns.NamesSender));
            // Without the record that says so nothing is known.
            int recordEnd = message.Length - 6;
            Assert.Equal(ParseStatus.Ok, NbnsView.Parse(message.AsSpan(0, recordEnd), out nbns));
            Assert.False(nbns.NamesHost);
        }
    }

    [Fact]
    public void Odd_bytes_in_a_name_are_escaped()
    {
        Assert.Equal("A\\.B\\032C<00>", NameOf(TunnelBytes.Nbns("A.B C", 0)));
        Assert.Equal("\\001\\002__MSBROWSE__\\002<01>", NameOf(TunnelBytes.Nbns("\u0001\u0002__MSBROWSE__\u0002", 1)));
    }

    [Fact]
    public void What_is_no_NetBIOS_name_is_refused()
    {
        byte[] message = TunnelBytes.Nbns("PC", 0);
        foreach ((int offset, byte value) in ((int, byte)[])[(5, 2), (5, 0), (12, 31), (20, (byte)'Q'), (20, (byte)'a'), (45, 1), (47, 1)])
        {
            byte[] changed = [.. message];
            changed[offset] = value;
            Assert.Null(NameOf(changed));
        }
        Assert.Null(NameOf(new DnsBytes(DnsBytes.Query).Question("a-name-of-thirty-two-characters-x", 1).ToArray()));
    }

    private static void TouchAll(byte[] message)
    {
        NameOf(message);
        if (NbnsView.Parse(message, out NbnsView nbns) == ParseStatus.Ok)
            HostileBytes.Require(nbns.NamesSender || !nbns.NamesHost, "a host named by someone else");
    }

    [Fact]
    public void Nothing_that_is_cut_damaged_or_random_throws()
    {
        byte[] message = TunnelBytes.NbnsRegistration("PC", 0);
        HostileBytes.EveryPrefix(message, TouchAll);
        HostileBytes.EveryByteChange(message, TouchAll);
        HostileBytes.Random(message, TouchAll);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] message = TunnelBytes.NbnsRegistration("PC", 0);
        byte[] text = new byte[NbnsView.MaxNameTextBytes];
        Assert.Equal(
            0, HostileBytes.Allocated(
                () => HostileBytes.Require(
                    NbnsView.Parse(message, out NbnsView nbns) == ParseStatus.Ok && nbns.TryWriteName(text, out _), "no name")));
    }
}
