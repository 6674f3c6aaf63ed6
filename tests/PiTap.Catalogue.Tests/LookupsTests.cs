using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Parties;
using PiTap.Model;

namespace PiTap.Catalogue.Tests;

/// <summary>The data that the program carries.</summary>
public sealed class LookupsTests
{
    private const long MaxBytes = 12_000_000;

    private static readonly Lookups s_lookups = Lookups.Load();

    [Fact]
    public void Every_set_is_there_whole_and_says_where_it_comes_from()
    {
        Assert.Equal(
            ["anycast", "countries", "groups", "hosted", "hosted-second", "network-countries", "networks", "parties", "public-suffixes",
                "third-party-web", "vendors"],
            s_lookups.Sets.Select(static set => set.Name));
        Assert.All(s_lookups.Sets, static set =>
        {
            Assert.True(set.Rows > 0, set.Name);
            Assert.True(set.Date > new DateOnly(2024, 1, 1), set.Name);
            Assert.True(s_lookups.IsWhole(set), set.Name);
        });
        Assert.True(s_lookups.Sets.Sum(static set => set.Bytes) < MaxBytes);
    }

    /// <summary>Relays of a call that was recorded in 2022: registered in the USA or in Japan, and hosted where they stand.</summary>
    [Theory]
    [InlineData("202.226.25.166", "JP", 131950, "EnjoyVC Japan Corporation", "JP")]
    [InlineData("104.166.161.75", "GB", 21859, "Zenlayer Inc", "US")]
    [InlineData("31.13.72.36", null, 32934, "Facebook, Inc.", "US")]
    [InlineData("2a03:2880:f11c:8083:face:b00c:0:25de", null, 32934, "Facebook, Inc.", "US")]
    public void A_server_is_hosted_in_one_country_and_its_network_registered_in_another(
        string text, string? hostedIn, uint number, string organisation, string registeredIn)
    {
        AddressFacts facts = Find(text);
        if (hostedIn is not null)
            Assert.Equal((hostedIn, Confidence.Certain), (facts.HostedIn.Country, facts.HostedIn.Confidence));
        Assert.Equal((number, organisation, registeredIn),
            (facts.RegisteredTo.Number, facts.RegisteredTo.Organisation, facts.RegisteredTo.Country));
        Assert.Equal($"address in AS{number}", facts.RegisteredTo.Reason);
    }

    [Theory]
    [InlineData("1.1.1.1", "Cloudflare 1.1.1.1")]
    [InlineData("8.8.8.8", "Google Public DNS")]
    [InlineData("2606:4700:4700::1111", "Cloudflare")]
    [InlineData("104.16.1.1", "Cloudflare")]
    [InlineData("64:ff9b::9765:789d", "Fastly")]
    [InlineData("74.125.136.141", "Google")]
    [InlineData("2a00:1450:4007:805::2003", "Google")]
    [InlineData("31.13.86.48", "Meta")]
    [InlineData("35.186.224.1", "Google Cloud")]
    [InlineData("13.249.33.198", "Amazon CloudFront")]
    [InlineData("13.107.246.40", "Azure Front Door")]
    public void An_anycast_address_is_in_no_country(string text, string service)
    {
        HostedIn hostedIn = Find(text).HostedIn;
        Assert.Null(hostedIn.Country);
        Assert.Equal(service, hostedIn.Anycast?.Service);
    }

    [Theory]
    [InlineData("192.168.1.1")]
    [InlineData("fe80::1")]
    public void Nothing_is_known_of_a_local_address(string text) => Assert.Equal(default, Find(text));

    [Fact]
    public void Every_country_that_a_set_gives_has_a_name()
    {
        CountrySet[] sets = [.. ((string[])["hosted", "hosted-second"])
            .Select(static name => CountrySet.Parse(EmbeddedData.Read($"sets/{name}.set"), out _)!)];
        Assert.All(sets.SelectMany(static set => set.Codes), static code => Assert.True(s_lookups.CountryNames.TryFind(code, out _), code));
        Assert.All(sets, static set => Assert.InRange(set.Codes.Count(), 200, 260));
        Assert.True(s_lookups.CountryNames.TryFind("SG", out string? name));
        Assert.Equal("Singapore", name);
        Assert.False(s_lookups.CountryNames.TryFind("ZZ", out _));
    }

    [Theory]
    [InlineData("3c:5a:b4:00:00:01", "Google, Inc.")]
    [InlineData("b8:27:eb:12:34:56", "Raspberry Pi Foundation")]
    [InlineData("02:00:00:00:00:01", null)]
    public void A_vendor_is_named_unless_the_address_is_randomised(string text, string? vendor)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        Assert.Equal(vendor, s_lookups.Vendors.FindName(address, out _));
    }

    [Theory]
    [InlineData("qos-america.agoralab.co", "Agora", "CN", Confidence.Certain)]
    [InlineData("ad.01net.com", "Smart AdServer", null, Confidence.Likely)]
    public void A_name_finds_its_company(string host, string company, string? home, Confidence confidence)
    {
        Assert.True(s_lookups.Domains.TryFind(host, out DomainParty party));
        Assert.Equal((company, home, confidence), (party.Company, party.HomeCountry, party.Confidence));
    }

    [Fact]
    public void Lookups_allocate_nothing()
    {
        Assert.True(IpAddress.TryParse("104.166.161.75", out IpAddress v4));
        Assert.True(IpAddress.TryParse("2a03:2880::1", out IpAddress v6));
        _ = FindAll(v4, v6);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1_000; round++)
            _ = FindAll(v4, v6);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_damaged_file_is_named()
    {
        // Profiles are loaded by themselves, where one is asked for.
        foreach (string name in EmbeddedData.Names.Where(static name => !name.StartsWith("profiles/", StringComparison.Ordinal)))
        {
            Lookups? lookups = Lookups.Parse(EmbeddedData.Names, file => file == name ? "damaged"u8.ToArray() : EmbeddedData.Read(file),
                out IReadOnlyList<string> errors);
            Assert.Null(lookups);
            Assert.Contains(errors, error => error.Contains(Path.GetFileName(name), StringComparison.Ordinal));
        }
    }

    private static int FindAll(IpAddress v4, IpAddress v6)
    {
        int count = s_lookups.Domains.TryFind("qos-america.agoralab.co", out _) ? 1 : 0;
        count += s_lookups.Domains.TryFind("ad.01net.com", out _) ? 1 : 0;
        count += s_lookups.Addresses.Find(v4).HostedIn.Country is null ? 0 : 1;
        count += s_lookups.Addresses.Find(v6).RegisteredTo.IsKnown ? 1 : 0;
        count += s_lookups.Vendors.Find(new MacAddress(0xb827eb123456)).Length;
        return count + (s_lookups.CountryNames.TryFind("SG", out _) ? 1 : 0) + s_lookups.CountryGroups.Find("GB").Count;
    }

    private static AddressFacts Find(string text)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        return s_lookups.Addresses.Find(address);
    }
}
