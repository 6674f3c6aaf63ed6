using System.Buffers.Binary;

namespace PiTap.Wire.Application.Dns;

/// <summary>
/// The data of an SVCB or HTTPS record (RFC 9460 section 2.2): how to reach a service.
/// <code>
///  0  priority
///  2  target: a name without compression
///     parameters: key (2 bytes), length (2 bytes), value
/// </code>
/// </summary>
public readonly ref struct SvcbView
{
    /// <summary>Parameter "alpn" (RFC 9460 section 7.1): what the service speaks.</summary>
    public const ushort KeyAlpn = 1;
    /// <summary>Parameter "port" (section 7.2).</summary>
    public const ushort KeyPort = 3;
    /// <summary>Parameter "ipv4hint" (section 7.3): four bytes each.</summary>
    public const ushort KeyIpv4Hint = 4;
    /// <summary>Parameter "ech" (RFC 9848 section 3): how to hide the name in a ClientHello.</summary>
    public const ushort KeyEch = 5;
    /// <summary>Parameter "ipv6hint" (RFC 9460 section 7.3): sixteen bytes each.</summary>
    public const ushort KeyIpv6Hint = 6;

    private const int TargetOffset = 2;
    private readonly ReadOnlySpan<byte> _data;
    private readonly int _parametersOffset;

    private SvcbView(ReadOnlySpan<byte> data, int parametersOffset)
    {
        _data = data;
        _parametersOffset = parametersOffset;
    }

    /// <summary>Lowest first; 0 says that the target is an alias (section 2.4.2).</summary>
    public ushort Priority => BinaryPrimitives.ReadUInt16BigEndian(_data);

    /// <summary>True if the target is another name for the service, and no parameters count.</summary>
    public bool IsAlias => Priority == 0;

    /// <summary>
    /// The parameters, in order of their keys; none for an alias, whose parameters "recipients MUST ignore" (section 2.4.2).
    /// </summary>
    public SvcParameterEnumerator Parameters => new(IsAlias ? default : _data[_parametersOffset..]);

    /// <summary>The public names of the Encrypted Client Hello configurations among the parameters.</summary>
    public EchPublicNameEnumerator EchPublicNames
    {
        get
        {
            foreach (SvcParameter parameter in Parameters)
            {
                if (parameter.Key == KeyEch)
                    return new EchPublicNameEnumerator(parameter.Value);
            }
            return default;
        }
    }

    /// <summary>Reads a record's data: priority and target have to be whole. The target is not compressed (section 2.2).</summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> data, out SvcbView view)
    {
        view = default;
        int offset = TargetOffset;
        while (offset < data.Length && data[offset] is > 0 and < 64)
            offset += 1 + data[offset];
        if (offset >= data.Length)
            return ParseStatus.Truncated;
        if (data[offset] != 0 || offset + 1 - TargetOffset > DnsView.MaxNameBytes)
            return ParseStatus.Malformed;
        view = new SvcbView(data, offset + 1);
        return ParseStatus.Ok;
    }
}

/// <summary>One parameter of an SVCB or HTTPS record (RFC 9460 section 2.2).</summary>
public readonly ref struct SvcParameter
{
    internal SvcParameter(ushort key, ReadOnlySpan<byte> value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>What it is (registry "Service Parameter Keys").</summary>
    public ushort Key { get; }

    /// <summary>Its value in the form on the wire.</summary>
    public ReadOnlySpan<byte> Value { get; }
}

/// <summary>Walks the parameters of an SVCB or HTTPS record: each turn takes at least four bytes.</summary>
public ref struct SvcParameterEnumerator
{
    private const int HeaderLength = 4;
    private ReadOnlySpan<byte> _data;
    private int _lastKey = -1;

    internal SvcParameterEnumerator(ReadOnlySpan<byte> data) => _data = data;

    /// <summary>The current parameter.</summary>
    public SvcParameter Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly SvcParameterEnumerator GetEnumerator() => this;

    /// <summary>
    /// Goes to the next parameter. One that is cut, or out of the "strictly increasing numeric order" of section 2.2, ends the walk.
    /// </summary>
    public bool MoveNext()
    {
        if (_data.Length < HeaderLength)
            return false;
        ushort key = BinaryPrimitives.ReadUInt16BigEndian(_data);
        int length = BinaryPrimitives.ReadUInt16BigEndian(_data[2..]);
        if (key <= _lastKey || HeaderLength + length > _data.Length)
            return false;
        Current = new SvcParameter(key, _data.Slice(HeaderLength, length));
        _data = _data[(HeaderLength + length)..];
        _lastKey = key;
        return true;
    }
}
