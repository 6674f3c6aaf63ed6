using System.Diagnostics.CodeAnalysis;

namespace PiTap.Catalogue.Names;

/// <summary>Values of domains, each for all names below it. Immutable; a lookup allocates nothing.</summary>
/// <typeparam name="T">What is known of a domain.</typeparam>
internal sealed class DomainMap<T>
    where T : class
{
    private readonly Dictionary<string, T>.AlternateLookup<ReadOnlySpan<char>> _domains;
    private readonly int _maxLabels;

    /// <summary>Takes domains in ASCII, without a dot at either end.</summary>
    public DomainMap(IEnumerable<KeyValuePair<string, T>> domains)
    {
        // The comparer ignores case: host names come as they were sent (RFC 4343).
        Dictionary<string, T> map = new(domains, StringComparer.OrdinalIgnoreCase);
        _domains = map.GetAlternateLookup<ReadOnlySpan<char>>();
        _maxLabels = map.Keys.Select(static name => DomainName.CountLabels(name)).DefaultIfEmpty(0).Max();
    }

    /// <summary>
    /// Finds the value of the longest domain that the host is, or is below of. Borders are those of labels: <c>notagora.io</c> is not below
    /// <c>agora.io</c>. A dot at the end is ignored.
    /// </summary>
    public bool TryFind(ReadOnlySpan<char> host, [NotNullWhen(true)] out T? value)
    {
        value = null;
        if (host is [.. ReadOnlySpan<char> rooted, '.'])
            host = rooted;
        if (host.Length > DomainName.MaxLength)
            return false;
        // No domain has more labels than _maxLabels: of a hostile name with a hundred, only that many suffixes are looked up.
        int start = host.Length;
        for (int labels = 0; labels < _maxLabels && start > 0; labels++)
            start = Math.Max(host[..(start - 1)].LastIndexOf('.') + 1, 0);
        while (start < host.Length)
        {
            if (_domains.TryGetValue(host[start..], out value))
                return true;
            int dot = host[start..].IndexOf('.');
            if (dot < 0)
                return false;
            start += dot + 1;
        }
        return false;
    }
}
