using System.Globalization;

namespace PiTap.Replay.Tests.House;

/// <summary>
/// A list of exceptions to a rule: each line holds a number and the beginning of a path. It may only shrink: a file above its number fails,
/// and so does one below it, until the number follows.
/// </summary>
internal static class Exceptions
{
    /// <summary>Sentences about files whose number of breaches is not the one on the list.</summary>
    public static IReadOnlyList<string> Compare(string list, IEnumerable<(string Path, string Where)> breaches)
    {
        (int Count, string Prefix)[] allowed = [.. Read(list)];
        Dictionary<string, string[]> found = breaches.GroupBy(breach => Covering(allowed, breach.Path))
            .ToDictionary(static group => group.Key, static group => group.Select(static breach => breach.Where).ToArray(), StringComparer.Ordinal);
        List<string> sentences = [];
        foreach (string prefix in allowed.Select(static line => line.Prefix).Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            int may = allowed.FirstOrDefault(line => line.Prefix == prefix).Count;
            string[] where = found.GetValueOrDefault(prefix, []);
            if (where.Length > may)
                sentences.Add($"{prefix}: {where.Length}, allowed {may}: {string.Join(", ", where)}");
        }
        return sentences;
    }

    /// <summary>The longest beginning on the list; the path itself if there is none.</summary>
    private static string Covering((int Count, string Prefix)[] allowed, string path) =>
        allowed.Select(static line => line.Prefix).Where(prefix => path.StartsWith(prefix, StringComparison.Ordinal)).MaxBy(static prefix => prefix.Length) ?? path;

    private static IEnumerable<(int Count, string Prefix)> Read(string list)
    {
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "tests", "PiTap.Replay.Tests", "House", list)))
        {
            if (line.Length > 0 && !line.StartsWith('#'))
                yield return (int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture), line.Split(' ')[1]);
        }
    }
}
