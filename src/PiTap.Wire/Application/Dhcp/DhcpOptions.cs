namespace PiTap.Wire.Application.Dhcp;

/// <summary>Walks the options in one field of a DHCP message (RFC 2132 section 2): each turn takes at least one byte.</summary>
internal ref struct DhcpOptions
{
    private const byte Pad = 0;
    private const byte End = 255;
    private ReadOnlySpan<byte> _rest;

    public DhcpOptions(ReadOnlySpan<byte> field) => _rest = field;

    /// <summary>The number of the current option.</summary>
    public byte Code { get; private set; }

    /// <summary>The data of the current option.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Goes to the next option; the end mark or an option that is cut ends the walk.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty && _rest[0] == Pad)
            _rest = _rest[1..];
        if (_rest.Length < 2 || _rest[0] == End || 2 + _rest[1] > _rest.Length)
            return false;
        Code = _rest[0];
        Data = _rest.Slice(2, _rest[1]);
        _rest = _rest[(2 + Data.Length)..];
        return true;
    }
}
