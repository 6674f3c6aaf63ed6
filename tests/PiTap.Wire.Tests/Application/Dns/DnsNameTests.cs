using CsCheck;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class DnsNameTests
{
    private static string? NameOf(params byte[] name) =>
        DnsReading.Name(DnsReading.Parse(new DnsBytes(DnsBytes.Query).Question(name, DnsRecord.TypeA).ToArray()), DnsView.HeaderLength);

    [Fact]
    public void The_root_has_no_text() => Assert.Equal("", NameOf(0));

    [Fact]
    public void Case_is_kept_and_no_dot_ends_the_name() => Assert.Equal("wWw.ExAmPlE.CoM", NameOf(DnsBytes.Name("wWw.ExAmPlE.CoM")));

    [Fact]
    public void Bytes_that_would_be_misread_are_escaped()
    {
        Assert.Equal("a\\.b.com", NameOf([.. DnsBytes.Label("a.b"u8), .. DnsBytes.Name("com")]));
        Assert.Equal("a\\\\b", NameOf([.. DnsBytes.Label("a\\b"u8), 0]));
        Assert.Equal("Anna\\226\\128\\153s\\032phone.local", NameOf(DnsBytes.Name("Anna’s phone.local")));
        Assert.Equal("\\000\\031\\127\\255~!", NameOf([6, 0, 31, 127, 255, (byte)'~', (byte)'!', 0]));
    }

    [Fact]
    [Trait("cap", "Wire.DnsView.MaxNameBytes")]
    public void A_name_of_255_bytes_is_read_and_a_longer_one_is_not()
    {
        byte[] label = DnsBytes.Label(new byte[63]);
        byte[] longest = [.. label, .. label, .. label, .. DnsBytes.Label(new byte[61]), 0];
        Assert.Equal(255, longest.Length);
        Assert.Equal(4 * 250 + 3, NameOf(longest)!.Length);
        Assert.Null(NameOf([.. label, .. label, .. label, .. DnsBytes.Label(new byte[62]), 0]));
        Assert.Null(NameOf([.. Enumerable.Repeat((byte[])[1, 65], 128).SelectMany(static part => part), 0]));
        Assert.NotNull(NameOf([.. Enumerable.Repeat((byte[])[1, 65], 127).SelectMany(static part => part), 0]));
    }

    [Fact]
    public void A_name_that_does_not_fit_its_destination_is_refused()
    {
        DnsView dns = DnsReading.Parse(new DnsBytes(DnsBytes.Query).Question("a\\b.test", DnsRecord.TypeA).ToArray());
        int needed = "a\\\\b.test".Length;
        for (int room = 0; room <= needed; room++)
            Assert.Equal(room == needed, dns.TryWriteName(DnsView.HeaderLength, new byte[room], out _));
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void Labels_of_unknown_kinds_end_the_name(byte kind) => Assert.Null(NameOf([kind, .. new byte[70]]));

    [Fact]
    public void A_pointer_to_itself_forward_or_into_the_header_is_refused()
    {
        Assert.Null(NameOf(DnsBytes.PointerTo(12)));
        Assert.Null(NameOf([.. DnsBytes.PointerTo(14), 0, 0]));
        Assert.Null(NameOf([1, 65, .. DnsBytes.PointerTo(12)]));
        Assert.Null(NameOf(DnsBytes.PointerTo(4)));
    }

    [Fact]
    [Trait("cap", "Wire.DnsView.MaxPointers")]
    public void Pointers_are_followed_as_far_back_as_they_go_but_not_without_end()
    {
        List<byte> chain = [.. DnsBytes.Name("end")];
        for (int i = 0; i < 200; i++)
            chain.AddRange(DnsBytes.PointerTo(DnsView.HeaderLength + (i == 0 ? 0 : 5 + 2 * (i - 1))));
        byte[] message = [.. new byte[DnsView.HeaderLength], .. chain];
        DnsView dns = DnsReading.Parse(message);
        int first = DnsView.HeaderLength + 5;
        Assert.Equal("end", DnsReading.Name(dns, first + 2 * (127 - 1)));
        Assert.Null(DnsReading.Name(dns, first + 2 * 127));
    }

    [Fact]
    public void An_offset_outside_the_message_is_no_name()
    {
        DnsView dns = DnsReading.Parse(new DnsBytes(DnsBytes.Query).ToArray());
        foreach (int offset in (int[])[-1, DnsView.HeaderLength, int.MaxValue, int.MinValue])
            Assert.Null(DnsReading.Name(dns, offset));
    }

    [Fact]
    public void Any_labels_come_back_from_their_text() =>
        Gen.Byte.Array[1, 63].Array[0, 3].Sample(
            static labels => Assert.Equal(Escaped(labels), NameOf([.. labels.SelectMany(static label => DnsBytes.Label(label)), 0])),
            iter: 1_000,
            threads: 1);

    private static string Escaped(byte[][] labels) => string.Join('.', labels.Select(static label => string.Concat(label.Select(
        static b => b is (byte)'.' or (byte)'\\' ? $"\\{(char)b}" : b is > 32 and < 127 ? $"{(char)b}" : $"\\{b:000}"))));
}
