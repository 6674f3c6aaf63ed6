using System.Text.RegularExpressions;
using PiTap.Catalogue.Addresses;
using PiTap.Catalogue.Parties;
using PiTap.Catalogue.Tables;
using PiTap.Model;

namespace PiTap.Catalogue.Tests.Parties;

/// <summary>What the table in the repository must hold.</summary>
public sealed partial class OwnTableTests
{
    private const int MinRows = 600;

    /// <summary>Companies whose home country is common knowledge that nobody has looked up yet. The number may only fall.</summary>
    private const int MaxCompaniesWithoutSource = 62;

    private static readonly PartyTable s_table = Repository.ReadPartyTable();

    [Fact]
    public void Every_line_is_taken()
    {
        PartyTable.Parse(Repository.ReadPartyFiles(), out IReadOnlyList<TableError> errors);
        Assert.Empty(errors);
        Assert.True(s_table.Rows.Count >= MinRows, $"{s_table.Rows.Count} rows");
    }

    [Fact]
    public void Every_row_is_found_by_what_it_matches()
    {
        Assert.All(s_table.Rows, static row =>
        {
            PartyRow? found = null;
            _ = row.Kind switch
            {
                PartyMatchKind.Domain => s_table.TryFindDomain("host." + row.Match, out found),
                PartyMatchKind.Network => s_table.TryFindNetwork(uint.Parse(row.Match.AsSpan(2)), out found),
                _ => AddressBlock.TryParse(row.Match, out AddressBlock block) && s_table.TryFindAddress(block.Last, out found),
            };
            Assert.Same(row, found);
        });
    }

    [Theory]
    [InlineData("qos-america.agoralab.co", "Agora", PartyCategory.Rtc)]
    [InlineData("ap1.agora.io", "Agora", PartyCategory.Rtc)]
    [InlineData("104-166-161-75.edge.agora.io", "Agora", PartyCategory.Rtc)]
    [InlineData("ap.agoraio.cn", "Agora", PartyCategory.Rtc)]
    [InlineData("webrtc2-2.ap.sd-rtn.com", "Agora", PartyCategory.Rtc)]
    [InlineData("access.zego.im", "Zego", PartyCategory.Rtc)]
    [InlineData("alog.umeng.com", "Umeng", PartyCategory.Analytics)]
    [InlineData("s.jpush.cn", "Aurora Mobile", PartyCategory.Push)]
    [InlineData("sdk.open.talk.getui.net", "GeTui", PartyCategory.Push)]
    [InlineData("sdk.open.talk.igexin.com", "GeTui", PartyCategory.Push)]
    [InlineData("analytics.rayjump.com", "Mintegral", PartyCategory.Ads)]
    [InlineData("t.appsflyer.com", "AppsFlyer", PartyCategory.Attribution)]
    [InlineData("app.adjust.com", "Adjust", PartyCategory.Attribution)]
    [InlineData("api2.branch.io", "Branch", PartyCategory.Attribution)]
    [InlineData("mtalk.google.com", "Google", PartyCategory.Push)]
    [InlineData("firebaseremoteconfig.googleapis.com", "Google", PartyCategory.Experiments)]
    [InlineData("graph.facebook.com", "Meta", PartyCategory.Social)]
    [InlineData("e7.whatsapp.net", "Meta", PartyCategory.Messaging)]
    [InlineData("api.onesignal.com", "OneSignal", PartyCategory.Push)]
    [InlineData("config.unityads.unity3d.com", "Unity", PartyCategory.Ads)]
    [InlineData("o77906.ingest.sentry.io", "Sentry", PartyCategory.Crash)]
    [InlineData("notify.bugsnag.com", "SmartBear", PartyCategory.Crash)]
    [InlineData("log.tiktokv.com", "ByteDance", PartyCategory.Social)]
    [InlineData("mp.weixin.qq.com", "Tencent", PartyCategory.Social)]
    [InlineData("17-courier.push.apple.com", "Apple", PartyCategory.Push)]
    [InlineData("mask.icloud.com", "Apple", PartyCategory.Vpn)]
    [InlineData("dns.google", "Google", PartyCategory.Resolver)]
    [InlineData("www.clubhouseapi.com", "Clubhouse", PartyCategory.Social)]
    [InlineData("api16-access-sg.pangle.io", "ByteDance", PartyCategory.Ads)]
    [InlineData("mobile-data.onetrust.io", "OneTrust", PartyCategory.Consent)]
    [InlineData("api.usercentrics.eu", "Usercentrics", PartyCategory.Consent)]
    [InlineData("api.ring.com", "Amazon", PartyCategory.Devices)]
    [InlineData("cn-hangzhou.log.aliyuncs.com", "Alibaba", PartyCategory.Cloud)]
    [InlineData("www.flipkart.com", "Flipkart", PartyCategory.Shopping)]
    public void What_phones_talk_to_is_named(string host, string company, PartyCategory category)
    {
        Assert.True(s_table.TryFindDomain(host, out PartyRow? row), host);
        Assert.Equal((company, category), (row.Company.Name, row.Category));
    }

