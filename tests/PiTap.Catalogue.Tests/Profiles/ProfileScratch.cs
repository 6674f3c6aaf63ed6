using PiTap.Catalogue.Profiles;

namespace PiTap.Catalogue.Tests.Profiles;

/// <summary>A folder of profiles that is gone after the test.</summary>
internal sealed class ProfileScratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("pitap-profiles-").FullName;

    /// <summary>Writes a file; returns its path.</summary>
    public string Write(string name, string text)
    {
        string path = PathOf(name);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Reads the folder, without the profiles that PiTap carries.</summary>
    public ProfileReader Read()
    {
        ProfileReader reader = ProfileJson.Reader();
        new ProfileFolder(Path).ReadAll(reader);
        return reader;
    }

    public string[] Errors() => [.. Read().Errors.Select(static error => error.ToString())];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
