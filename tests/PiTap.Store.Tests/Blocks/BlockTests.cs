using CsCheck;
using PiTap.Model;
using PiTap.Store.Blocks;
using PiTap.Store.Columns;
using PiTap.Store.Layout;
using PiTap.Store.Tests.Kit;

namespace PiTap.Store.Tests.Blocks;

public sealed class BlockTests
{
    private static readonly Gen<string> s_text =
        Gen.OneOf(Gen.String, Gen.Const("example.com"), Gen.Const(""), Gen.Const("\ud800 lone"), Gen.String[Gen.Char['a', 'z'], 0, 300]);
    private static readonly Gen<string?> s_maybe = Gen.OneOf(s_text.Select(static t => (string?)t), Gen.Const((string?)null));

    private static readonly Gen<TlsHello> s_hello =
        Gen.Select(Gen.Bool, s_text, s_maybe, s_text.Array[0, 3], s_maybe, s_maybe, s_maybe, Gen.Int[0, 2])
        .Select(static t => new TlsHello
        {
            IsServer = t.Item1,
            Version = t.Item2,
            Sni = t.Item3,
            Alpn = t.Item4,
            Ja3 = t.Item5,
            Ja3s = t.Item6,
            Ja4 = t.Item7,
            Ech = (EchState)t.Item8,
        });

    private static readonly Gen<HttpRequest> s_request = Gen.Select(s_maybe, s_text, s_text, s_maybe, s_maybe)
        .Select(static t => new HttpRequest(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5));

    private static readonly Gen<IpAddress> s_address =
        Gen.OneOf(Gen.UInt.Select(IpAddress.FromV4), Gen.Select(Gen.ULong, Gen.ULong, static (h, l) => new IpAddress(h, l)));

    private static readonly Gen<FlowRecord> s_flow =
        from numbers in Gen.Long.Array[8]
        from bytes in Gen.Byte.Array[2]
        from texts in s_maybe.Array[4]
        from client in s_address
        from server in s_address
        from ports in Gen.UShort.Array[2]
        from apps in Gen.Int[0, 24].Select(static a => (AppProtocol)a).Array[0, 4]
        from aliases in s_text.Array[0, 3]
        from kinds in Gen.Int[0, 2].Array[3]
        from hellos in s_hello.Array[0, 3]
        from requests in s_request.Array[0, 2]
        from isReduced in Gen.Bool
        select new FlowRecord
        {
            Sequence = numbers[0],
            StartNs = numbers[1],
            EndNs = numbers[2],
            Device = texts[0] ?? "",
            Protocol = bytes[0],
            Client = client,
            ClientPort = ports[0],
            Server = server,
            ServerPort = ports[1],
            PacketsUp = numbers[3],
            PacketsDown = numbers[4],
            BytesUp = numbers[5],
            BytesDown = numbers[6],
            End = (FlowEnd)(kinds[0] + 1),
            AppProto = (AppProtocol)(bytes[1] % 25),
            AppProtos = apps,
            Host = texts[1],
            HostSource = (HostSource)kinds[1],
            HostAliases = aliases,
            Verdict = (Verdict)kinds[2],
            VerdictReason = texts[2] ?? "",
            QuicVersion = texts[3],
            Tls = hellos,
            Http = requests,
            IsReduced = isReduced,
        };

    private static readonly Gen<NameLookup> s_lookup =
        from numbers in Gen.Long.Array[2]
        from name in s_text
        from client in s_address
        from ports in Gen.UShort.Array[3]
        from code in Gen.Int[-1, 4095]
        from answers in Gen.Select(s_text, Gen.UShort, s_text, Gen.UInt)
            .Select(static t => new NameAnswer(t.Item1, t.Item2, t.Item3, t.Item4)).Array[0, 4]
        select new NameLookup
        {
            Sequence = numbers[0],
            TimeNs = numbers[1],
            Device = "d",
            AppProto = AppProtocol.Dns,
            Protocol = 17,
            Client = client,
            ClientPort = ports[0],
            Server = client,
            ServerPort = ports[1],
            Name = name,
            Type = ports[2],
            ResponseCode = code < 0 ? null : code,
            Answers = answers,
        };

