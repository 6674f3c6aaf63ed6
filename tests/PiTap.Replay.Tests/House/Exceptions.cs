using System.Globalization;

namespace PiTap.Replay.Tests.House;

/// <summary>
/// A list of exceptions to a rule: each line holds a number and a file. It may only shrink: a file above its number fails, and so does one
/// below it, until the number follows. PITAP_REWRITE=yes in the environment lowers numbers, and never raises one.
/// </summary>
internal static class Exceptions
{
    /// <summary>Sentences about files whose number of breaches is not the one on the list.</summary>
    public static IEnumerable<string> Compare(string list, IEnumerable<(string Path, string Where)> breaches)
    {
        string file = Path.Combine(Repository.Root, "tests", "PiTap.Replay.Tests", "House", list);
        Dictionary<string, int> allowed = Read(file);
        ILookup<string, string> found =
            breaches.ToLookup(static breach => breach.Path, static breach => breach.Where, StringComparer.Ordinal);
        if (Rewrite.IsAsked)
        {
            allowed = allowed.Select(line => (line.Key, Value: Math.Min(line.Value, found[line.Key].Count())))
                .Where(static line => line.Value > 0)
                .ToDictionary(static line => line.Key, static line => line.Value, StringComparer.Ordinal);
            string[] head = [.. File.ReadLines(file).Where(static line => line.StartsWith('#'))];
            File.WriteAllLines(
                file, head.Concat(allowed.Select(static line => string.Create(CultureInfo.InvariantCulture, $"{line.Value} {line.Key}"))));
        }
        foreach (string path in allowed.Keys.Union(found.Select(static group => group.Key), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal))
        {
            int may = allowed.GetValueOrDefault(path), has = found[path].Count();
            if (has > may)
                yield return $"{path}: {has}, allowed {may}: {string.Join(", ", found[path])}";
            else if (has < may)
                yield return $"{path}: {has}, allowed {may}: lower the number in {list}";
        }
    }

    private static Dictionary<string, int> Read(string file) => File.ReadLines(file)
        .Where(static line => line.Length > 0 && !line.StartsWith('#'))
        .Select(static line => line.Split(' ', 2))
        .ToDictionary(static line => line[1], static line => int.Parse(line[0], CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
