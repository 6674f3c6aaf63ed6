using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class DtlsTests
{
    private static readonly byte[] s_hello =
        TlsBytes.DtlsClientHello(0xfefd, new byte[20], [0xc02b, 0xc02f], TlsBytes.ServerName("call.example"));

    [Fact]
    public void A_record_reads_to_every_field()
    {
        byte[] data = [.. TlsBytes.DtlsRecord(22, 0xfefd, 0, 0x0102_0304_0506, [1, 2, 3]), .. TlsBytes.DtlsRecord(20, 0xfefd, 1, 7, [1])];
        Assert.True(DtlsRecordView.LooksLikeDtls(data));
        Assert.Equal(ParseStatus.Ok, DtlsRecordView.Parse(data, out DtlsRecordView record));
        Assert.Equal(TlsContentType.Handshake, record.ContentType);
        Assert.Equal(TlsVersions.Dtls12, record.Version);
        Assert.Equal(0, record.Epoch);
        Assert.Equal(0x0102_0304_0506UL, record.SequenceNumber);
        Assert.Equal([1, 2, 3], record.Fragment.ToArray());
        Assert.Equal(16, record.TotalLength);
        Assert.True(record.IsWhole);
        Assert.False(record.IsEncrypted);
        Assert.Equal(ParseStatus.Ok, DtlsRecordView.Parse(data.AsSpan(record.TotalLength), out record));
        Assert.Equal(TlsContentType.ChangeCipherSpec, record.ContentType);
        Assert.Equal(1, record.Epoch);
        Assert.True(record.IsEncrypted);
    }

    [Fact]
    public void The_unified_header_of_DTLS_13_is_encrypted_and_its_length_optional()
    {
        byte[] withLength = [0x2e, 0, 1, .. TlsBytes.Vector16(new byte[20]), 0x20, 5, 6, 7];
        Assert.Equal(ParseStatus.Ok, DtlsRecordView.Parse(withLength, out DtlsRecordView record));
        Assert.True(record.IsUnified);
        Assert.True(record.IsEncrypted);
        Assert.Equal(2, record.Epoch);
        Assert.Equal(25, record.TotalLength);
        Assert.Equal(20, record.Fragment.Length);
        Assert.Equal(ParseStatus.Ok, DtlsRecordView.Parse(withLength.AsSpan(25), out record));
        Assert.Equal(2, record.Fragment.Length);
        Assert.Equal(ParseStatus.Ok, DtlsRecordView.Parse([0x3f, 1, 2, 3, 4, 5], out record));
        Assert.Equal(6, record.TotalLength);
        Assert.False(DtlsRecordView.LooksLikeDtls(withLength));
        Assert.Equal(ParseStatus.Truncated, DtlsRecordView.Parse([0x2e, 0, 1, 0], out _));
    }

    [Fact]
    public void A_record_with_a_connection_ID_takes_the_rest()
    {
        byte[] data = TlsBytes.DtlsRecord(25, 0xfefd, 1, 1, new byte[30]);
        Assert.True(DtlsRecordView.LooksLikeDtls(data));
        Assert.Equal(ParseStatus.Ok, DtlsRecordView.Parse(data, out DtlsRecordView record));
        Assert.Equal(data.Length, record.TotalLength);
        Assert.True(record.IsEncrypted);
    }

    [Theory]
    [InlineData("13fefd0000000000000000000101")]
    [InlineData("16fefa0000000000000000000101")]
    [InlineData("16fefd0000000000000000ffff01")]
    [Trait("cap", "Wire.DtlsRecordView.MaxFragmentLength")]
    public void Other_datagrams_are_no_DTLS(string hex)
    {
        byte[] data = Convert.FromHexString(hex);
        Assert.False(DtlsRecordView.LooksLikeDtls(data));
        Assert.Equal(ParseStatus.Malformed, DtlsRecordView.Parse(data, out _));
    }

    [Fact]
    public void A_prefix_of_a_record_is_truncated_until_its_header_is_there()
    {
        byte[] data = TlsBytes.DtlsRecord(22, 0x0100, 0, 0, [1, 2, 3]);
        Assert.True(DtlsRecordView.LooksLikeDtls(data));
        TlsBytes.EachPrefix(data, prefix =>
        {
            Assert.Equal(prefix.Length < 13 ? ParseStatus.Truncated : ParseStatus.Ok, DtlsRecordView.Parse(prefix, out _));
            Assert.False(DtlsRecordView.LooksLikeDtls(prefix));
        });
    }

    [Fact]
    public void A_handshake_fragment_reads_to_every_field()
    {
        byte[] data = TlsBytes.DtlsFragment(1, 5, s_hello, 10, 20);
        Assert.Equal(ParseStatus.Ok, DtlsHandshakeView.Parse(data, out DtlsHandshakeView fragment));
        Assert.Equal(TlsHandshakeType.ClientHello, fragment.Type);
        Assert.Equal(s_hello.Length, fragment.Length);
        Assert.Equal(5, fragment.MessageSequence);
        Assert.Equal(10, fragment.FragmentOffset);
        Assert.Equal(20, fragment.FragmentLength);
        Assert.Equal(s_hello[10..30], fragment.Fragment.ToArray());
        Assert.Equal(32, fragment.TotalLength);
        Assert.True(fragment.IsWhole);
        Assert.False(fragment.IsMessage);
        Assert.Equal(ParseStatus.Ok, DtlsHandshakeView.Parse(TlsBytes.DtlsFragment(1, 0, s_hello, 0, s_hello.Length), out fragment));
        Assert.True(fragment.IsMessage);
        TlsBytes.EachPrefix(data, prefix =>
            Assert.Equal(prefix.Length < 12 ? ParseStatus.Truncated : ParseStatus.Ok, DtlsHandshakeView.Parse(prefix, out _)));
    }

    [Theory]
    [InlineData("010000050000000003000003")]
    [InlineData("010100010000000000000000")]
    [InlineData("01000005000000000000ffff")]
    [Trait("cap", "Wire.DtlsHandshakeView.MaxMessageLength")]
    public void Lengths_that_contradict_each_other_are_malformed(string hex) =>
        Assert.Equal(ParseStatus.Malformed, DtlsHandshakeView.Parse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Fragments_in_any_order_with_overlaps_make_the_message()
    {
        DtlsHandshakeAssembler assembler = new();
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 30], Gen.Int[0, 1_000_000]).Sample(
            (size, overlap, seed) =>
            {
                assembler.Reset();
                List<(int Offset, int Length)> parts = [];
                for (int offset = 0; offset < s_hello.Length; offset += size)
                {
                    int start = Math.Max(0, offset - overlap);
                    parts.Add((start, Math.Min(s_hello.Length, offset + size) - start));
                }
                (int Offset, int Length)[] order = [.. parts];
                new Random(seed).Shuffle(order);
                int completed = 0;
                foreach ((int offset, int length) in order)
                {
                    if (completed == 0 && Add(assembler, TlsBytes.DtlsFragment(1, 3, s_hello, offset, length)))
                    {
                        completed++;
                        Assert.Equal(s_hello, assembler.Body.ToArray());
                        Assert.Equal(TlsHandshakeType.ClientHello, assembler.Type);
                    }
                }
                Assert.Equal(1, completed);
                Assert.Equal(0, assembler.Dropped);
            },
            threads: 1);
    }

    [Fact]
    public void Messages_that_interleave_are_kept_apart()
    {
        DtlsHandshakeAssembler assembler = new();
        byte[] other = [.. s_hello.Reverse()];
        Assert.False(Add(assembler, TlsBytes.DtlsFragment(1, 1, s_hello, 0, 40)));
        Assert.False(Add(assembler, TlsBytes.DtlsFragment(1, 0, other, 0, 40)));
        Assert.True(Add(assembler, TlsBytes.DtlsFragment(1, 1, s_hello, 40, s_hello.Length - 40)));
        Assert.Equal(s_hello, assembler.Body.ToArray());
        Assert.True(Add(assembler, TlsBytes.DtlsFragment(1, 0, other, 40, other.Length - 40)));
        Assert.Equal(other, assembler.Body.ToArray());
        Assert.True(Add(assembler, TlsBytes.DtlsFragment(14, 7, [], 0, 0)));
        Assert.True(assembler.Body.IsEmpty);
    }

    [Fact]
    [Trait("cap", "Wire.DtlsHandshakeAssembler.MaxMessages")]
    [Trait("cap", "Wire.DtlsHandshakeAssembler.MaxBufferedLength")]
    [Trait("cap", "Wire.DtlsHandshakeAssembler.MaxStretches")]
    public void What_is_under_way_stays_within_its_caps()
    {
        DtlsHandshakeAssembler assembler = new();
        for (int sequence = 0; sequence < 100; sequence++)
            Add(assembler, TlsBytes.DtlsFragment(11, sequence, new byte[60_000], 0, 1));
        Assert.Equal(99, assembler.Dropped);
        assembler.Reset();
        for (int sequence = 0; sequence < 100; sequence++)
            Add(assembler, TlsBytes.DtlsFragment(11, sequence, new byte[100], 0, 1));
        Assert.Equal(100 - 4, assembler.Dropped);
        assembler.Reset();
        for (int offset = 0; offset < 1000; offset += 2)
            Add(assembler, TlsBytes.DtlsFragment(11, 0, new byte[1000], offset, 1));
        Assert.Equal(500 - 64, assembler.Dropped);
        Assert.True(Add(assembler, TlsBytes.DtlsFragment(11, 0, new byte[1000], 0, 1000)));
    }

    [Fact]
    public void No_bytes_make_it_throw_or_run_on()
    {
        DtlsHandshakeAssembler assembler = new();
        byte[] datagram = TlsBytes.DtlsRecord(22, 0xfefd, 0, 1, TlsBytes.DtlsFragment(1, 0, s_hello, 0, s_hello.Length));
        Walk(assembler, datagram);
        TlsBytes.EachPrefix(datagram, prefix => Walk(assembler, prefix));
        TlsBytes.EachChange(datagram[..40], changed => Walk(assembler, [.. changed, .. datagram[40..]]));
        Gen.Byte.Array[0, 200].Sample(bytes => { Walk(new DtlsHandshakeAssembler(), bytes); });
        Gen.Select(Gen.Byte[0, 4], Gen.Byte[0, 20], Gen.Byte[0, 30], Gen.Byte.Array[0, 30]).List[1, 20].Sample(parts =>
        {
            DtlsHandshakeAssembler fresh = new();
            foreach ((byte sequence, byte offset, byte length, byte[] content) in parts)
            {
                byte[] header = [11, 0, 0, 40, 0, sequence, 0, 0, offset, 0, 0, length];
                Walk(fresh, TlsBytes.DtlsRecord(22, 0xfeff, 0, 0, [.. header, .. content]));
            }
        });
    }

    [Fact]
    public void Reading_a_datagram_allocates_nothing()
    {
        byte[] datagram = TlsBytes.DtlsRecord(22, 0xfefd, 0, 1, TlsBytes.DtlsFragment(1, 0, s_hello, 0, s_hello.Length));
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            DtlsRecordView.Parse(datagram, out DtlsRecordView record);
            DtlsHandshakeView.Parse(record.Fragment, out DtlsHandshakeView handshake);
            ClientHelloView.Parse(handshake.Fragment, isDtls: true, out _);
        }));
    }

    private static bool Add(DtlsHandshakeAssembler assembler, byte[] bytes)
    {
        Assert.Equal(ParseStatus.Ok, DtlsHandshakeView.Parse(bytes, out DtlsHandshakeView fragment));
        return assembler.Add(fragment);
    }

    private static void Walk(DtlsHandshakeAssembler assembler, ReadOnlySpan<byte> datagram)
    {
        DtlsRecordView.LooksLikeDtls(datagram);
        while (!datagram.IsEmpty && DtlsRecordView.Parse(datagram, out DtlsRecordView record) == ParseStatus.Ok)
        {
            ReadOnlySpan<byte> rest = record.Fragment;
            while (!rest.IsEmpty && DtlsHandshakeView.Parse(rest, out DtlsHandshakeView handshake) == ParseStatus.Ok)
            {
                if (assembler.Add(handshake))
                    Assert.Equal(handshake.Length, assembler.Body.Length);
                rest = rest[Math.Min(handshake.TotalLength, rest.Length)..];
            }
            datagram = datagram[Math.Min(record.TotalLength, datagram.Length)..];
        }
    }
}