    [Fact]
    public void Flows_come_back_as_they_were_whatever_is_in_them()
    {
        FlowBlock block = new();
        Gen.Select(Gen.Int, s_flow).Select(static t => new StoredRow<FlowRecord>(t.Item1, t.Item2)).Array[1, 20].Sample(rows =>
        {
            StoredRow<FlowRecord>[] read = block.Decode(block.Encode(rows)!);
            Samples.AssertSame(rows.Select(static r => r.Record), read.Select(static r => r.Record));
            Assert.Equal(rows.Select(static r => r.Run), read.Select(static r => r.Run));
            for (int i = 0; i < rows.Length; i++)
                Assert.Equal(rows[i].Record.Host, read[i].Record.Host);
        }, iter: 500, threads: 1);
    }

    [Fact]
    public void Lookups_come_back_as_they_were_whatever_is_in_them()
    {
        LookupBlock block = new();
        s_lookup.Select(static l => new StoredRow<NameLookup>(7, l)).Array[1, 20].Sample(rows =>
            Samples.AssertSame(rows.Select(static r => r.Record), block.Decode(block.Encode(rows)!).Select(static r => r.Record)),
                iter: 500, threads: 1);
    }

    [Fact]
    public void Totals_come_back_whole_however_many_there_are()
    {
        ContactRecord[] contacts =
        [
            .. Enumerable.Range(0, 20_000).Select(static n => Samples.Contact($"host{n}.example.com", n)),
            Samples.Contact("\ud800 bücher", -3, -5, "2001:db8::1") with
            {
                AppProtos = ulong.MaxValue,
                FirstSeenNs = long.MinValue,
                LastSeenNs = long.MaxValue,
                FlowsReadable = -1,
                FlowsOpaque = 2,
                Addresses = [new(new IpAddress(1, 2), -9), new(default, long.MaxValue)],
            },
        ];
        MinuteRecord[] minutes = [new(-60_000_000_000, "", 1, -2, long.MaxValue, long.MinValue), new(0, "d", 0, 0, 0, 0)];
        DeviceRecord[] devices =
        [
            Samples.DeviceState("d", long.MinValue, long.MaxValue),
            Samples.DeviceState("e", 1, 2, "phone", IpAddress.FromV4(1), new IpAddress(2, 3)) with
            {
                IsMacRandomised = true, DhcpVendorClass = "android", DhcpParameters = [1, 255, 3], MdnsName = "m", NetBiosName = "n",
            },
        ];
        TotalsPart[] parts =
            [.. new TotalsPart(contacts, minutes, devices).Encode(new TotalsEncoder()).Select(static bytes => TotalsPart.Decode(bytes))];
        Assert.Equal(2, parts.Length);
        Samples.AssertSame(contacts, parts.SelectMany(static part => part.Contacts));
        Samples.AssertSame(minutes, parts.SelectMany(static part => part.Minutes));
        Samples.AssertSame(devices, parts.SelectMany(static part => part.Devices));
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        FlowBlock block = new();
        byte[] framed = block.Encode([.. Enumerable.Range(1, 50).Select(static i => new StoredRow<FlowRecord>(1, Samples.Flow(i)))])!;
        for (int i = 0; i < framed.Length; i++)
        {
            framed[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => block.Decode(framed));
            framed[i] ^= 0x10;
        }
        Assert.Equal(50, block.Decode(framed).Length);
    }

    [Fact]
    public void Every_shorter_block_is_noticed()
    {
        LookupBlock block = new();
        byte[] framed = block.Encode([.. Enumerable.Range(1, 20).Select(static i => new StoredRow<NameLookup>(1, Samples.Lookup(i)))])!;
        for (int length = 0; length < framed.Length; length++)
            Assert.Throws<InvalidDataException>(() => block.Decode(framed.AsSpan(0, length)));
    }

