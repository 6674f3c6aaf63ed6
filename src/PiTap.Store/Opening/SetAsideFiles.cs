using System.Globalization;
using PiTap.Store.Files;

namespace PiTap.Store.Opening;

/// <summary>A file that was set aside as damaged: a store or its log.</summary>
/// <param name="Path">The file.</param>
/// <param name="SetAside">When, by the wall clock.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct SetAsideFile(string Path, DateTimeOffset SetAside, long Bytes);

/// <summary>The files beside a store that were set aside as damaged: the store's name with the time behind it.</summary>
internal static class SetAsideFiles
{
    private const string Suffix = ".damaged-";
    private const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";
    private const int TimeLength = 16;

    /// <summary>A name that no file has, neither the store nor its log.</summary>
    public static string NewName(string storePath, DateTimeOffset now)
    {
        string stamp = now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        string name = storePath + Suffix + stamp;
        for (int i = 2; File.Exists(name) || File.Exists(PageLog.PathOf(name)); i++)
            name = $"{storePath}{Suffix}{stamp}-{i}";
        return name;
    }

    /// <summary>Oldest first.</summary>
    public static List<SetAsideFile> Of(string storePath)
    {
        string data = Path.GetFileName(storePath) + Suffix;
        string log = Path.GetFileName(PageLog.PathOf(storePath + Suffix));
        List<SetAsideFile> files = [];
        foreach (FileInfo file in new DirectoryInfo(Path.GetDirectoryName(storePath)!).EnumerateFiles())
        {
            foreach (string prefix in new[] { data, log })
            {
                if (file.Name.StartsWith(prefix, StringComparison.Ordinal) && FileKinds.Of(file.FullName) == FileKind.Regular)
                    files.Add(new SetAsideFile(file.FullName, TimeOf(file, prefix.Length), file.Length));
            }
        }
        return [.. files.OrderBy(static file => file.SetAside).ThenBy(static file => file.Path, StringComparer.Ordinal)];
    }

    /// <summary>Deletes what was ever set aside.</summary>
    public static void DeleteAll(string storePath)
    {
        foreach (SetAsideFile file in Of(storePath))
            File.Delete(file.Path);
    }

    private static DateTimeOffset TimeOf(FileInfo file, int at)
    {
        string stamp = file.Name.Substring(at, Math.Min(TimeLength, file.Name.Length - at));
        CultureInfo culture = CultureInfo.InvariantCulture;
        return DateTimeOffset.TryParseExact(stamp, TimeFormat, culture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : file.LastWriteTimeUtc;
    }
}
