namespace PiTap.Analysis.Naming;

/// <summary>Host names that are not to be kept, each with all names below it.</summary>
internal sealed class IgnoreList
{
    private readonly HashSet<string> _suffixes;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public IgnoreList(IEnumerable<string> suffixes)
    {
        IEnumerable<string> plain = suffixes.Select(static suffix => suffix.Trim().Trim('.').ToLowerInvariant());
        _suffixes = new HashSet<string>(plain, StringComparer.Ordinal);
        _lookup = _suffixes.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>True if nothing is ignored.</summary>
    public bool IsEmpty => _suffixes.Count == 0;

    /// <summary>True if the name, or a name above it, is on the list. <paramref name="host"/> is in lower case.</summary>
    public bool Contains(ReadOnlySpan<char> host)
    {
        if (IsEmpty)
            return false;
        host = host.TrimEnd('.');
        while (true)
        {
            if (_lookup.Contains(host))
                return true;
            int dot = host.IndexOf('.');
            if (dot < 0)
                return false;
            host = host[(dot + 1)..];
        }
    }
}
