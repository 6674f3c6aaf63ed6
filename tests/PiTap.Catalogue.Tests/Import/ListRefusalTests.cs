using CsCheck;
using PiTap.Catalogue.Import;
using static PiTap.Catalogue.Tests.Import.ListImportTests;
using static PiTap.Catalogue.Tests.Import.ListTexts;

namespace PiTap.Catalogue.Tests.Import;

/// <summary>What of lists is refused, and with which words.</summary>
public sealed class ListRefusalTests
{
    private const string Anew = "; take that out, or get the list anew";

    [Theory]
    [InlineData("{\"categories\":[}", "line 1, byte 16: there it is no JSON any more, ends early, or has more than 16 levels")]
    [InlineData("{\n\"categories\":{},}", "line 2, byte 17: there it is no JSON any more, ends early, or has more than 16 levels")]
    public void A_file_that_is_no_JSON_is_named_with_the_line(string text, string sentence) =>
        Assert.Equal($"x.json: {sentence}; get the list anew", ErrorOf(text));

    [Theory]
    [InlineData("{\"categories\":{\"A\":[7]}}", "categories.A[0]: entries in braces belong here")]
    [InlineData("{\"categories\":{\"A\":[],\"B\":7}}", "categories.B: a list in square brackets belongs here")]
    [InlineData("{\"categories\":{\"A\":[{\"C\":[]}]}}", "categories.A[0].C: entries in braces belong here")]
    [InlineData("{\"categories\":{\"A\":[{\"C\":{\"u\":[\"a.example\",null]}}]}}",
        "categories.A[0].C.u: a text in quotation marks belongs here")]
    [InlineData("{\"categories\":{\"A\":[{\"C\":{\"u\":{}}}]}}", "categories.A[0].C.u: a list in square brackets belongs here")]
    [InlineData("{\"entities\":{\"A\":{\"properties\":\"a.example\"}}}", "entities.A.properties: a list in square brackets belongs here")]
    [InlineData("{\"entities\":{\"A\":{\"properties\":[]},\"B\":[]}}", "entities.B: entries in braces belong here")]
    [InlineData("{\"trackers\":{\"a.example\":{\"owner\":\"A\"}}}", "trackers.a.example.owner: entries in braces belong here")]
    [InlineData("{\"trackers\":{\"a.example\":{\"owner\":{\"name\":7}}}}",
        "trackers.a.example.owner.name: a text in quotation marks belongs here")]
    [InlineData("{\"trackers\":{\"a.example\":{\"owner\":{}},\"b.example\":7}}", "trackers.b.example: entries in braces belong here")]
    [InlineData("{\"trackers\":{\"a.example\":{\"owner\":{}}},\"domains\":{\"b.example\":{}}}",
        "domains.b.example: a text in quotation marks belongs here")]
    [InlineData("{\"trackers\":{\"1\":{\"network_signature\":[]}}}",
        "trackers.1.network_signature: a text in quotation marks belongs here")]
    [InlineData("{\"trackers\":{\"1\":{\"network_signature\":\"\",\"name\":1}}}",
        "trackers.1.name: a text in quotation marks belongs here")]
    [InlineData("{\"trackers\":[],\"trackerDomains\":{}}", "trackers: entries in braces belong here")]
    [InlineData("{\"trackers\":{\"a\":[]},\"trackerDomains\":{}}", "trackers.a: entries in braces belong here")]
    [InlineData("{\"trackers\":{\"a\":{\"categoryId\":\"4\"}},\"trackerDomains\":{}}",
        "trackers.a.categoryId: the number of a category belongs here")]
    [InlineData("{\"trackers\":{\"a\":{},\"a\":{}},\"trackerDomains\":{}}", "trackers.a: this tracker stands there already")]
    [InlineData("{\"trackers\":{},\"trackerDomains\":{\"a.example\":7}}",
        "trackerDomains.a.example: a text in quotation marks belongs here")]
    [InlineData("{\"categories\":7,\"trackers\":{},\"trackerDomains\":{}}", "categories: entries in braces belong here")]
    public void What_is_of_another_type_is_named_with_its_place(string text, string sentence) =>
        Assert.Equal($"x.json: {sentence}{Anew}", ErrorOf(text));

    [Theory]
    [InlineData("b\u00fccher.example",
        "'b\u00fccher.example' is no domain in ASCII; other letters are written in the form that begins with xn--")]
    [InlineData("a\\u0000b.example", "'a?b.example' is no domain in ASCII; other letters are written in the form that begins with xn--")]
    [InlineData("a b.example", "'a b.example' is no domain in ASCII; other letters are written in the form that begins with xn--")]
    [InlineData("\u202egnp.example", "'?gnp.example' is no domain in ASCII; other letters are written in the form that begins with xn--")]
    [InlineData("example", "'example' is no domain: labels of up to 63 letters, digits and hyphens, 253 in all")]
    [InlineData("", "'' is no domain: labels of up to 63 letters, digits and hyphens, 253 in all")]
    [InlineData("a..example", "'a..example' is no domain: labels of up to 63 letters, digits and hyphens, 253 in all")]
    [InlineData("*.a.example", "'*.a.example' is no domain: labels of up to 63 letters, digits and hyphens, 253 in all")]
    [InlineData("a:80.example", "'a:80.example' is no domain: labels of up to 63 letters, digits and hyphens, 253 in all")]
    public void A_name_that_is_no_domain_is_named_with_its_place(string name, string sentence) =>
        Assert.Equal($"x.json: categories.Content[0].A.https://example.com/: {sentence}{Anew}", ErrorOf(Services($"\"{name}\"")));

