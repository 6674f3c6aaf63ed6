using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.Wire.Application.Dns;

/// <summary>One resource record (RFC 1035 section 4.1.3).</summary>
public readonly ref struct DnsRecord
{
    /// <summary>A: an IPv4 address.</summary>
    public const ushort TypeA = 1;
    /// <summary>NS: who is in charge of a zone.</summary>
    public const ushort TypeNs = 2;
    /// <summary>CNAME: the name's true name.</summary>
    public const ushort TypeCname = 5;
    /// <summary>PTR: where a name points to.</summary>
    public const ushort TypePtr = 12;
    /// <summary>MX: who takes mail.</summary>
    public const ushort TypeMx = 15;
    /// <summary>TXT: strings.</summary>
    public const ushort TypeTxt = 16;
    /// <summary>AAAA: an IPv6 address (RFC 3596).</summary>
    public const ushort TypeAaaa = 28;
    /// <summary>SRV: where a service is (RFC 2782).</summary>
    public const ushort TypeSrv = 33;
    /// <summary>DNAME: the true name of everything below a name (RFC 6672).</summary>
    public const ushort TypeDname = 39;
    /// <summary>OPT: not of the zone, but of the message (RFC 6891).</summary>
    public const ushort TypeOpt = 41;
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

    /// <summary>Where the data begins in the message.</summary>
    public int DataOffset { get; }

    /// <summary>The record's type.</summary>
    public ushort Type { get; }

    /// <summary>The record's class, without the top bit of multicast DNS. In an OPT record it is a size (RFC 6891 section 6.1.2).</summary>
    public ushort Class { get; }

    /// <summary>The top bit of the class: in multicast DNS, what was known before is void (RFC 6762 section 10.2).</summary>
    public bool FlushesCache { get; }

    /// <summary>For how long it holds.</summary>
    public uint TimeToLiveSeconds { get; }

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>
    /// Where the name begins that the record points to, for <see cref="DnsView.TryWriteName"/>: CNAME, DNAME, NS, PTR, MX, SRV, SVCB,
    /// HTTPS. -1 for other types, and where the name does not end inside the data: what lies behind belongs to another record.
    /// </summary>
    public int TargetOffset
    {
        get
        {
            int before = Type switch
            {
                TypeCname or TypeDname or TypeNs or TypePtr => 0,
                TypeMx or TypeSvcb or TypeHttps => 2,
                TypeSrv => 6,
                _ => -1,
            };
            return before >= 0 && DnsView.SkipName(Data, before) >= 0 ? DataOffset + before : -1;
        }
    }

    /// <summary>The port of an SRV record (RFC 2782); 0 for other types.</summary>
    public ushort ServicePort => Type == TypeSrv && Data.Length >= 6 ? BinaryPrimitives.ReadUInt16BigEndian(Data[4..]) : (ushort)0;

    /// <summary>
    /// The public names in the Encrypted Client Hello configurations of an SVCB or HTTPS record (RFC 9848 section 3, RFC 9849 section 4).
    /// </summary>
    public EchPublicNameEnumerator EchPublicNames =>
        Type is TypeSvcb or TypeHttps && SvcbView.Parse(Data, out SvcbView service) == ParseStatus.Ok ? service.EchPublicNames : default;

    /// <summary>The address of an A or AAAA record of the right length.</summary>
    public bool TryReadAddress(out IpAddress address)
    {
        bool isV4 = Type == TypeA && Data.Length == 4;
        bool isV6 = Type == TypeAaaa && Data.Length == 16;
        address = isV4 ? IpAddress.ReadV4(Data) : isV6 ? IpAddress.ReadV6(Data) : default;
        return isV4 || isV6;
    }

    internal static bool TryRead(ReadOnlySpan<byte> message, int offset, DnsSection section, out DnsRecord record, out int behind)
    {
        record = default;
        behind = -1;
        int fixedOffset = DnsView.SkipName(message, offset);
        if (fixedOffset < 0 || fixedOffset + FixedLength > message.Length)
            return false;
        ReadOnlySpan<byte> fixedPart = message.Slice(fixedOffset, FixedLength);
        int length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
        int dataOffset = fixedOffset + FixedLength;
        if (dataOffset + length > message.Length)
            return false;
        record = new DnsRecord(section, offset, dataOffset, fixedPart, message.Slice(dataOffset, length));
        behind = dataOffset + length;
        return true;
    }
}
