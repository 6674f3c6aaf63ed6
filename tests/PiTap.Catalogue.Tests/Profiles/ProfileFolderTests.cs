using PiTap.Catalogue.Profiles;
using PiTap.TestKit;
using AppProfiles = PiTap.Catalogue.Profiles.Profiles;

namespace PiTap.Catalogue.Tests.Profiles;

public sealed class ProfileFolderTests
{
    [Fact]
    public void A_folder_s_profiles_stand_beside_those_that_PiTap_carries()
    {
        using ProfileScratch folder = new();
        folder.Write("talk.json", ProfileJson.Talk);
        folder.Write("profile.schema.json", "{}");
        folder.Write("README.md", "Mine.");
        AppProfiles profiles = AppProfiles.Load(folder.Path);
        Assert.Equal(AppProfiles.Load(null).All.Count + 1, profiles.All.Count);
        Assert.True(profiles.TryFind("talk", out AppProfile? talk));
        Assert.Equal("Talk", talk.App);
        Assert.True(profiles.TryFind("clubhouse-2021", out _));
    }

    [Fact]
    public void An_id_that_PiTap_has_is_refused()
    {
        using ProfileScratch folder = new();
        string path = folder.Write("signal.json", ProfileJson.Talk.Replace("\"talk\"", "\"signal\"", StringComparison.Ordinal));
        ProfileException refused = Assert.Throws<ProfileException>(() => AppProfiles.Load(folder.Path));
        Assert.Equal(
            $"{path}: id: PiTap carries a profile 'signal' already. Give yours another id, and its file that name.", refused.Message);
    }

    [Fact]
    public void The_message_names_the_first_fault_and_counts_the_others()
    {
        using ProfileScratch folder = new();
        string path = folder.Write("a.json", "{");
        folder.Write("b.json", "[]");
        folder.Write("c.json", "[]");
        ProfileException refused = Assert.Throws<ProfileException>(() => AppProfiles.Load(folder.Path));
        Assert.Equal(3, refused.Errors.Count);
        Assert.StartsWith($"{path}: line 1: This is not JSON.", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(" There are 2 more faults in the profiles.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_to_be_missing()
    {
        using ProfileScratch folder = new();
        string path = folder.PathOf("none");
        ProfileException refused = Assert.Throws<ProfileException>(() => AppProfiles.Load(path));
        Assert.Equal($"{path}: There is no such folder. Make it, or name another one.", refused.Message);
    }

    /// <summary>A pipe that nobody writes to would be waited for for ever.</summary>
    [Theory]
    [InlineData("folder", "It is a folder. Give it a name without .json, or take it out.")]
    [InlineData("link", "It is a link. Put the file itself in its place.")]
    [InlineData("link to nothing", "It is a link. Put the file itself in its place.")]
    [InlineData("pipe", "It is empty, or no file. Fill it, or take it out.")]
    [InlineData("socket", "It is empty, or no file. Fill it, or take it out.")]
    [InlineData("device", "It is empty, or no file. Fill it, or take it out.")]
    public void What_is_no_file_is_refused_without_being_opened(string kind, string sentence)
    {
        using ProfileScratch folder = new();
        string target = folder.Write("talk.txt", ProfileJson.Talk);
        string path = folder.PathOf("talk.json");
        Assert.SkipUnless(SpecialFile.TryMake(kind, path, target), $"this user may not make a {kind}");
        Assert.Equal([$"{path}: {sentence}"], folder.Errors());
    }
}
