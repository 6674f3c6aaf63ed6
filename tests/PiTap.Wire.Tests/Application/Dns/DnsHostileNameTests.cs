using PiTap.TestKit;
using PiTap.Wire.Application.Dns;

namespace PiTap.Wire.Tests.Application.Dns;

/// <summary>Names that lead astray: pointers in circles, forward, and into the middle of things (RFC 1035 section 4.1.4).</summary>
public sealed class DnsHostileNameTests
{
    private const int Header = DnsView.HeaderLength;

    /// <summary>A name at the start of the questions; null if it is not consistent.</summary>
    private static string? NameAt(int offset, params byte[] behindHeader) =>
        DnsReading.Name(DnsReading.Parse([.. new byte[Header], .. behindHeader]), offset);

    [Fact]
    public void Circles_of_any_length_end()
    {
        for (int length = 1; length <= 40; length++)
        {
            // Each pointer leads to the next one, the last to the first.
            byte[] circle = [.. Enumerable.Range(0, length).SelectMany(i => DnsBytes.PointerTo(Header + 2 * ((i + 1) % length)))];
            byte[] backwards =
                [.. Enumerable.Range(0, length).SelectMany(i => DnsBytes.PointerTo(Header + 2 * ((i + length - 1) % length)))];
            for (int start = 0; start < length; start++)
            {
                Assert.Null(NameAt(Header + 2 * start, circle));
                Assert.Null(NameAt(Header + 2 * start, backwards));
            }
        }
    }

    [Fact]
    public void Circles_with_labels_between_end()
    {
        Assert.Null(NameAt(Header, [1, (byte)'a', 1, (byte)'b', .. DnsBytes.PointerTo(Header)]));
        Assert.Null(NameAt(Header + 4, [1, (byte)'a', .. DnsBytes.PointerTo(Header + 4), 1, (byte)'b', .. DnsBytes.PointerTo(Header)]));
        // Into the middle of its own label, where the bytes read as another name that leads back.
        Assert.Null(NameAt(Header, [5, 1, (byte)'a', .. DnsBytes.PointerTo(Header), 0, .. DnsBytes.PointerTo(Header + 1)]));
    }

    [Fact]
    public void Pointers_forward_are_refused_wherever_they_lead()
    {
        byte[] name = DnsBytes.Name("end");
        for (int distance = 2; distance <= 60; distance++)
            Assert.Null(NameAt(Header, [.. DnsBytes.PointerTo(Header + distance), .. new byte[distance - 2], .. name]));
        // The furthest that a pointer can lead, inside the message and outside.
        Assert.Null(NameAt(Header, [0xff, 0xff, .. new byte[0x4000]]));
        Assert.Null(NameAt(Header, 0xff, 0xff));
    }

    [Fact]
    public void A_pointer_that_is_cut_is_no_name() => Assert.Null(NameAt(Header, 1, (byte)'a', 0xc0));

    [Fact]
    public void A_chain_that_makes_a_name_too_long_is_refused()
    {
        // Each part is a label, 62 bytes on the wire, and a pointer to the part before: four of them fit into 255 bytes, five do not.
        byte[] label = DnsBytes.Label(Enumerable.Repeat((byte)'a', 61).ToArray());
        List<byte> parts = [.. label, 0];
        List<int> starts = [Header];
        for (int i = 0; i < 5; i++)
        {
            starts.Add(Header + parts.Count);
            parts.AddRange([.. label, .. DnsBytes.PointerTo(starts[^2])]);
        }
        byte[] message = [.. parts];
        Assert.Equal([true, true, true, true, false, false], starts.Select(start => NameAt(start, message) is not null));
    }

    [Fact]
    public void Names_that_lead_astray_stop_no_enumeration()
    {
        byte[] loop = DnsBytes.PointerTo(Header);
        byte[] message = new DnsBytes(DnsBytes.Response).Question(loop, DnsRecord.TypeA).Answer(loop, DnsRecord.TypeCname, loop)
            .Answer(DnsBytes.Name("a"), DnsRecord.TypeA, [192, 0, 2, 1]).ToArray();
        DnsView dns = DnsReading.Parse(message);
        Assert.Equal([null], DnsReading.QuestionNames(dns));
        Assert.Equal(["0  5 ?", "0 a 1 192.0.2.1"], DnsReading.Records(dns));
    }

    /// <summary>
    /// Random messages shaped so that they are read to their depth: headers that claim records, names made of labels and of pointers to
    /// anywhere. None may throw, and none may make the enumerators step more often than its length allows.
    /// </summary>
    [Fact]
    public void A_million_random_messages_never_throw()
    {
        const int Messages = 1_000_000;
        var random = new Random(1_035);
        byte[] buffer = new byte[300];
        byte[] text = new byte[DnsView.MaxNameTextBytes];
        long names = 0;
        for (int i = 0; i < Messages; i++)
        {
            Span<byte> message = buffer.AsSpan(0, random.Next(0, i % 16 == 0 ? buffer.Length : 80));
            random.NextBytes(message);
            Shape(message, random);
            int steps = 0;
            DnsView.LooksLikeDns(message);
            if (DnsView.Parse(message, out DnsView dns) != ParseStatus.Ok)
                continue;
            foreach (DnsQuestion question in dns.Questions)
            {
                steps++;
                names += dns.TryWriteName(question.NameOffset, text, out _) ? 1 : 0;
            }
            foreach (DnsRecord record in dns.Records)
            {
                steps++;
                HostileBytes.Require(record.DataOffset + record.Data.Length <= message.Length, "data outside the message");
                names += dns.TryWriteName(record.NameOffset, text, out _) ? 1 : 0;
                names += dns.TryWriteName(record.TargetOffset, text, out _) ? 1 : 0;
                record.TryReadAddress(out _);
            }
            // A question takes five bytes at least, a record eleven.
            HostileBytes.Require(steps * 5 <= message.Length, "more steps than bytes allow");
        }
        // The shape does its work: many names are consistent.
        Assert.InRange(names, Messages / 10, long.MaxValue);
    }

    /// <summary>Gives random bytes the look of a message: small counts, and labels, pointers and ends where names may stand.</summary>
    private static void Shape(Span<byte> message, Random random)
    {
        if (message.Length < Header)
            return;
        for (int i = 4; i < Header; i++)
            message[i] = (byte)(i % 2 == 0 ? 0 : random.Next(4));
        for (int offset = Header; offset < message.Length - 1; offset += random.Next(1, 7))
        {
            switch (random.Next(4))
            {
                case 0:
                    message[offset] = 0;
                    break;
                case 1:
                    message[offset] = (byte)random.Next(1, 8);
                    break;
                case 2:
                    message[offset] = 0xc0;
                    message[offset + 1] = (byte)random.Next(message.Length + 2);
                    break;
            }
        }
    }
}
