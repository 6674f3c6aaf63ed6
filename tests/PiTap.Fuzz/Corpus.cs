using System.Security.Cryptography;

namespace PiTap.Fuzz;

/// <summary>
/// The inputs kept for a target: <c>seed-*</c>, made by builders, and <c>crash-*</c>, that once broke something and never may again.
/// </summary>
internal sealed class Corpus(string root, string target)
{
    private readonly string _folder = Path.Combine(root, target);

    /// <summary>All inputs, in order of their names: a run with the same numbers is the same run.</summary>
    public IReadOnlyList<(string Name, byte[] Data)> Read() => !Directory.Exists(_folder)
        ? []
        : [.. Directory.EnumerateFiles(_folder).Order(StringComparer.Ordinal)
            .Select(static path => (Path.GetFileName(path), File.ReadAllBytes(path)))];

    /// <summary>Writes the builders' inputs in place of the seeds that were there.</summary>
    public int WriteSeeds(IEnumerable<byte[]> seeds)
    {
        Directory.CreateDirectory(_folder);
        foreach (string old in Directory.EnumerateFiles(_folder, "seed-*").ToList())
            File.Delete(old);
        int count = 0;
        foreach (byte[] seed in seeds)
            File.WriteAllBytes(Path.Combine(_folder, $"seed-{++count:00}"), seed);
        return count;
    }

    /// <summary>Keeps an input that broke something; the same bytes only once.</summary>
    public string WriteCrash(ReadOnlySpan<byte> data)
    {
        const int NameBytes = 6;
        Directory.CreateDirectory(_folder);
        string path = Path.Combine(_folder, $"crash-{Convert.ToHexStringLower(SHA256.HashData(data)[..NameBytes])}");
        File.WriteAllBytes(path, data);
        return path;
    }
}
