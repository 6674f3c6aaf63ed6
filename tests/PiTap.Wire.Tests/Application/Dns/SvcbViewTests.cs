using System.Text;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class SvcbViewTests
{
    // RFC 9460 appendix D.2: 16 foo.example.org. (alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1)
    private static readonly byte[] s_rfcMandatory = Convert.FromHexString(
        "0010" + "03666f6f076578616d706c65036f726700" + "0000000400010004" + "00010009026832" + "0568332d3139" + "00040004c0000201");

    private static List<string> Parameters(byte[] data)
    {
        Assert.Equal(ParseStatus.Ok, SvcbView.Parse(data, out SvcbView service));
        List<string> lines = [];
        foreach (SvcParameter parameter in service.Parameters)
            lines.Add($"{parameter.Key} {Convert.ToHexString(parameter.Value)}");
        return lines;
    }

    private static List<string> PublicNames(params byte[][] configurations)
    {
        byte[] list = DnsBytes.Vector16([.. configurations.SelectMany(static configuration => configuration)]);
        return PublicNamesOf(DnsBytes.ServiceBinding(1, [0], (SvcbView.KeyAlpn, [2, (byte)'h', (byte)'2']), (SvcbView.KeyEch, list)));
    }

    private static List<string> PublicNamesOf(byte[] data)
    {
        DnsRecordEnumerator records = DnsReading.Parse(new DnsBytes(DnsBytes.Response).Answer([0], DnsRecord.TypeHttps, data).ToArray())
            .Records;
        Assert.True(records.MoveNext());
        List<string> names = [];
        foreach (ReadOnlySpan<byte> name in records.Current.EchPublicNames)
            names.Add(Encoding.ASCII.GetString(name));
        return names;
    }

    [Fact]
    public void The_test_vector_of_RFC_9460_is_read()
    {
        Assert.Equal(ParseStatus.Ok, SvcbView.Parse(s_rfcMandatory, out SvcbView service));
        Assert.Equal(16, service.Priority);
        Assert.False(service.IsAlias);
        Assert.Equal(["0 00010004", "1 0268320568332D3139", "4 C0000201"], Parameters(s_rfcMandatory));
    }

    [Fact]
    public void An_alias_has_no_parameters()
    {
        byte[] data = DnsBytes.ServiceBinding(0, DnsBytes.Name("pool.test"), (SvcbView.KeyPort, [1, 187]));
        Assert.Empty(Parameters(data));
        Assert.Equal(ParseStatus.Ok, SvcbView.Parse(data, out SvcbView service));
        Assert.True(service.IsAlias);
    }

    [Fact]
    public void Parameters_out_of_order_or_cut_end_the_walk()
    {
        Assert.Equal(["3 01BB"], Parameters(DnsBytes.ServiceBinding(1, [0], (3, [1, 187]), (1, [2, 104, 50]), (4, [1, 2, 3, 4]))));
        Assert.Equal(["3 01BB"], Parameters(DnsBytes.ServiceBinding(1, [0], (3, [1, 187]), (3, [1, 188]))));
        byte[] data = DnsBytes.ServiceBinding(1, [0], (3, [1, 187]), (4, [1, 2, 3, 4]));
        Assert.Equal(["3 01BB"], Parameters(data[..^1]));
    }

    [Fact]
    public void A_target_that_is_cut_compressed_or_too_long_is_refused()
    {
        byte[] data = DnsBytes.ServiceBinding(1, DnsBytes.Name("pool.test"));
        for (int length = 0; length < data.Length; length++)
            Assert.Equal(ParseStatus.Truncated, SvcbView.Parse(data.AsSpan(0, length), out _));
        Assert.Equal(ParseStatus.Malformed, SvcbView.Parse([0, 1, .. DnsBytes.PointerTo(12)], out _));
        byte[] label = DnsBytes.Label(new byte[63]);
        Assert.Equal(ParseStatus.Malformed, SvcbView.Parse([0, 1, .. label, .. label, .. label, .. label, 0], out _));
    }

    [Fact]
    public void Public_names_come_from_each_configuration_of_the_known_version()
    {
        byte[] one = DnsBytes.EchConfiguration("cover.test");
        byte[] old = DnsBytes.EchConfiguration("draft.test", version: 0xfe0a);
        byte[] two = DnsBytes.EchConfiguration("other.test");
        Assert.Equal(["cover.test"], PublicNames(one));
        Assert.Equal(["cover.test", "other.test"], PublicNames(one, old, two));
        Assert.Empty(PublicNames(old));
        Assert.Empty(PublicNames());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a_b.test")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public void A_public_name_that_no_host_can_have_is_left_out(string name) => Assert.Empty(PublicNames(DnsBytes.EchConfiguration(name)));

    [Fact]
    public void A_list_that_is_shorter_than_its_length_has_no_names()
    {
        byte[] list = DnsBytes.Vector16(DnsBytes.EchConfiguration("cover.test"));
        for (int length = 0; length < list.Length; length++)
            Assert.Empty(PublicNamesOf(DnsBytes.ServiceBinding(1, [0], (SvcbView.KeyEch, list[..length]))));
    }
}
