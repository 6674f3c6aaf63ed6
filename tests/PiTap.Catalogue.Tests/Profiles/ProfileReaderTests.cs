using System.Text;
using CsCheck;
using PiTap.Catalogue.Profiles;

namespace PiTap.Catalogue.Tests.Profiles;

public sealed class ProfileReaderTests
{
    [Fact]
    public void Every_field_of_a_profile_is_told()
    {
        AppProfile profile = ProfileJson.Read(ProfileJson.Talk);
        Assert.Equal(("talk", "Talk", "Talk Ltd", "Made up."), (profile.Id, profile.App, profile.Publisher, profile.Note));
        Assert.Equal(["example.com"], profile.OwnDomains);
        Assert.Equal(
            ("https://talk.example.com/privacy", new DateOnly(2026, 1, 31), new DateOnly(2026, 2, 1)),
            (profile.PolicyUrl, profile.PolicyDate, profile.Policy.Accessed));
        Assert.Equal(["Sentry", "Voice Inc"], profile.Declared.Select(static recipient => recipient.Company));
        Assert.Equal(["voice.example.net", "v.example.org"], profile.Declared[1].Domains);
    }

    [Fact]
    public void A_recipient_is_named_by_the_policy_unless_it_has_a_source_of_its_own()
    {
        AppProfile profile = ProfileJson.Read(ProfileJson.Talk);
        Assert.Same(profile.Policy, profile.Declared[0].Source);
        Assert.Equal(
            new PolicySource("https://talk.example.com/partners", null, new DateOnly(2026, 2, 2)), profile.Declared[1].Source);
    }

    [Theory]
    [InlineData("example.com", true)]
    [InlineData("API.Example.com.", true)]
    [InlineData("notexample.com", false)]
    [InlineData("com", false)]
    [InlineData("", false)]
    public void The_publisher_owns_its_domains_and_what_is_below(string host, bool isOwn) =>
        Assert.Equal(isOwn, ProfileJson.Read(ProfileJson.Talk).Owns(host));

    [Theory]
    [InlineData("a.voice.example.net", null, "Voice Inc")]
    [InlineData("o1.ingest.sentry.io", "Sentry", "Sentry")]
    [InlineData("", "sentry", "Sentry")]
    [InlineData("voice.example.net", "Sentry", "Voice Inc")]
    [InlineData("net", "Agora", null)]
    [InlineData("example.net", null, null)]
    public void A_recipient_is_found_by_its_domain_and_then_by_its_company(string host, string? company, string? expected)
    {
        AppProfile profile = ProfileJson.Read(ProfileJson.Talk);
        Assert.Equal(expected is not null, profile.TryFindDeclared(host, company, out DeclaredRecipient? found));
        Assert.Equal(expected, found?.Company);
    }

    [Fact]
    public void A_company_is_declared_or_not()
    {
        AppProfile profile = ProfileJson.Read(ProfileJson.Talk);
        Assert.True(profile.Declares("Sentry"));
        Assert.False(profile.Declares("Agora"));
    }

    [Fact]
    public void A_mark_at_the_beginning_is_passed_over() => Assert.Equal("talk", ProfileJson.Read("\ufeff" + ProfileJson.Talk).Id);

