using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class CertificateTests
{
    private static readonly byte[] s_certificate = Make("CN=cn.example.com, O=Example", "a.example.com", "*.b.example.com");

    [Fact]
    public void A_chain_is_walked_from_the_leaf()
    {
        byte[] body = TlsBytes.Vector24([.. TlsBytes.Vector24(s_certificate), .. TlsBytes.Vector24(1, 2)]);
        Assert.Equal(ParseStatus.Ok, CertificateView.Parse(body, out CertificateView chain));
        List<int> lengths = [];
        foreach (ReadOnlySpan<byte> certificate in chain)
        {
            if (lengths.Count == 0)
                Assert.Equal(s_certificate, certificate.ToArray());
            lengths.Add(certificate.Length);
        }
        Assert.Equal([s_certificate.Length, 2], lengths);
    }

    [Fact]
    [Trait("cap", "Wire.CertificateView.MaxCertificates")]
    public void An_empty_chain_a_cut_one_and_a_long_one_end()
    {
        Assert.Equal(ParseStatus.Ok, CertificateView.Parse([0, 0, 0], out CertificateView chain));
        Assert.False(chain.GetEnumerator().MoveNext());
        TlsBytes.EachPrefix(TlsBytes.Vector24(TlsBytes.Vector24(1, 2, 3)),
            prefix => Assert.Equal(ParseStatus.Truncated, CertificateView.Parse(prefix, out _)));
        CertificateView.Parse(TlsBytes.Vector24(new byte[3000]), out chain);
        int count = 0;
        foreach (ReadOnlySpan<byte> _ in chain)
            count++;
        Assert.Equal(32, count);
    }

    [Fact]
    public void Alternative_names_come_first_and_the_common_name_last() =>
        Assert.Equal(["a.example.com", "*.b.example.com", "cn.example.com"], Names(s_certificate));

    [Fact]
    public void A_common_name_is_not_told_twice_nor_where_it_is_no_host()
    {
        Assert.Equal(["a.example.com"], Names(Make("CN=A.example.com", "a.example.com")));
        Assert.Equal(["a.example.com"], Names(Make("CN=Example Root CA", "a.example.com")));
        Assert.Equal([], Names(Make("CN=192.0.2.1")));
        Assert.Equal([], Names(Make("CN=localhost")));
        Assert.Equal(["printer.example"], Names(Make("CN=printer.example")));
    }

    [Fact]
    public void The_most_specific_common_name_is_taken() =>
        Assert.Equal(["www.example.org"], Names(MakeWith(new X500DistinguishedName("CN=www.example.org, OU=x, CN=example.org"), null)));

    [Fact]
    public void Addresses_and_mail_names_are_passed()
    {
        SubjectAlternativeNameBuilder builder = new();
        builder.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        builder.AddEmailAddress("someone@example.com");
        builder.AddDnsName("host.example.com");
        Assert.Equal(["host.example.com"], Names(MakeWith(new X500DistinguishedName("O=x"), builder.Build(critical: true))));
    }

    [Theory]
    [InlineData("www.example.com", true)]
    [InlineData("*.example.com", true)]
    [InlineData("_x.a-b.example", true)]
    [InlineData("localhost", true)]
    [InlineData("", false)]
    [InlineData("*.", false)]
    [InlineData("a*.example.com", false)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a b", false)]
    [InlineData("bank.example\0.evil.example", false)]
    [InlineData("192.0.2.1", false)]
    public void A_host_name_is_letters_digits_and_dots(string name, bool expected) =>
        Assert.Equal(expected, CertificateNames.LooksLikeHostName(Encoding.Latin1.GetBytes(name)));

    [Fact]
    [Trait("cap", "Wire.CertificateNames.MaxNames")]
    public void A_certificate_with_thousands_of_names_ends_at_the_cap()
    {
        SubjectAlternativeNameBuilder builder = new();
        for (int i = 0; i < 2000; i++)
            builder.AddDnsName($"h{i}.example.com");
        Assert.Equal(512, Names(MakeWith(new X500DistinguishedName("O=x"), builder.Build())).Count);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [Trait("cap", "Wire.DerReader.MaxLengthBytes")]
    public void A_length_has_so_many_bytes(int bytes, bool isRead)
    {
        DerReader reader = new([0x30, (byte)(0x80 | bytes), .. new byte[bytes - 1], 1, 7]);
        Assert.Equal(isRead, reader.TryRead(DerReader.Sequence, out _));
    }

    [Fact]
    public void No_prefix_change_or_random_bytes_make_it_throw()
    {
        TlsBytes.EachPrefix(s_certificate, prefix => Names(prefix));
        TlsBytes.EachChange(s_certificate, changed => Count(changed));
        Gen.Byte.Array[0, 200].Sample(bytes => { Names(bytes); });
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            CertificateView.Parse(bytes, out CertificateView chain);
            foreach (ReadOnlySpan<byte> certificate in chain)
                Names(certificate.ToArray());
        });
    }

    [Fact]
    public void Walking_names_allocates_nothing() => Assert.Equal(0, HostileBytes.Allocated(() => Count(s_certificate)));

    private static int Count(byte[] certificate)
    {
        int length = 0;
        foreach (ReadOnlySpan<byte> name in new CertificateNames(certificate))
            length += name.Length;
        return length;
    }

    private static List<string> Names(byte[] certificate)
    {
        List<string> names = [];
        foreach (ReadOnlySpan<byte> name in new CertificateNames(certificate))
            names.Add(Encoding.ASCII.GetString(name));
        return names;
    }

    private static byte[] Make(string subject, params string[] names)
    {
        if (names.Length == 0)
            return MakeWith(new X500DistinguishedName(subject), null);
        SubjectAlternativeNameBuilder builder = new();
        foreach (string name in names)
            builder.AddDnsName(name);
        return MakeWith(new X500DistinguishedName(subject), builder.Build());
    }

    private static byte[] MakeWith(X500DistinguishedName subject, X509Extension? names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (names is not null)
            request.CertificateExtensions.Add(names);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(40));
        return certificate.RawData;
    }
}
