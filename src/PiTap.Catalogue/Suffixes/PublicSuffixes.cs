using PiTap.Catalogue.Names;

namespace PiTap.Catalogue.Suffixes;

/// <summary>
/// Which part of a host name somebody registered: <c>agoralab.co</c> of <c>qos-america.agoralab.co</c>, <c>example.co.uk</c> of
/// <c>www.example.co.uk</c>. By the rules of the Public Suffix List (https://github.com/publicsuffix/list/wiki/Format). Immutable; a lookup
/// allocates nothing.
/// </summary>
public sealed class PublicSuffixes
{
    /// <summary>Rules of a list: several times what there are.</summary>
    public const int MaxRules = 100_000;

    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _suffixes;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _wildcards;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _exceptions;
    private readonly int _maxLabels;

    private PublicSuffixes(HashSet<string> suffixes, HashSet<string> wildcards, HashSet<string> exceptions)
    {
        _suffixes = suffixes.GetAlternateLookup<ReadOnlySpan<char>>();
        _wildcards = wildcards.GetAlternateLookup<ReadOnlySpan<char>>();
        _exceptions = exceptions.GetAlternateLookup<ReadOnlySpan<char>>();
        Count = suffixes.Count + wildcards.Count + exceptions.Count;
        // A wildcard covers one label more than it names.
        _maxLabels = 1 + suffixes.Concat(wildcards).Concat(exceptions).Select(static name => DomainName.CountLabels(name))
            .DefaultIfEmpty(1).Max();
    }

    /// <summary>How many rules there are.</summary>
    public int Count { get; }

    /// <summary>
    /// Reads a list: a rule a line in small ASCII letters (<c>co.uk</c>, <c>*.ck</c>, <c>!www.ck</c>); lines that begin with <c>#</c> are
    /// comments. Null if a line is no rule; <paramref name="error"/> then says which.
    /// </summary>
    public static PublicSuffixes? Parse(string text, out string? error)
    {
        HashSet<string> suffixes = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> wildcards = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> exceptions = new(StringComparer.OrdinalIgnoreCase);
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsEmpty || line[0] == '#')
                continue;
            HashSet<string> rules = line[0] == '!' ? exceptions : line.StartsWith("*.") ? wildcards : suffixes;
            ReadOnlySpan<char> name = rules == exceptions ? line[1..] : rules == wildcards ? line[2..] : line;
            // An exception takes a label back from a wildcard: it has at least two.
            bool isWellFormed = rules == exceptions ? DomainName.IsWellFormed(name) : DomainName.IsWellFormed($"a.{name}");
            if (!isWellFormed || !rules.Add(name.ToString()) || number > MaxRules)
            {
                error = $"line {number}: '{line}' is no rule, a double, or more than {MaxRules} lines";
                return null;
            }
        }
        error = null;
        return new PublicSuffixes(suffixes, wildcards, exceptions);
    }

    /// <summary>
    /// The registrable part of a host name in ASCII: its public suffix and one label more. Empty for a name that is a public suffix itself,
    /// for an address, and for what is no host name. A dot at the end is ignored.
    /// </summary>
    public ReadOnlySpan<char> GetRegistrable(ReadOnlySpan<char> host)
    {
        if (host is [.. ReadOnlySpan<char> rooted, '.'])
            host = rooted;
        // The last label of an address is a number; no top-level domain begins with a digit.
        if (host.Length is 0 or > DomainName.MaxLength || host[^1] == '.' || char.IsAsciiDigit(host[host.LastIndexOf('.') + 1]))
            return [];
        int start = host.Length;
        for (int labels = 0; labels < _maxLabels && start > 0; labels++)
            start = StartOfLabelBefore(host, start);
        // From the longest suffix that could be a rule to the shortest: the first that is one prevails. The last label alone always is.
        while (true)
        {
            ReadOnlySpan<char> suffix = host[start..];
            int dot = suffix.IndexOf('.');
            if (_exceptions.Contains(suffix))
                return suffix;
            if (dot < 0 || _suffixes.Contains(suffix) || _wildcards.Contains(suffix[(dot + 1)..]))
                return start == 0 ? [] : UnlessItsFirstLabelIsEmpty(host[StartOfLabelBefore(host, start)..]);
            start += dot + 1;
        }
    }

    /// <summary>
    /// True for a name in the public tree: its last label is a top-level domain of the list. None of <c>lan</c> and <c>local</c> is, nor is
    /// a name below <c>arpa</c>, which stands for addresses and for home networks (RFC 8375). A dot at the end is ignored.
    /// </summary>
    public bool IsPublic(ReadOnlySpan<char> host)
    {
        if (host is [.. ReadOnlySpan<char> rooted, '.'])
            host = rooted;
        ReadOnlySpan<char> last = host[(host.LastIndexOf('.') + 1)..];
        return (_suffixes.Contains(last) || _wildcards.Contains(last)) && !last.Equals("arpa", StringComparison.OrdinalIgnoreCase)
            && !GetRegistrable(host).IsEmpty;
    }

    private static int StartOfLabelBefore(ReadOnlySpan<char> host, int start) => host[..(start - 1)].LastIndexOf('.') + 1;

    private static ReadOnlySpan<char> UnlessItsFirstLabelIsEmpty(ReadOnlySpan<char> name) => name[0] == '.' ? [] : name;
}