    [Theory]
    [InlineData("\"id\": \"talk\"", "\"id\": \"chat\"", "id: The file of 'chat' has to be called chat.json. Rename it, or change the id.")]
    [InlineData("\"id\": \"talk\"", "\"id\": \"Talk-\"",
        "id: 'Talk-' is not made of small letters, digits and single hyphens between them.")]
    [InlineData("\"id\": \"talk\",", "", "The field 'id' is missing. Add it.")]
    [InlineData("\"app\": \"Talk\"", "\"app\": 7", "app: A text in quotation marks belongs here.")]
    [InlineData("\"app\": \"Talk\"", "\"app\": \"\"",
        "app: This text is empty, stands between blanks, or has characters that cannot be seen. Write it without them.")]
    [InlineData("\"Talk Ltd\"", "\"Talk\\u202eLtd\"",
        "publisher: This text is empty, stands between blanks, or has characters that cannot be seen. Write it without them.")]
    [InlineData("\"Talk Ltd\"", "\"Talk\\u001b[31mLtd\"",
        "publisher: This text is empty, stands between blanks, or has characters that cannot be seen. Write it without them.")]
    [InlineData("\"Talk Ltd\"", "\"Talk \\ud800\"",
        "A text in it is not Unicode: a stray byte, or an escape that stands for no character. Save it as UTF-8.")]
    [InlineData("\"note\":", "\"notes\":",
        "A field 'notes' is not known here. Known are $schema, id, app, publisher, ownDomains, policy, note, declared.")]
    [InlineData("\"note\":", "\"app\":", "A field stands twice in one place. Take one of them out.")]
    [InlineData("\"company\": \"Sentry\"", "\"company\": \"Sentry\", \"why\": \"\"",
        "declared[0]: A field 'why' is not known here. Known are company, domains, source.")]
    [InlineData("{\"company\": \"Sentry\"}", "\"Sentry\"", "declared[0]: An object with fields in braces belongs here.")]
    [InlineData("\"company\": \"Sentry\"", "\"company\": \"voice inc\"",
        "declared[1]: 'Voice Inc' stands in the list already. Put the two together.")]
    [InlineData("[\"example.com\"]", "\"example.com\"", "ownDomains: A list in square brackets belongs here.")]
    [InlineData("[\"example.com\"]", "[]", "ownDomains: The list is empty. Name at least one domain of the publisher's.")]
    [InlineData("[\"example.com\"]", "[\"*.co.uk\"]",
        "ownDomains[0]: '*.co.uk' is no domain. Use small ASCII letters and no wildcard: names below it count.")]
    [InlineData("[\"example.com\"]", "[\"b\u00fccher.com\"]",
        "ownDomains[0]: 'b\u00fccher.com' is no domain. Use small ASCII letters and no wildcard: names below it count.")]
    [InlineData("[\"example.com\"]", "[7]",
        "ownDomains[0]: '' is no domain. Use small ASCII letters and no wildcard: names below it count.")]
    [InlineData("[\"example.com\"]", "[\"co.uk\"]",
        "ownDomains[0]: 'co.uk' is a public suffix: anybody has names below it. Give the domain that was registered.")]
    [InlineData("\"v.example.org\"", "\"example.com\"",
        "declared[1].domains[1]: 'example.com' stands in this file already. Take one of the two out.")]
    [InlineData("\"policy\": " + ProfileJson.Policy + ",", "", "The field 'policy' is missing. Add it.")]
    [InlineData("\"url\": \"https://talk.example.com/privacy\", ", "", "policy: The field 'url' is missing. Add it.")]
    [InlineData("https://talk.example.com/privacy", "http://talk.example.com/privacy",
        "policy.url: 'http://talk.example.com/privacy' is not an https address. Give the one at which the text was read.")]
    [InlineData("2026-01-31", "31 January 2026", "policy.date: '31 January 2026' is not a day of the form 2026-01-31.")]
    [InlineData("2026-01-31", "2026-02-02", "policy: The text is dated later than the day on which it was read. Correct one of the two.")]
    [InlineData(", \"accessed\": \"2026-02-01\"", "", "policy: The field 'accessed' is missing. Add it.")]
    [InlineData("\"declared\": [", "// none\n\"declared\": [",
        "line 9: This is not JSON. Look for missing marks, a comma behind the last entry, or a comment.")]
    public void What_is_wrong_is_said_with_its_place_and_what_to_do(string text, string instead, string sentence)
    {
        Assert.Contains(text, ProfileJson.Talk, StringComparison.Ordinal);
        Assert.Equal([$"talk.json: {sentence}"], ProfileJson.Errors(ProfileJson.Talk.Replace(text, instead, StringComparison.Ordinal)));
    }

    [Fact]
    public void All_faults_of_a_file_are_told_at_once() => Assert.Equal(
        [
            "talk.json: The field 'id' is missing. Add it.", "talk.json: The field 'app' is missing. Add it.",
            "talk.json: The field 'publisher' is missing. Add it.", "talk.json: The field 'ownDomains' is missing. Add it.",
            "talk.json: The field 'policy' is missing. Add it.", "talk.json: The field 'declared' is missing. Add it.",
        ],
        ProfileJson.Errors("{}"));

    [Fact]
    public void A_message_shows_no_character_that_a_terminal_would_obey() =>
        Assert.Equal(["talk?[31m.json: An object with fields in braces belongs here."],
            ProfileJson.Errors("[]"u8.ToArray(), "talk\u001b[31m.json"));

    [Fact]
    public void Every_shorter_file_is_refused()
    {
        byte[] whole = Encoding.UTF8.GetBytes(ProfileJson.Talk);
        for (int length = 0; length < whole.Length; length++)
            Assert.NotEmpty(ProfileJson.Errors(whole[..length]));
    }

    [Fact]
    public void Any_change_of_a_byte_is_taken_or_refused_and_never_thrown() =>
        (from place in Gen.Int[0, Encoding.UTF8.GetByteCount(ProfileJson.Talk) - 1] from value in Gen.Byte select (place, value)).Sample(
            static change =>
            {
                byte[] bytes = Encoding.UTF8.GetBytes(ProfileJson.Talk);
                bytes[change.place] = change.value;
                ProfileReader reader = ProfileJson.Reader();
                reader.Read("talk.json", bytes);
                Assert.Equal(reader.Errors.Count == 0 ? 1 : 0, reader.Profiles.Count);
            });
}