    [Theory]
    [InlineData(136897, "EnjoyVC")]
    [InlineData(131950, "EnjoyVC")]
    [InlineData(21859, "Zenlayer")]
    [InlineData(132203, "Tencent")]
    [InlineData(32934, "Meta")]
    public void The_networks_of_relays_are_named(uint asn, string company)
    {
        Assert.True(s_table.TryFindNetwork(asn, out PartyRow? row));
        Assert.Equal(company, row.Company.Name);
    }

    [Theory]
    [InlineData("1.1.1.1", "Cloudflare")]
    [InlineData("2001:4860:4860::8888", "Google")]
    [InlineData("9.9.9.9", "Quad9")]
    [InlineData("64:ff9b::909:909", "Quad9")]
    public void Resolvers_are_named_by_address(string text, string company)
    {
        Assert.True(IpAddress.TryParse(text, out IpAddress address));
        Assert.True(s_table.TryFindAddress(address, out PartyRow? row));
        Assert.Equal((company, PartyCategory.Resolver), (row.Company.Name, row.Category));
    }

    [Fact]
    public void Networks_alone_are_networks_or_carriers_and_else_serve_others()
    {
        foreach (PartyRow row in s_table.Rows)
        {
            bool isOfNetworks = row.Category is PartyCategory.Network or PartyCategory.Carrier;
            bool isForOthers = row.Category is PartyCategory.Cloud or PartyCategory.Cdn;
            Assert.True(row.Kind == PartyMatchKind.Network ? isOfNetworks || isForOthers : !isOfNetworks, row.Match);
        }
    }

    [Fact]
    public void Files_have_a_head_that_names_their_columns()
    {
        const string companies = "\n# company\thome country\tsource\tchecked\n";
        const string rows = "\n# match\tservice\tcompany\thome country\tcategory\tsource\tchecked\n";
        Assert.All(Repository.ReadPartyFiles(), static file =>
            Assert.Contains(file.Name == "companies.tsv" ? companies : rows, file.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_category_is_explained_and_used()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.PartiesFolder, "README.md"));
        IEnumerable<string> explained = CategoryLine().Matches(readme).Select(static match => match.Groups[1].Value);
        string[] all = [.. Enum.GetValues<PartyCategory>().Skip(1).Select(static category => category.Word())];
        Assert.Equal(all, explained);
        Assert.Equal(all, s_table.Rows.Select(static row => row.Category).Distinct().Order().Select(static category => category.Word()));
    }

    [Fact]
    public void Home_countries_without_a_source_get_fewer()
    {
        int without = s_table.Rows.Select(static row => row.Company).Distinct().Count(static company => company.Source is null);
        Assert.True(without <= MaxCompaniesWithoutSource, $"{without} companies");
    }

    [GeneratedRegex(@"^\| `([a-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CategoryLine();
}
