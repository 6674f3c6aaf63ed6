using System.Text;
using CsCheck;
using PiTap.Wire.Application.SdRtn;

namespace PiTap.Wire.Tests.Application.SdRtn;

/// <summary>Packets put together by hand, in the layout that real ones have.</summary>
public sealed class SdRtnViewTests
{
    private static readonly byte[] s_crypto =
        [.. Tag("NONC", new byte[32]), .. Tag("AEAD", "AESG"u8), .. Tag("PUBS", new byte[65]), .. Tag("KEXS", "P256"u8)];

    private static readonly byte[] s_hello =
        Packet(0x21, Tag("SNI\0", "192-0-2-1.edge.agora.io"u8), Tag("PDMD", []), Tag("CPTO", s_crypto), Tag("CCRT", new byte[40]));

    private static readonly byte[] s_reply =
        Packet(0x23, Tag("PEID", [1, 2, 3, 4]), Tag("PROF", new byte[256]), Tag("CPTO", s_crypto), Tag("CRT\u00ff", new byte[28]));

    [Fact]
    public void A_hello_reads_to_every_field()
    {
        Assert.Equal(ParseStatus.Ok, SdRtnView.Parse(s_hello, out SdRtnView view));
        Assert.False(view.IsReply);
        Assert.Equal("192-0-2-1.edge.agora.io", Encoding.ASCII.GetString(view.ServerName));
        Assert.True(view.NegotiatesKey && view.NamesCipher);
        Assert.Equal("AESG", Encoding.ASCII.GetString(view.Cipher));
        Assert.Equal("P256", Encoding.ASCII.GetString(view.KeyExchange));
        Assert.Equal(65, view.PublicValue.Length);
        List<string> names = [];
        foreach (SdRtnTag tag in view.Tags)
            names.Add(Encoding.ASCII.GetString(tag.Name) + tag.Value.Length);
        Assert.Equal(["SNI\023", "PDMD0", "CPTO129", "CCRT40"], names);
    }

    [Fact]
    public void A_reply_has_no_name()
    {
        Assert.Equal(ParseStatus.Ok, SdRtnView.Parse(s_reply, out SdRtnView view));
        Assert.True(view.IsReply && view.NegotiatesKey && view.ServerName.IsEmpty);
    }

    [Fact]
    public void The_tags_must_fill_the_packet() => Assert.Equal(ParseStatus.Malformed, SdRtnView.Parse([.. s_hello, 0], out _));

    [Fact]
    public void Other_kinds_and_other_tags_are_none()
    {
        Assert.Equal(ParseStatus.Malformed, SdRtnView.Parse(Packet(0x22, Tag("SNI\0", "a"u8)), out _));
        Assert.Equal(ParseStatus.Malformed, SdRtnView.Parse(Packet(0x21, Tag("PDMD", "a"u8)), out _));
        Assert.Equal(ParseStatus.Malformed, SdRtnView.Parse(Packet(0x23, Tag("PROF", "a"u8)), out _));
        Assert.Equal(ParseStatus.Malformed, SdRtnView.Parse(Packet(0x21, Tag("SNI\0", "a"u8), Tag("abcd", "a"u8)), out _));
    }

    [Fact]
    public void A_packet_that_is_cut_is_truncated() =>
        ByteSweep.EachPrefix(s_hello, prefix => Assert.Equal(ParseStatus.Truncated, SdRtnView.Parse(prefix, out _)));

    [Fact]
    public void No_change_of_a_byte_makes_an_accessor_throw() => ByteSweep.EachChange(s_hello, Touch);

    [Fact]
    public void No_bytes_make_an_accessor_throw() => Gen.Byte.Array[0, 80].Sample(bytes => Touch(Packet(0x21, Tag("SNI\0", bytes), bytes)));

    [Fact]
    public void Random_datagrams_are_none() =>
        Gen.Byte.Array[0, 300].Sample(bytes => Assert.NotEqual(ParseStatus.Ok, SdRtnView.Parse(bytes, out _)), iter: 10_000);

    [Fact]
    public void Reading_a_packet_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(() => Touch(s_reply)));

    private static void Touch(byte[] bytes)
    {
        if (SdRtnView.Parse(bytes, out SdRtnView view) != ParseStatus.Ok)
            return;
        int seen = view.ServerName.Length + view.Cipher.Length + view.KeyExchange.Length + view.PublicValue.Length;
        if (seen > 4 * bytes.Length || (view.NamesCipher && !view.NegotiatesKey))
            Assert.Fail("A view reaches beyond its bytes.");
    }

    private static byte[] Packet(byte kind, params byte[][] tags) =>
        [1, 0, 0, 0, 0, 0, kind, 0, 0, 0, 0, 0, (byte)tags.Length, .. tags.SelectMany(tag => tag)];

    private static byte[] Tag(string name, ReadOnlySpan<byte> value) =>
        [.. Encoding.Latin1.GetBytes(name), (byte)value.Length, (byte)(value.Length >> 8), .. value];
}
