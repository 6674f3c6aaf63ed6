using System.Text;

namespace PiTap.Catalogue.Tests.Profiles;

/// <summary>How much a profile may hold, as numbers of their own: a cap that is raised fails here.</summary>
public sealed class ProfileCapTests
{
    [Fact]
    [Trait("cap", "Catalogue.ProfileFields.MaxTextLength")]
    public void A_name_has_at_most_120_characters()
    {
        ProfileJson.Read(With("\"Talk\"", $"\"{new string('x', 120)}\""));
        Assert.Equal(["talk.json: app: This text has 121 characters. Shorten it to 120."],
            ProfileJson.Errors(With("\"Talk\"", $"\"{new string('x', 121)}\"")));
    }

    [Fact]
    [Trait("cap", "Catalogue.ProfileFields.MaxLongTextLength")]
    public void A_note_and_an_address_have_at_most_500_characters()
    {
        ProfileJson.Read(With("Made up.", new string('x', 500)));
        Assert.Equal(["talk.json: note: This text has 501 characters. Shorten it to 500."],
            ProfileJson.Errors(With("Made up.", new string('x', 501))));
        Assert.Equal(["talk.json: policy.url: This text has 501 characters. Shorten it to 500."],
            ProfileJson.Errors(With("https://talk.example.com/privacy", "https://talk.example.com/".PadRight(501, 'x'))));
    }

    [Fact]
    [Trait("cap", "Catalogue.ProfileFields.MaxEntries")]
    public void A_list_has_at_most_250_entries()
    {
        Assert.Equal(250, ProfileJson.Read(With("[\"example.com\"]", Domains(250))).OwnDomains.Count);
        Assert.Equal(["talk.json: ownDomains: This list has 251 entries. Shorten it to 250."],
            ProfileJson.Errors(With("[\"example.com\"]", Domains(251))));
    }

    [Fact]
    [Trait("cap", "Catalogue.ProfileFolder.MaxFileBytes")]
    public void A_file_has_at_most_64_KiB()
    {
        using ProfileScratch folder = new();
        string talk = ProfileJson.Talk.PadRight(65_536);
        folder.Write("talk.json", talk);
        Assert.Equal("talk", Assert.Single(folder.Read().Profiles).Id);
        string path = folder.Write("talk.json", talk + " ");
        Assert.Equal([$"{path}: It has more than 65536 bytes. A profile needs less: shorten it."], folder.Errors());
    }

    [Fact]
    [Trait("cap", "Catalogue.ProfileFolder.MaxFiles")]
    public void A_folder_has_at_most_250_files()
    {
        using ProfileScratch folder = new();
        for (int i = 1; i <= 250; i++)
            folder.Write($"a{i}.json", ProfileJson.Talk.Replace("\"talk\"", $"\"a{i}\"", StringComparison.Ordinal));
        Assert.Equal(250, folder.Read().Profiles.Count);
        folder.Write("one-more.json", "{}");
        Assert.Equal([$"{folder.Path}: There are more than 250 files *.json in it. Move some of them elsewhere."], folder.Errors());
    }

    private static string With(string text, string instead) => ProfileJson.Talk.Replace(text, instead, StringComparison.Ordinal);

    private static string Domains(int count)
    {
        StringBuilder list = new("[");
        for (int i = 0; i < count; i++)
            list.Append(i == 0 ? "" : ", ").Append('"').Append('a').Append(i).Append(".com\"");
        return list.Append(']').ToString();
    }
}