    [Theory]
    [InlineData("A\\u0003")]
    [InlineData("A\u202eB")]
    [InlineData("A\\tB")]
    [InlineData("\\n\u200b")]
    public void A_company_whose_name_cannot_be_shown_is_left_out(string company)
    {
        ImportedSet set = Make(File("x",
            $"{{\"entities\":{{\"{company}\":{{\"properties\":[\"a.example\"]}},\"B\":{{\"properties\":[\"b.example\"]}}}}}}"));
        Assert.Equal(["*.b.example|B|B|-"], Rows(set));
        Assert.Equal("Left out: names of companies or services with characters that cannot be seen (1), names without an owner (1).",
            set.Note);
    }

    [Fact]
    public void Half_a_character_and_a_stray_byte_are_refused()
    {
        const string sentence = "x.json: a text in it is not Unicode: a stray byte, or an escape that stands for no character; "
            + "get the list anew";
        Assert.Equal(sentence, ErrorOf(Services("\"\\ud800.example\"")));
        Assert.Equal(sentence, ErrorOf(Services("\"a.example\"", "\\udc00")));
        byte[] bytes = [.. "{\"categories\":{\"Content\":[{\"A"u8, 0xff, .. "\":{\"u\":[\"a.example\"]}}]}}"u8];
        Assert.Equal(sentence, ErrorOf(new ImportFile("x.json", bytes, default)));
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        Assert.Equal("s is by Disconnect and x by Exodus: import them one after the other",
            ErrorOf(File("s", DisconnectServices), File("x", Exodus)));
        Assert.Equal("s and t are the same file of Disconnect's list: name one of them",
            ErrorOf(File("s", DisconnectServices), File("t", DisconnectServices)));
        Assert.Equal("v4.csv: it is no list in JSON, as the other file is: import them one after the other",
            ErrorOf(File("x", Exodus), File("v4.csv", "1.0.0.0,1.0.0.255,SG\n")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[{\"service_id\":\"x\",\"domains\":[\"a.example\"]}]")]
    [InlineData("{\"trackers\":{}}")]
    [InlineData("{\"trackers\":7}")]
    [InlineData("{\"categories\":{}}")]
    [InlineData("{\"companies\":{}}")]
    [InlineData("{\"entities\":[]}")]
    public void JSON_of_another_kind_is_named(string text) => Assert.Equal(
        "x.json: it is no database in MaxMind's format (mmdb), no list of ranges (csv: first, last address, country or number), and no "
        + "list of trackers (json) by AdGuard, DuckDuckGo, Disconnect or Exodus", ErrorOf(text));

    [Fact]
    public void A_list_without_a_domain_is_refused() => Assert.Equal(
        "x.json: it is of Disconnect's list, but names no domain that PiTap can use", ErrorOf(Services("\"co.uk\"")));

    [Fact]
    public void A_fault_in_AdGuards_other_file_is_said_of_that_file() => Assert.Equal(
        $"c: companies.b: entries in braces belong here{Anew}",
        ErrorOf(File("t", AdGuardTrackers), File("c", "{\"companies\":{\"a\":{\"name\":\"A\"},\"b\":7}}")));

    [Theory]
    [InlineData(AdGuardTrackers)]
    [InlineData(DuckDuckGoWeb)]
    [InlineData(DuckDuckGoApps)]
    [InlineData(DisconnectServices)]
    [InlineData(DisconnectEntities)]
    [InlineData(Exodus)]
    public void Of_a_list_that_ends_early_nothing_is_taken(string text)
    {
        for (int length = 0; length < text.Length; length++)
            Assert.NotNull(ErrorOf(text[..length]));
    }

    [Theory]
    [InlineData(AdGuardTrackers)]
    [InlineData(DuckDuckGoWeb)]
    [InlineData(DisconnectServices)]
    [InlineData(DisconnectEntities)]
    [InlineData(Exodus)]
    public void Of_a_damaged_list_there_is_a_sentence_or_a_whole_set(string text)
    {
        byte[] whole = File("x", text).Bytes.ToArray();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).Sample(change =>
        {
            byte[] damaged = [.. whole];
            damaged[change.Item1] = change.Item2;
            damaged[change.Item3] = change.Item4;
            ImportedSet? set = SetImport.Read([new ImportFile("x", damaged, default)], "hosted", out string? error);
            if (set is not null)
                Assert.Null(SetImport.Check(set.Description.Name, set.File));
            Assert.Equal(set is null, error is not null);
        }, iter: 2_000);
    }
}
