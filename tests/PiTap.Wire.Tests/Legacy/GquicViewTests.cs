using System.Buffers.Binary;
using System.Text;
using CsCheck;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;

namespace PiTap.Wire.Tests.Legacy;

public sealed class GquicViewTests
{
    private static readonly (string Tag, string Value)[] s_tags =
        [("PAD\0", new string('-', 40)), ("SNI\0", "www.example.com"), ("VER\0", "Q043"), ("UAID", "Tester/1.0"), ("AEAD", "AESGCC20")];

    /// <summary>A client's hello of Google's handshake.</summary>
    public static byte[] Chlo(params (string Tag, string Value)[] tags)
    {
        List<byte> table = [.. "CHLO"u8, (byte)tags.Length, 0, 0, 0];
        List<byte> values = [];
        byte[] end = new byte[4];
        foreach ((string tag, string value) in tags)
        {
            values.AddRange(Encoding.ASCII.GetBytes(value));
            BinaryPrimitives.WriteInt32LittleEndian(end, values.Count);
            table.AddRange([.. Encoding.ASCII.GetBytes(tag), .. end]);
        }
        return [.. table, .. values];
    }

    [Theory]
    [InlineData("Q025", 0x0d)]
    [InlineData("Q033", 0x0d)]
    [InlineData("Q035", 0x0d)]
    [InlineData("Q039", 0x09)]
    [InlineData("Q043", 0x19)]
    [InlineData("Q044", 0xff)]
    [InlineData("Q046", 0xc3)]
    public void The_hello_of_each_form_gives_its_tags(string version, int firstByte)
    {
        byte[] datagram = Datagram(version, (byte)firstByte, Chlo(s_tags));
        Assert.Equal(ParseStatus.Ok, GquicView.Parse(datagram, out GquicView view));
        Assert.Equal(version, QuicVersions.Text(view.Version));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], view.ConnectionId.ToArray());
        Assert.Equal(version is "Q044" or "Q046", view.IsLongHeader);
        Assert.True(view.HasMessage);
        Assert.Equal(GquicMessageView.ClientHello, view.Message.Kind);
        Assert.Equal("www.example.com"u8.ToArray(), view.Sni.ToArray());
        Assert.Equal("Tester/1.0"u8.ToArray(), view.Message.UserAgent.ToArray());
        Assert.Equal("Q043"u8.ToArray(), view.Message.ClientVersion.ToArray());
        Assert.Equal("AESGCC20"u8.ToArray(), view.Message.Aead.ToArray());
        Assert.False(view.Message.IsTruncated);
        Assert.False(QuicClassifier.LooksLike(datagram));
        List<string> names = [];
        foreach (GquicTag tag in view.Message)
            names.Add(Encoding.ASCII.GetString(tag.Name));

        Assert.Equal(s_tags.Select(tag => tag.Tag), names);
    }

    [Fact]
    public void Frames_in_front_of_the_hello_are_stepped_over()
    {
        byte[] chlo = Chlo(s_tags);
        byte[] frames = [0, 0, 7, 0x40, 5, 0, 1, 5, 0, 6, 9, .. Stream("Q043", 0x04, chlo)];
        byte[] datagram = [.. Header("Q043", 0x09), .. frames];
        Assert.Equal(ParseStatus.Ok, GquicView.Parse(datagram, out GquicView view));
        Assert.Equal("www.example.com"u8.ToArray(), view.Sni.ToArray());
    }

    [Fact]
    public void The_name_is_found_where_later_values_are_cut_off()
    {
        byte[] datagram = Datagram("Q043", 0x09, Chlo(s_tags));
        int cut = datagram.AsSpan().IndexOf("Tester"u8);
        Assert.Equal(ParseStatus.Ok, GquicView.Parse(datagram.AsSpan(0, cut), out GquicView view));
        Assert.Equal("www.example.com"u8.ToArray(), view.Sni.ToArray());
        Assert.True(view.Message.IsTruncated);
        Assert.True(view.Message.UserAgent.IsEmpty);
    }

    [Fact]
    public void Every_shorter_prefix_is_safe_and_invents_no_name()
    {
        foreach (byte[] datagram in new[] { Datagram("Q043", 0x09, Chlo(s_tags)), Datagram("Q046", 0xc3, Chlo(s_tags)) })
        {
            for (int length = 0; length < datagram.Length; length++)
            {
                GquicView.Parse(datagram.AsSpan(0, length), out GquicView view);
                Touch(view);
                Assert.True(view.Sni.IsEmpty || view.Sni.SequenceEqual("www.example.com"u8));
            }
        }
    }

    [Fact]
    public void No_change_of_a_single_byte_makes_an_accessor_throw()
    {
        foreach (byte[] sample in new[] { Datagram("Q035", 0x0d, Chlo(s_tags)), Datagram("Q046", 0xc3, Chlo(s_tags)) })
        {
            byte[] datagram = [.. sample];
            for (int i = 0; i < datagram.Length; i++)
            {
                for (int value = 0; value < 256; value++)
                {
                    datagram[i] = (byte)value;
                    GquicView.Parse(datagram, out GquicView view);
                    Touch(view);
                }
                datagram[i] = sample[i];
            }
        }
    }

    [Fact]
    [Trait("cap", "Wire.GquicMessageView.MaxTags")]
    public void Tags_that_run_backwards_or_are_too_many_are_malformed()
    {
        byte[] backwards = Chlo(("AAAA", "1234"), ("BBBB", "5678"));
        backwards[12] = 200;
        Assert.Equal(ParseStatus.Malformed, GquicMessageView.Parse(backwards, out _));
        Assert.Equal(ParseStatus.Malformed, GquicMessageView.Parse([.. "CHLO"u8, 129, 0, 0, 0, .. new byte[2000]], out _));
        Assert.Equal(ParseStatus.Malformed, GquicMessageView.Parse("ABCDEFGH"u8, out _));
        Assert.Equal(ParseStatus.Truncated, GquicMessageView.Parse("CHLO"u8, out _));
    }

    [Fact]
    public void Random_frames_and_tables_never_throw()
    {
        Gen<byte> likely = Gen.OneOf(OneOf<byte>(0, 1, 6, 7, 0x40, 0x60, 0x80, 0xa0, 0xa4), Gen.Byte);
        Gen.Select(OneOf("Q024", "Q035", "Q043", "Q046"), likely.Array[0, 80], Gen.Bool).Sample((version, bytes, isMessage) =>
        {
            byte first = version == "Q046" ? (byte)0xc3 : (byte)0x09;
            byte[] datagram = isMessage ? Datagram(version, first, [.. "CHLO"u8, .. bytes]) : [.. Header(version, first), .. bytes];
            GquicView.Parse(datagram, out GquicView view);
            Touch(view);
        });
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        byte[] datagram = Datagram("Q043", 0x09, Chlo(s_tags));
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            GquicView.Parse(datagram, out GquicView view);
            Touch(view);
        }));
    }

    private static byte[] Datagram(string version, byte firstByte, byte[] message) =>
        [.. Header(version, firstByte), .. Stream(version, 0x24, message)];

    private static byte[] Header(string version, byte firstByte)
    {
        byte[] name = Encoding.ASCII.GetBytes(version);
        int number = int.Parse(version[1..], System.Globalization.CultureInfo.InvariantCulture);
        byte[] id = [1, 2, 3, 4, 5, 6, 7, 8];
        return number >= 44
            ? [firstByte, .. name, 0x50, .. id, .. new byte[4 + 12]]
            : [firstByte, .. id, .. name, .. new byte[((firstByte & 0x30) == 0 ? 1 : 2) + 12], .. new byte[number <= 33 ? 1 : 0]];
    }

    private static byte[] Stream(string version, byte typeBits, byte[] data)
    {
        bool isBigEndian = string.CompareOrdinal(version, "Q039") >= 0;
        byte high = (byte)(data.Length >> 8);
        byte low = (byte)data.Length;
        byte[] length = (typeBits & 0x20) == 0 ? [] : isBigEndian ? [high, low] : [low, high];
        return [(byte)(0x80 | typeBits), 1, 4, 0, .. length, .. data];
    }

    private static void Touch(in GquicView view)
    {
        _ = view.ConnectionId.Length + view.Sni.Length + view.Message.UserAgent.Length + view.Message.Aead.Length + view.Message.Length;
        foreach (GquicTag tag in view.Message)
            _ = tag.Name.Length + tag.Value.Length;
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
