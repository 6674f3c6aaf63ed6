using PiTap.Model;
using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

public sealed class DnsViewTests
{
    private static readonly byte[] s_owner = DnsBytes.PointerTo(12);

    private static byte[] Answered() => new DnsBytes(DnsBytes.Response)
        .Question("www.Example.com", DnsRecord.TypeA)
        .Answer(s_owner, DnsRecord.TypeCname, [.. DnsBytes.Label("edge"u8), .. DnsBytes.PointerTo(16)])
        .Answer([.. DnsBytes.Label("edge"u8), .. DnsBytes.PointerTo(16)], DnsRecord.TypeA, [192, 0, 2, 80])
        .Answer([.. DnsBytes.Label("edge"u8), .. DnsBytes.PointerTo(16)], DnsRecord.TypeAaaa, [0x20, 1, 0xd, 0xb8, .. new byte[11], 0x80])
        .Authority(DnsBytes.PointerTo(16), DnsRecord.TypeNs, [.. DnsBytes.Label("ns1"u8), .. DnsBytes.PointerTo(16)], ttl: 172_800)
        .Additional([0], DnsRecord.TypeOpt, [], classField: 1_232, ttl: 0)
        .ToArray();

    [Fact]
    public void Every_field_of_a_response_is_read()
    {
        DnsView dns = DnsReading.Parse(Answered());
        Assert.Equal(0x1234, dns.Id);
        Assert.True(dns.IsResponse);
        Assert.False(dns.IsTruncated);
        Assert.Equal(0, dns.Opcode);
        Assert.Equal(0, dns.ResponseCode);
        Assert.Equal(
            (1, 3, 1, 1),
            (dns.QuestionCount, dns.RecordCount(DnsSection.Answer), dns.RecordCount(DnsSection.Authority),
                dns.RecordCount(DnsSection.Additional)));
        Assert.Equal(["www.Example.com"], DnsReading.QuestionNames(dns));
        Assert.Equal(
            ["0 www.Example.com 5 edge.Example.com", "0 edge.Example.com 1 192.0.2.80", "0 edge.Example.com 28 2001:db8::80",
             "1 Example.com 2 ns1.Example.com", "2  41 0 bytes"],
            DnsReading.Records(dns));
        DnsRecordEnumerator records = dns.Records;
        Assert.True(records.MoveNext());
        Assert.Equal((1, 300u, false), ((int)records.Current.Class, records.Current.TimeToLiveSeconds, records.Current.FlushesCache));
    }

    [Theory]
    [InlineData(0x0100, false, 0, false, 0)]
    [InlineData(0x8583, true, 0, false, 3)]
    [InlineData(0x8380, true, 0, true, 0)]
    [InlineData(0x2400, false, 4, false, 0)]
    [InlineData(0x2800, false, 5, false, 0)]
    public void Flags_are_told_apart(int flags, bool isResponse, int opcode, bool isTruncated, int responseCode)
    {
        DnsView dns = DnsReading.Parse(new DnsBytes((ushort)flags).ToArray());
        Assert.Equal((isResponse, opcode, isTruncated, responseCode), (dns.IsResponse, dns.Opcode, dns.IsTruncated, dns.ResponseCode));
    }

    [Fact]
    public void The_top_bit_of_the_class_is_that_of_multicast_DNS()
    {
        byte[] message = new DnsBytes(DnsBytes.MulticastResponse)
            .Question("_ipp._tcp.local", DnsRecord.TypePtr, 0x8001)
            .Answer(DnsBytes.Name("host.local"), DnsRecord.TypeA, [10, 42, 0, 2], 0x8001, 120)
            .ToArray();
        DnsView dns = DnsReading.Parse(message);
        DnsQuestionEnumerator questions = dns.Questions;
        Assert.True(questions.MoveNext());
        Assert.Equal(new DnsQuestion(12, DnsRecord.TypePtr, 1, WantsUnicast: true), questions.Current);
        DnsRecordEnumerator records = dns.Records;
        Assert.True(records.MoveNext());
        Assert.Equal((1, true), ((int)records.Current.Class, records.Current.FlushesCache));
    }

    [Fact]
    public void An_update_names_its_zone_and_records_in_the_places_of_question_and_answers()
    {
        byte[] message = new DnsBytes(0x2800)
            .Question("example.com", 6)
            .Authority(DnsBytes.Name("phone.example.com"), DnsRecord.TypeA, [10, 42, 0, 2])
            .ToArray();
        DnsView dns = DnsReading.Parse(message);
        Assert.Equal(["example.com"], DnsReading.QuestionNames(dns));
        Assert.Equal(["1 phone.example.com 1 10.42.0.2"], DnsReading.Records(dns));
    }

    [Fact]
    public void A_header_that_is_cut_is_truncated()
    {
        byte[] message = Answered();
        for (int length = 0; length < DnsView.HeaderLength; length++)
            Assert.Equal(ParseStatus.Truncated, DnsView.Parse(message.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_message_that_breaks_off_gives_what_is_whole_and_says_so()
    {
        byte[] message = Answered();
        int whole = DnsReading.Records(DnsReading.Parse(message)).Count;
        for (int length = DnsView.HeaderLength; length < message.Length; length++)
        {
            DnsView dns = DnsReading.Parse(message[..length]);
            DnsQuestionEnumerator questions = dns.Questions;
            bool hasQuestion = questions.MoveNext();
            DnsRecordEnumerator records = dns.Records;
            int count = 0;
            while (records.MoveNext())
                count++;
            Assert.True(count < whole);
            Assert.True(records.IsCut);
            Assert.Equal(!hasQuestion, questions.IsCut);
            Assert.False(records.MoveNext());
        }
    }

    [Fact]
    public void Counts_without_bytes_end_at_once()
    {
        byte[] message = new byte[DnsView.HeaderLength];
        message.AsSpan(4).Fill(0xff);
        DnsView dns = DnsReading.Parse(message);
        Assert.Equal(ushort.MaxValue, dns.QuestionCount);
        Assert.False(dns.Questions.MoveNext());
        DnsRecordEnumerator records = dns.Records;
        Assert.False(records.MoveNext());
        Assert.True(records.IsCut);
    }

    [Fact]
    public void No_count_makes_the_walk_longer_than_the_bytes_allow()
    {
        byte[] message = new byte[65_535];
        message.AsSpan(4, 8).Fill(0xff);
        Assert.InRange(DnsReading.TouchAll(message), 1, message.Length / 5 + 1);
    }

    [Fact]
    public void Nothing_that_is_cut_damaged_or_random_throws()
    {
        byte[] message = new DnsBytes(DnsBytes.Response)
            .Question("a.test", DnsRecord.TypeHttps)
            .Answer(s_owner, DnsRecord.TypeHttps,
                DnsBytes.ServiceBinding(1, [0], (SvcbView.KeyEch, DnsBytes.Vector16(DnsBytes.EchConfiguration("cover.test")))))
            .Answer(s_owner, DnsRecord.TypeTxt, [2, 65, 66])
            .Answer(s_owner, DnsRecord.TypeSrv, DnsBytes.Service(443, s_owner))
            .ToArray();
        HostileBytes.EveryPrefix(message, static bytes => DnsReading.TouchAll(bytes));
        HostileBytes.EveryByteChange(message, static bytes => DnsReading.TouchAll(bytes));
        HostileBytes.Random(message, static bytes => DnsReading.TouchAll(bytes));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] message = Answered();
        Assert.Equal(0, HostileBytes.Allocated(() => DnsReading.TouchAll(message)));
    }
}
