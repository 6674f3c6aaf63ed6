using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application;

/// <summary>One resource record (RFC 1035 section 4.1.3).</summary>
public readonly ref struct DnsRecord
{
    /// <summary>A: an IPv4 address.</summary>
    public const ushort TypeA = 1;
    /// <summary>CNAME: the name's true name.</summary>
    public const ushort TypeCname = 5;
    /// <summary>PTR: where a name points to.</summary>
    public const ushort TypePtr = 12;
    /// <summary>TXT: strings.</summary>
    public const ushort TypeTxt = 16;
    /// <summary>AAAA: an IPv6 address (RFC 3596).</summary>
    public const ushort TypeAaaa = 28;
    /// <summary>SRV: where a service is (RFC 2782).</summary>
    public const ushort TypeSrv = 33;
    /// <summary>SVCB: how to reach a service (RFC 9460).</summary>
    public const ushort TypeSvcb = 64;
    /// <summary>HTTPS: how to reach a web site (RFC 9460).</summary>
    public const ushort TypeHttps = 65;

    private const int FixedLength = 10;

    private DnsRecord(DnsSection section, int nameOffset, int dataOffset, ReadOnlySpan<byte> fixedPart, ReadOnlySpan<byte> data)
    {
        Section = section;
        NameOffset = nameOffset;
        DataOffset = dataOffset;
        Type = BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
        ushort classField = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[2..]);
        Class = (ushort)(classField & 0x7fff);
        FlushesCache = (classField & 0x8000) != 0;
        TimeToLiveSeconds = BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..]);
        Data = data;
    }

    /// <summary>Where it stands.</summary>
    public DnsSection Section { get; }

    /// <summary>Where the owner's name begins in the message.</summary>
    public int NameOffset { get; }

    /// <summary>Where the data begins in the message: for names in it.</summary>
    public int DataOffset { get; }

    /// <summary>The record's type.</summary>
    public ushort Type { get; }

    /// <summary>The record's class, without the top bit of multicast DNS.</summary>
    public ushort Class { get; }

    /// <summary>The top bit of the class: in multicast DNS, what was known before is void (RFC 6762 section 10.2).</summary>
    public bool FlushesCache { get; }

    /// <summary>For how long it holds.</summary>
    public uint TimeToLiveSeconds { get; }

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The public names in the Encrypted Client Hello configurations of an SVCB or HTTPS record (RFC 9848 section 3, RFC 9849 section 4).</summary>
    public EchPublicNameEnumerator EchPublicNames => new(Type is TypeSvcb or TypeHttps ? Data : default);

    /// <summary>The address of an A or AAAA record of the right length.</summary>
    public bool TryReadAddress(out IpAddress address)
    {
        bool isV4 = Type == TypeA && Data.Length == 4;
        bool isV6 = Type == TypeAaaa && Data.Length == 16;
        address = isV4 ? IpAddress.ReadV4(Data) : isV6 ? IpAddress.ReadV6(Data) : default;
        return isV4 || isV6;
    }

    internal static bool TryRead(DnsView message, int offset, DnsSection section, out DnsRecord record, out int behind)
    {
        record = default;
        behind = -1;
        int fixedOffset = offset < 0 ? -1 : message.SkipName(offset);
        if (fixedOffset < 0 || fixedOffset + FixedLength > message.Message.Length)
            return false;
        ReadOnlySpan<byte> fixedPart = message.Message.Slice(fixedOffset, FixedLength);
        int length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
        int dataOffset = fixedOffset + FixedLength;
        if (dataOffset + length > message.Message.Length)
            return false;
        record = new DnsRecord(section, offset, dataOffset, fixedPart, message.Message.Slice(dataOffset, length));
        behind = dataOffset + length;
        return true;
    }
}

/// <summary>Walks the public names of the ECH configurations in an SVCB or HTTPS record.</summary>
public ref struct EchPublicNameEnumerator
{
    private const ushort EchParameter = 5;
    private const ushort EchVersion = 0xfe0d;
    private ReadOnlySpan<byte> _configurations;

    internal EchPublicNameEnumerator(ReadOnlySpan<byte> data) => _configurations = FindConfigurations(data);

    /// <summary>The name at hand.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The enumerator is its own.</summary>
    public readonly EchPublicNameEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next configuration of the version that is known, and its name. Each turn takes at least four bytes.</summary>
    public bool MoveNext()
    {
        while (_configurations.Length >= 4)
        {
            ushort version = BinaryPrimitives.ReadUInt16BigEndian(_configurations);
            int length = BinaryPrimitives.ReadUInt16BigEndian(_configurations[2..]);
            if (4 + length > _configurations.Length)
                break;
            ReadOnlySpan<byte> contents = _configurations.Slice(4, length);
            _configurations = _configurations[(4 + length)..];
            if (version == EchVersion && TryReadPublicName(contents, out ReadOnlySpan<byte> name))
            {
                Current = name;
                return true;
            }
        }
        return false;
    }

    /// <summary>RFC 9460 section 2.2: priority, target name without compression, then parameters of key, length, value.</summary>
    private static ReadOnlySpan<byte> FindConfigurations(ReadOnlySpan<byte> data)
    {
        if (data.Length < 3)
            return default;
        data = data[2..];
        while (!data.IsEmpty && data[0] != 0)
        {
            if (data[0] > 63 || 1 + data[0] > data.Length)
                return default;
            data = data[(1 + data[0])..];
        }
        if (data.IsEmpty)
            return default;
        data = data[1..];
        while (data.Length >= 4)
        {
            ushort key = BinaryPrimitives.ReadUInt16BigEndian(data);
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            if (4 + length > data.Length)
                return default;
            // The value is an ECHConfigList: two bytes of length, then the configurations.
            if (key == EchParameter)
                return length >= 2 ? data.Slice(6, length - 2) : default;
            data = data[(4 + length)..];
        }
        return default;
    }

    /// <summary>RFC 9849 section 4: config_id, kem_id, public_key, cipher_suites, maximum_name_length, public_name.</summary>
    private static bool TryReadPublicName(ReadOnlySpan<byte> contents, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (contents.Length < 5)
            return false;
        int offset = 5 + BinaryPrimitives.ReadUInt16BigEndian(contents[3..]);
        if (offset + 2 > contents.Length)
            return false;
        offset += 2 + BinaryPrimitives.ReadUInt16BigEndian(contents[offset..]) + 1;
        if (offset + 1 > contents.Length || offset + 1 + contents[offset] > contents.Length || contents[offset] == 0)
            return false;
        name = contents.Slice(offset + 1, contents[offset]);
        return true;
    }
}

/// <summary>DNS over TCP: each message behind two bytes of its length (RFC 7766 section 8).</summary>
public static class DnsTcpFraming
{
    /// <summary>Takes the first whole message off a stream; false where it is not all there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> message, out int consumed)
    {
        message = default;
        consumed = 0;
        if (stream.Length < 2)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(stream);
        if (stream.Length < 2 + length)
            return false;
        message = stream.Slice(2, length);
        consumed = 2 + length;
        return true;
    }
}
