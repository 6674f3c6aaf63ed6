using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Catalogue.Profiles;
using PiTap.Model;

namespace PiTap.Analysis.Tests.Attribution;

/// <summary>Who is who to an app whose profile is there: of the publisher Clubhouse, which declared nobody; of others, which did.</summary>
public sealed class ProfileTests
{
    private static readonly Lookups s_lookups = Lookups.Load();
    private static readonly Profiles s_profiles = Profiles.Load(null);

    [Theory]
    [InlineData("www.clubhouseapi.com", PartyRole.FirstParty, null)]
    [InlineData("clubhouseprod.s3.amazonaws.com", PartyRole.FirstParty, null)]
    [InlineData("qos-america.agoralab.co", PartyRole.ThirdParty, false)]
    [InlineData("graph.facebook.com", PartyRole.ThirdParty, false)]
    [InlineData("cdn.example.net", PartyRole.ThirdParty, false)]
    [InlineData("other.s3.amazonaws.com", PartyRole.Unknown, null)]
    [InlineData("courier.push.apple.com", PartyRole.Platform, null)]
    [InlineData("pool.ntp.org", PartyRole.Infrastructure, null)]
    public void The_publishers_own_domains_are_the_first_party_and_what_is_for_rent_is_nobodys(
        string host, PartyRole role, bool? isDeclared)
    {
        PartyAttribution who = Of("clubhouse-2021", host);
        Assert.Equal((role, isDeclared), (who.Role, who.IsDeclared));
        Assert.Equal(isDeclared is null, who.DeclaredReason is null);
    }

    [Fact]
    public void An_own_domain_names_the_publisher()
    {
        PartyAttribution who = Of("clubhouse-2021", "www.clubhouseapi.com");
        Assert.Equal(("Clubhouse", "Clubhouse"), (who.Party, who.Company));
        Assert.StartsWith("domain of Clubhouse, by the profile clubhouse-2021", who.PartyReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_publisher_that_the_tables_have_is_at_home_where_they_say()
    {
        AppProfile profile = s_profiles.All.First(static profile => s_lookups.Domains.HomeCountryOf(profile.Publisher) is not null);
        PartyAttribution who = Of(profile.Id, profile.OwnDomains[0]);
        Assert.Equal((profile.Publisher, s_lookups.Domains.HomeCountryOf(profile.Publisher)), (who.Party, who.HomeCountry));
        Assert.Equal("PiTap's table of companies", who.HomeCountryReason);
    }

    [Fact]
    public void An_own_name_behind_which_a_tracker_hides_is_the_trackers()
    {
        PartyAttribution who = Of("clubhouse-2021", "metrics.clubhouseapi.com", "clubhouse.sc.omtrdc.net");
        Assert.Equal(("Adobe", PartyRole.ThirdParty), (who.Company, who.Role));
        Assert.False(who.IsDeclared);
    }

    [Fact]
    public void An_own_name_that_a_content_network_delivers_is_the_publishers() =>
        Assert.Equal(PartyRole.FirstParty, Of("clubhouse-2021", "www.clubhouseapi.com", "d1.cloudfront.net").Role);

    [Fact]
    public void A_recipient_that_the_policy_names_is_declared_and_the_reason_is_where()
    {
        foreach (AppProfile profile in s_profiles.All)
        {
            foreach (DeclaredRecipient recipient in profile.Declared.Where(static recipient => recipient.Domains.Count > 0))
            {
                PartyAttribution who = Of(profile.Id, recipient.Domains[0]);
                if (who.Role == PartyRole.ThirdParty)
                    Assert.Equal((true, $"named by {recipient.Source.Url}"), (who.IsDeclared, who.DeclaredReason));
            }
        }
    }

    private static PartyAttribution Of(string profile, string host, params string[] aliases)
    {
        Assert.True(s_profiles.TryFind(profile, out AppProfile? found));
        Assert.True(IpAddress.TryParse("193.0.6.139", out IpAddress address));
        return new Attributor(s_lookups, found).Attribute(new ContactRecord
        {
            Device = "02:00:00:00:00:01",
            Host = host,
            HostSource = HostSource.TlsSni,
            Flows = 1,
            Addresses = [new ContactAddress(address, 1)],
            Aliases = aliases,
        }).Attribution!;
    }
}