    [Fact]
    public void Columns_that_make_no_sense_end_in_an_error_though_their_checksum_is_right()
    {
        FlowBlock flows = new();
        LookupBlock lookups = new();
        byte[] raw = BlockFrame.Unwrap(
            flows.Encode([.. Enumerable.Range(1, 20).Select(static i => new StoredRow<FlowRecord>(1, Samples.Flow(i)))]), out int length,
            out _);
        Gen<byte[]> changed = Gen.Select(Gen.Int[0, length - 1], Gen.Byte).Array[1, 8].Select(changes =>
        {
            byte[] copy = raw[..length];
            foreach ((int at, byte value) in changes)
                copy[at] = value;
            return copy;
        });
        Gen.OneOf(changed, Gen.Byte.Array[0, 200]).Sample(bytes =>
        {
            foreach (byte[] framed in new[] { BlockFrame.Wrap(bytes), BlockFrame.Wrap(bytes, BlockFrame.FormatVersion - 1) })
            {
                Action[] reads = [() => flows.Decode(framed), () => lookups.Decode(framed), () => TotalsPart.Decode(framed)];
                foreach (Action read in reads)
                {
                    try
                    {
                        read();
                    }
                    catch (InvalidDataException)
                    {
                        // The one way in which it may end but with rows.
                    }
                }
            }
        }, iter: 20_000, threads: 1);
    }

    [Fact]
    public void Kinds_that_this_version_does_not_know_say_nothing()
    {
        FlowBlock block = new();
        FlowRecord strange = Samples.Flow(1) with
        {
            AppProto = (AppProtocol)200,
            AppProtos = [(AppProtocol)201],
            HostSource = (HostSource)99,
            Verdict = (Verdict)98,
            End = (FlowEnd)97,
        };
        FlowRecord read = block.Decode(block.Encode([new StoredRow<FlowRecord>(1, strange)])!)[0].Record;
        Assert.Equal((AppProtocol.Unknown, AppProtocol.Unknown, HostSource.None, Verdict.Opaque, FlowEnd.Idle),
            (read.AppProto, read.AppProtos[0], read.HostSource, read.Verdict, read.End));
    }

    [Fact]
    public void A_block_of_a_later_format_is_reported_and_not_guessed_at()
    {
        byte[] framed = BlockFrame.Wrap([1, 2, 3], BlockFrame.FormatVersion + 1);
        Assert.Throws<InvalidDataException>(() => BlockFrame.Unwrap(framed, out _, out _));
    }

    [Fact]
    public void Rows_of_blocks_that_overlap_come_in_order_with_few_blocks_in_memory()
    {
        // Each block has one row from the very beginning, as a long flow would leave it.
        const int blocks = 200, rows = 50;
        FlowBlock codec = new();
        Dictionary<long, StoredRow<FlowRecord>[]> stored = [];
        List<BlockHead> heads = [];
        for (int b = 0; b < blocks; b++)
        {
            StoredRow<FlowRecord>[] block = [.. Enumerable.Range(0, rows).Select(i =>
                new StoredRow<FlowRecord>(
                    1, Samples.Flow(b * rows + i + 1, startNs: i == 0 ? b : Samples.Epoch + (b * rows + i) * 1_000L)))];
            stored[b] = block;
            heads.Add(new BlockHead(b, rows, b, Samples.Epoch * 2, 0, 0));
        }
        int reads = 0;
        BlockMerge<FlowRecord> merge = new(codec, h => { reads++; return stored[h.Id]; }, () => Assert.Fail("damaged"));
        List<long> starts = [.. merge.Rows(heads, []).Select(static r => r.Record.StartNs)];
        Assert.Equal(blocks * rows, starts.Count);
        Assert.Equal(starts.Order(), starts);
        Assert.InRange(reads, blocks, 2 * blocks + BlockMerge<FlowRecord>.MaxOpenBlocks);
    }

    [Fact]
    public void Of_two_states_of_one_flow_the_final_one_is_read()
    {
        FlowBlock codec = new();
        StoredRow<FlowRecord>[] sealedRows = [new(1, Samples.Flow(1, FlowEnd.Closed, packets: 9))];
        StoredRow<FlowRecord>[] recent =
            [new(1, Samples.Flow(1, FlowEnd.Open, packets: 5)), new(2, Samples.Flow(1, FlowEnd.Open, packets: 6))];
        BlockMerge<FlowRecord> merge = new(codec, _ => sealedRows, () => Assert.Fail("damaged"));
        long[] packets = [.. merge.Rows([new BlockHead(1, 1, Samples.Flow(1).StartNs, long.MaxValue, 0, 0)], recent)
            .Select(static r => r.Record.PacketsUp)];
        Assert.Equal([9, 6], packets);
    }
}
