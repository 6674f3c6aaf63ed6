using System.Text;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Parties;
using PiTap.Model;
using static PiTap.Catalogue.Tests.Import.ListTexts;

namespace PiTap.Catalogue.Tests.Parties;

/// <summary>Lists that were imported, beside what PiTap carries.</summary>
public sealed class ImportedListTests
{
    private static readonly ImportedSet s_disconnect =
        Make(File("s", Services("Listed", "ads.list.example", "agoralab.co", "01net.com", "both.example")));

    [Fact]
    public void A_list_is_believed_behind_the_own_table_and_before_the_other_one()
    {
        Lookups lookups = Load(s_disconnect);
        DomainParty party = Find(lookups, "a.ads.list.example");
        Assert.Equal(("Listed", PartyCategory.Analytics, Confidence.Likely), (party.Company, party.Category, party.Confidence));
        Assert.Equal("domain ads.list.example, by Disconnect", party.Reason);
        Assert.Equal("https://github.com/disconnectme/disconnect-tracking-protection", party.Source);
        Assert.Equal(("Listed", "domain 01net.com, by Disconnect"),
            (Find(lookups, "ad.01net.com").Company, Find(lookups, "ad.01net.com").Reason));
        Assert.Equal(("Agora", "domain agoralab.co"), (Find(lookups, "x.agoralab.co").Company, Find(lookups, "x.agoralab.co").Reason));
        Assert.Equal("domain 0emn.com", Find(lookups, "0emn.com").Reason);
    }

    [Fact]
    public void Of_several_lists_AdGuards_comes_first_then_DuckDuckGos_Disconnects_and_Exodus()
    {
        const string domain = "both.example";
        ImportedSet exodus = Make(File("x", $"{{\"trackers\":[{{\"name\":\"E\",\"network_signature\":\"{domain}\"}}]}}"));
        ImportedSet duck = Make(File("d", $"{{\"trackers\":{{\"{domain}\":{{\"owner\":{{\"name\":\"D\"}}}}}}}}"));
        ImportedSet guard = Make(
            File("t", $"{{\"trackers\":{{\"1\":{{\"name\":\"G\",\"companyId\":\"g\"}}}},\"trackerDomains\":{{\"{domain}\":\"1\"}}}}"),
            File("c", "{\"companies\":{\"g\":{\"name\":\"G Company\"}}}"));
        Assert.Equal("AdGuard", Find(Load(exodus, s_disconnect, duck, guard), domain).ListedBy);
        Assert.Equal("DuckDuckGo", Find(Load(exodus, s_disconnect, duck), domain).ListedBy);
        Assert.Equal("Disconnect", Find(Load(exodus, s_disconnect), domain).ListedBy);
        Assert.Equal("Exodus", Find(Load(exodus), domain).ListedBy);
        Assert.Equal(["adguard", "disconnect", "duckduckgo", "exodus"],
            Load(exodus, s_disconnect, duck, guard).Sets.Where(static set => PartyLists.IsSet(set.Name)).Select(static set => set.Name));
    }

    [Fact]
    public void A_list_that_names_a_company_goes_before_one_that_names_a_service_alone()
    {
        ImportedSet guard = Make(File("t", """
            { "trackers": { "1": { "name": "G" } },
              "trackerDomains": { "both.example": "1", "only.example": "1", "0emn.com": "1" } }
            """));
        Lookups lookups = Load(guard, s_disconnect);
        Assert.Equal(("Listed", "Disconnect"), (Find(lookups, "both.example").Company, Find(lookups, "both.example").ListedBy));
        Assert.Equal(("Google", null), (Find(lookups, "0emn.com").Company, Find(lookups, "0emn.com").ListedBy));
        DomainParty only = Find(lookups, "only.example");
        Assert.Equal(("G", null, null, "domain only.example, by AdGuard"), (only.Service, only.Company, only.HomeCountry, only.Reason));
    }

    [Fact]
    public void A_company_that_the_own_table_has_too_lends_its_country() =>
        Assert.Equal("CN", Find(Load(Make(File("s", Services("Agora", "a.list.example")))), "a.list.example").HomeCountry);

    [Fact]
    public void A_list_that_was_changed_is_told()
    {
        byte[] file = s_disconnect.File.ToArray();
        Assert.Null(SetImport.Check("disconnect", file));
        for (int i = 0; i < file.Length; i++)
        {
            file[i] ^= 1;
            Assert.NotNull(SetImport.Check("disconnect", file));
            file[i] ^= 1;
        }
        for (int length = 0; length < file.Length; length++)
            Assert.NotNull(SetImport.Check("disconnect", file.AsMemory(0, length)));
    }

    [Fact]
    public void A_list_in_another_ones_place_is_told()
    {
        Assert.Equal("it is the set 'disconnect'", SetImport.Check("exodus", s_disconnect.File));
        Assert.Equal("its checksum is another one", SetImport.Check("disconnect", (byte[])[.. s_disconnect.File.Span, (byte)'\n']));
        Assert.Equal("it is no list that PiTap has written", SetImport.Check("disconnect", Encoding.ASCII.GetBytes("damaged")));
    }

    [Fact]
    public void A_lookup_in_lists_allocates_nothing()
    {
        DomainParties domains = Load(s_disconnect).Domains;
        int found = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            found += domains.TryFind("a.ads.list.example", out _) ? 1 : 0;
        Assert.Equal((100, 0), (found, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private static string Services(string company, params string[] domains) =>
        "{\"categories\":{\"Analytics\":[{\"" + company + "\":{\"u\":[\"" + string.Join("\",\"", domains) + "\"]}}]}}";
}
