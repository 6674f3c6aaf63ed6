using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;

namespace PiTap.Fuzz.Targets;

/// <summary>DNS messages with all that is in their records.</summary>
internal sealed class DnsTarget : IFuzzTarget
{
    private const int MinQuestionBytes = 5;
    private const int MinRecordBytes = 11;

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        bool looksLikeDns = DnsView.LooksLikeDns(data);
        if (DnsView.Parse(data, out DnsView dns) != ParseStatus.Ok)
        {
            Property.Holds(data.Length < DnsView.HeaderLength && !looksLikeDns, "only a short header is refused");
            return;
        }
        int body = data.Length - DnsView.HeaderLength;
        int questions = 0;
        foreach (DnsQuestion question in dns.Questions)
        {
            questions++;
            CheckName(dns, question.NameOffset);
        }
        int records = 0;
        DnsRecordEnumerator walk = dns.Records;
        while (walk.MoveNext())
        {
            records++;
            CheckRecord(dns, walk.Current, data);
        }
        Property.Holds(!walk.MoveNext(), "an ended walk goes on");
        Property.Holds(questions * MinQuestionBytes + records * MinRecordBytes <= body, "more parts than bytes for them");
        Property.Holds(!looksLikeDns || (questions == 1 && !walk.IsCut && walk.Offset == data.Length), "a guess that is not whole");
    }

    private static void CheckRecord(DnsView dns, in DnsRecord record, ReadOnlySpan<byte> data)
    {
        Property.IsInside(record.Data, data);
        Property.Holds(record.DataOffset + record.Data.Length <= data.Length, "a record ends outside the message");
        CheckName(dns, record.NameOffset);
        Property.Holds(
            record.TargetOffset == -1
            || (record.TargetOffset >= record.DataOffset && record.TargetOffset < record.DataOffset + record.Data.Length),
            "a target outside its record");
        CheckName(dns, record.TargetOffset);
        Property.Holds(!record.TryReadAddress(out IpAddress address) || address.IsV4 == (record.Type == DnsRecord.TypeA) || address.IsV4,
            "an address of the wrong family");
        Property.Holds(record.ServicePort == 0 || record.Type == DnsRecord.TypeSrv, "a port without a service");
        foreach (ReadOnlySpan<byte> name in record.EchPublicNames)
        {
            Property.IsInside(name, record.Data);
            Property.Holds(name.Length is > 0 and < 256, "a public name of no length");
        }
        Span<byte> text = stackalloc byte[SvcbText.MaxBytes];
        Property.Holds(
            !SvcbText.TryWrite(dns, record, text, out int length) || !text[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~'),
            "a text of other than printable characters");
        if (SvcbView.Parse(record.Data, out SvcbView service) != ParseStatus.Ok)
            return;
        int lastKey = -1;
        foreach (SvcParameter parameter in service.Parameters)
        {
            Property.IsInside(parameter.Value, record.Data);
            Property.Holds(parameter.Key > lastKey, "parameters out of order");
            lastKey = parameter.Key;
        }
    }

    private static void CheckName(DnsView dns, int offset)
    {
        Span<byte> text = stackalloc byte[DnsView.MaxNameTextBytes];
        if (dns.TryWriteName(offset, text, out int written))
            Property.Holds(!text[..written].ContainsAnyExceptInRange((byte)0x21, (byte)0x7e), "a name that cannot be printed");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] owner = DnsBytes.PointerTo(DnsView.HeaderLength);
        yield return new DnsBytes(DnsBytes.Query).Question("www.example.com", DnsRecord.TypeA)
            .Additional([0], DnsRecord.TypeOpt, [], 1_232, 0).ToArray();
        yield return new DnsBytes(DnsBytes.Response).Question("www.example.com", DnsRecord.TypeA)
            .Answer(owner, DnsRecord.TypeCname, [.. DnsBytes.Label("edge"u8), .. DnsBytes.PointerTo(16)])
            .Answer([.. DnsBytes.Label("edge"u8), .. DnsBytes.PointerTo(16)], DnsRecord.TypeA, [192, 0, 2, 80])
            .Answer(DnsBytes.PointerTo(45), DnsRecord.TypeAaaa, [0x20, 1, 0xd, 0xb8, .. new byte[12]])
            .Authority(DnsBytes.PointerTo(16), DnsRecord.TypeNs, DnsBytes.Name("ns1.example.net"))
            .ToArray();
        yield return new DnsBytes(DnsBytes.Response).Question("shop.example.com", DnsRecord.TypeHttps)
            .Answer(owner, DnsRecord.TypeHttps, DnsBytes.ServiceBinding(
                1, [0], (SvcbView.KeyAlpn, [2, (byte)'h', (byte)'2', 2, (byte)'h', (byte)'3']), (SvcbView.KeyIpv4Hint, [192, 0, 2, 1]),
                (SvcbView.KeyEch,
                    DnsBytes.Vector16(
                        [.. DnsBytes.EchConfiguration("cover.example"), .. DnsBytes.EchConfiguration("old.example", 0xfe0a)]))))
            .ToArray();
        yield return new DnsBytes(DnsBytes.MulticastResponse)
            .Answer(DnsBytes.Name("_googlecast._tcp.local"), DnsRecord.TypePtr, DnsBytes.Name("Kitchen’s TV._googlecast._tcp.local"),
                ttl: 120)
            .Additional(DnsBytes.PointerTo(12), DnsRecord.TypeSrv, DnsBytes.Service(8_009, DnsBytes.Name("tv.local")), 0x8001, 120)
            .Additional(DnsBytes.PointerTo(12), DnsRecord.TypeTxt, [.. DnsBytes.Label("fn=Kitchen"u8), .. DnsBytes.Label("md=TV"u8)],
                0x8001, 4_500)
            .ToArray();
        yield return new DnsBytes(0x2800).Question("example.com", 6)
            .Authority(DnsBytes.Name("phone.example.com"), DnsRecord.TypeA, [10, 42, 0, 2]).ToArray();
    }
}

