using PiTap.Model;

namespace PiTap.Host.Arguments;

/// <summary>
/// Which hosts a person means. An address or a network is that. A text with a dot is a name and the names below it; without one, any part
/// of a name. A star stands for any text at that end, as does the ellipsis by which tables cut names at their left.
/// </summary>
internal sealed class HostPattern
{
    private const string Ellipsis = "\u2026";

    private readonly IpAddress? _address;
    private readonly AddressRange? _range;
    private readonly string _text;
    private readonly bool _isOpenLeft;
    private readonly bool _isOpenRight;

    private HostPattern(string text, bool isOpenLeft, bool isOpenRight, IpAddress? address, AddressRange? range)
    {
        _text = text;
        _isOpenLeft = isOpenLeft;
        _isOpenRight = isOpenRight;
        _address = address;
        _range = range;
    }

    /// <summary>The name whose subtree is meant; null where it is not that simple.</summary>
    public string? Suffix => _address is null && _range is null && !_isOpenLeft && !_isOpenRight ? _text : null;

    /// <summary>Null if the text names nothing.</summary>
    public static HostPattern? Parse(string text)
    {
        string wanted = text.Trim().ToLowerInvariant();
        if (IpAddress.TryParse(wanted.Trim('[', ']'), out IpAddress address))
            return new HostPattern(wanted, false, false, address, null);
        if (AddressRange.TryParse(wanted, out AddressRange? range))
            return new HostPattern(wanted, false, false, null, range);
        bool isSubtree = wanted.StartsWith("*.", StringComparison.Ordinal)
            || (wanted.StartsWith('.') && !wanted.StartsWith("..", StringComparison.Ordinal));
        bool isOpenLeft = !isSubtree
            && (wanted.StartsWith('*') || wanted.StartsWith(Ellipsis, StringComparison.Ordinal)
                || wanted.StartsWith("..", StringComparison.Ordinal));
        bool isOpenRight = wanted.EndsWith('*');
        string bare = wanted.TrimStart('*', '.', Ellipsis[0]).TrimEnd('*');
        bool isPart = !isSubtree && !isOpenLeft && !isOpenRight && !bare.TrimEnd('.').Contains('.', StringComparison.Ordinal);
        // Cut off behind a dot, it still begins with a whole label.
        bare = isOpenRight ? bare : bare.TrimEnd('.');
        return bare.Length == 0 ? null : new HostPattern(bare, isOpenLeft || isPart, isOpenRight || isPart, null, null);
    }

    /// <summary>True for a name; null is none.</summary>
    public bool IsName(string? name)
    {
        if (name is null || _address is not null || _range is not null)
            return name is not null && IpAddress.TryParse(name, out IpAddress address) && Is(address);
        return (_isOpenLeft, _isOpenRight) switch
        {
            (true, true) => name.Contains(_text, StringComparison.OrdinalIgnoreCase),
            (true, false) => name.EndsWith(_text, StringComparison.OrdinalIgnoreCase),
            (false, true) => name.StartsWith(_text, StringComparison.OrdinalIgnoreCase),
            _ => name.EndsWith(_text, StringComparison.OrdinalIgnoreCase)
                && (name.Length == _text.Length || name[name.Length - _text.Length - 1] == '.'),
        };
    }

    /// <summary>True for an address.</summary>
    public bool Is(IpAddress address) => address == _address || _range?.Contains(address) == true;
}