/// <summary>DNS messages on a stream.</summary>
internal sealed class DnsStreamTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> rest = data;
        while (DnsTcpFraming.TryRead(rest, out ReadOnlySpan<byte> message, out int consumed))
        {
            Property.Holds(consumed == message.Length + DnsTcpFraming.PrefixLength, "a message takes its bytes and its length");
            Property.IsInside(message, data);
            DnsTarget.Fuzz(message);
            rest = rest[consumed..];
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] query = new DnsBytes(DnsBytes.Query).Question("a.test", DnsRecord.TypeA).ToTcp();
        yield return query;
        yield return [.. query, .. new DnsBytes(DnsBytes.Query).Question("bb.test", DnsRecord.TypeAaaa).ToTcp()];
    }
}

/// <summary>NetBIOS names.</summary>
internal sealed class NbnsTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (NbnsView.Parse(data, out NbnsView nbns) != ParseStatus.Ok)
            return;
        Span<byte> text = stackalloc byte[NbnsView.MaxNameTextBytes];
        Property.Holds(nbns.TryWriteName(text, out int written), "every name fits");
        Property.Holds(!text[..written].ContainsAnyExceptInRange((byte)0x21, (byte)0x7e), "a name that cannot be printed");
        Property.Holds(!nbns.NamesSender || !nbns.IsResponse, "a response names its sender");
        Property.Holds(!nbns.NamesHost || nbns.NamesSender, "a host named by someone else");
        Property.Holds(nbns.Opcode < 16 && nbns.TransactionId == (data[0] << 8 | data[1]) && nbns.Suffix >= 0, "a field beyond its size");
    }

    public static IEnumerable<byte[]> Seeds() =>
        [TunnelBytes.Nbns("FRED", 0x20), TunnelBytes.Nbns("A.B C", 0, 0x2910), TunnelBytes.NbnsRegistration("PC", 0)];
}
