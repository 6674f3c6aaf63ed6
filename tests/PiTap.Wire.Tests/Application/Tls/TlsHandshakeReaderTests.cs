using CsCheck;
using PiTap.Wire.Application.Tls;

namespace PiTap.Wire.Tests.Application.Tls;

public sealed class TlsHandshakeReaderTests
{
    private static readonly byte[] s_changeCipherSpec = TlsBytes.Record(20, [1]);
    private static readonly byte[] s_applicationData = TlsBytes.Record(23, new byte[40]);

    [Fact]
    public void A_hello_in_one_record_is_read_in_place()
    {
        byte[] stream = TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello);
        TlsHandshakeReader reader = new(stream, scratch: default);
        Assert.Equal(TlsReadStatus.Message, reader.Read());
        Assert.Equal(TlsHandshakeType.ClientHello, reader.Type);
        Assert.Equal(TlsBytes.Rfc8448ClientBody, reader.Body.ToArray());
        Assert.Equal(TlsReadStatus.NeedMore, reader.Read());
        Assert.Equal(stream.Length + 5, reader.RequiredLength);
        Assert.Equal(new TlsReadPosition(stream.Length, 0, false), reader.Position);
    }

    [Fact]
    public void Several_messages_in_a_record_come_one_after_the_other()
    {
        byte[] stream =
            TlsBytes.Record(22, [.. TlsBytes.Rfc8448ServerHello, .. TlsBytes.Message(11, [0, 0, 0]), .. TlsBytes.Message(14, [])]);
        Assert.Equal(["ServerHello 86", "Certificate 3", "ServerHelloDone 0", "NeedMore"], ReadAll(stream));
    }

    [Fact]
    public void A_message_in_many_records_is_joined()
    {
        byte[] stream = TlsBytes.Rfc8448ClientHello.SelectMany(b => TlsBytes.Record(22, [b])).ToArray();
        TlsHandshakeReader reader = new(stream, new byte[stream.Length]);
        Assert.Equal(TlsReadStatus.Message, reader.Read());
        Assert.Equal(TlsBytes.Rfc8448ClientBody, reader.Body.ToArray());
    }

    [Fact]
    public void The_second_hello_behind_a_dummy_ChangeCipherSpec_is_found()
    {
        byte[] client =
        [
            .. TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello), .. s_changeCipherSpec,
            .. TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello), .. s_applicationData,
        ];
        Assert.Equal(["ClientHello 192", "ClientHello 192", "EndOfPlaintext"], ReadAll(client));
        byte[] server =
        [
            .. TlsBytes.Record(22, TlsBytes.Rfc8448ServerHello), .. s_changeCipherSpec,
            .. TlsBytes.Record(22, TlsBytes.Rfc8448ServerHello), .. s_applicationData,
        ];
        Assert.Equal(["ServerHello 86", "ServerHello 86", "EndOfPlaintext"], ReadAll(server));
    }

    [Fact]
    public void A_second_hello_in_several_records_behind_ChangeCipherSpec_is_joined()
    {
        byte[] hello = TlsBytes.Rfc8448ClientHello;
        byte[] stream =
            [.. s_changeCipherSpec, .. TlsBytes.Record(22, hello[..50]), .. TlsBytes.Record(22, hello[50..]), .. s_applicationData];
        Assert.Equal(["ClientHello 192", "EndOfPlaintext"], ReadAll(stream));
    }

    [Fact]
    public void The_encrypted_Finished_of_TLS_12_ends_the_plaintext()
    {
        byte[] stream =
            [.. TlsBytes.Record(22, TlsBytes.Message(16, new byte[66])), .. s_changeCipherSpec, .. TlsBytes.Record(22, new byte[40])];
        Assert.Equal(["ClientKeyExchange 66", "EndOfPlaintext"], ReadAll(stream));
        byte[] tiny = [.. s_changeCipherSpec, .. TlsBytes.Record(22, [1])];
        Assert.Equal(["EndOfPlaintext"], ReadAll(tiny));
    }

    [Fact]
    public void A_warning_hides_no_hello_and_a_fatal_alert_ends()
    {
        byte[] warned = [.. TlsBytes.Record(21, [1, 112]), .. TlsBytes.Record(22, TlsBytes.Rfc8448ServerHello)];
        Assert.Equal(["ServerHello 86", "NeedMore"], ReadAll(warned));
        Assert.Equal(["EndOfPlaintext"], ReadAll([.. TlsBytes.Record(21, [2, 40]), .. TlsBytes.Record(22, TlsBytes.Rfc8448ServerHello)]));
        Assert.Equal(["EndOfPlaintext"], ReadAll(TlsBytes.Record(21, [1, 0])));
        Assert.Equal(["EndOfPlaintext"], ReadAll(s_applicationData));
    }

    [Fact]
    public void Heartbeats_and_empty_records_are_passed()
    {
        byte[] stream =
            [.. TlsBytes.Record(24, new byte[30]), .. TlsBytes.Record(22, []), .. TlsBytes.Record(22, TlsBytes.Rfc8448ServerHello)];
        Assert.Equal(["ServerHello 86", "NeedMore"], ReadAll(stream));
    }

    [Fact]
    [Trait("cap", "Wire.TlsHandshakeReader.MaxMessageLength")]
    public void Contradictions_are_malformed_and_stay_so()
    {
        byte[] half = TlsBytes.Rfc8448ClientHello[..50];
        Assert.Equal(["Malformed"], ReadAll([.. TlsBytes.Record(22, half), .. s_applicationData]));
        Assert.Equal(["Malformed"], ReadAll(TlsBytes.Record(22, [99, 0, 0, 1, 0])));
        Assert.Equal(["Malformed"], ReadAll(TlsBytes.Record(22, [1, 0xff, 0, 0, 0])));
        Assert.Equal(["Malformed"], ReadAll("GET / HTTP/1.1\r\n"u8.ToArray()));
        byte[] spanning = [.. TlsBytes.Record(22, half), .. TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello[50..])];
        TlsHandshakeReader reader = new(spanning, scratch: default);
        Assert.Equal(TlsReadStatus.Malformed, reader.Read());
        Assert.Equal(TlsReadStatus.Malformed, reader.Read());
    }

    [Fact]
    public void What_is_at_hand_of_an_unfinished_message_is_shown()
    {
        byte[] stream = TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello)[..100];
        TlsHandshakeReader reader = new(stream, new byte[stream.Length]);
        Assert.Equal(TlsReadStatus.NeedMore, reader.Read());
        Assert.Equal(TlsHandshakeType.ClientHello, reader.Type);
        Assert.Equal(192, reader.DeclaredLength);
        Assert.Equal(TlsBytes.Rfc8448ClientBody[..91], reader.Body.ToArray());
        Assert.Equal(TlsBytes.Rfc8448ClientHello.Length + 5, reader.RequiredLength);
        Assert.Equal(default, reader.Position);
    }

    [Fact]
    [Trait("cap", "Wire.TlsRecordView.MaxFragmentLength")]
    public void A_hello_of_a_hundred_kilobytes_is_read_and_its_need_is_told_at_once()
    {
        byte[] hello = TlsBytes.Message(1, new byte[100_000]);
        byte[] stream = hello.Chunk(1 << 14).SelectMany(part => TlsBytes.Record(22, part)).ToArray();
        TlsHandshakeReader first = new(stream.AsSpan(0, 9), new byte[9]);
        Assert.Equal(TlsReadStatus.NeedMore, first.Read());
        Assert.InRange(first.RequiredLength, stream.Length - 10, stream.Length);
        TlsHandshakeReader reader = new(stream, new byte[stream.Length]);
        Assert.Equal(TlsReadStatus.Message, reader.Read());
        Assert.Equal(100_000, reader.Body.Length);
    }

    [Fact]
    public void However_messages_lie_over_records_and_segments_they_are_the_same() =>
        Gen.Select(Gen.Int[0, 300].List[1, 8], Gen.Int[1, 200].List[1, 20], Gen.Int[1, 90].List[1, 20])
            .Sample((lengths, records, segments) =>
        {
            List<string> expected = lengths.Select(length => $"Certificate {length}").ToList();
            byte[] messages = lengths.SelectMany(length => TlsBytes.Message(11, new byte[length])).ToArray();
            byte[] stream = [.. Split(messages, records).SelectMany(part => TlsBytes.Record(22, part)), .. s_applicationData];
            expected.Add("EndOfPlaintext");
            Assert.Equal(expected, ReadAll(stream));
            Assert.Equal(expected, ReadInSegments(stream, segments));
        });

    [Fact]
    public void No_bytes_make_it_throw_or_run_on()
    {
        byte[] stream = [.. TlsBytes.Record(22, [.. TlsBytes.Rfc8448ServerHello, .. TlsBytes.Message(14, [])]), .. s_changeCipherSpec,
            .. TlsBytes.Record(22, TlsBytes.Rfc8448ClientHello)];
        TlsBytes.EachPrefix(stream, prefix => ReadAll(prefix));
        TlsBytes.EachChange(stream[..30], changed => ReadAll([.. changed, .. stream[30..]]));
        Gen.Byte.Array[0, 300].Sample(bytes => { ReadAll(bytes); });
        Gen.Select(Gen.Int[20, 24], Gen.Byte.Array[0, 20]).List[0, 20].Sample(records =>
        {
            ReadAll(records.SelectMany(record => TlsBytes.Record(record.Item1, record.Item2)).ToArray());
        });
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        byte[] stream = TlsBytes.Rfc8448ClientHello.Chunk(50).SelectMany(part => TlsBytes.Record(22, part)).ToArray();
        byte[] scratch = new byte[stream.Length];
        int messages = 0;
        Assert.Equal(0, HostileBytes.Allocated(() =>
        {
            TlsHandshakeReader reader = new(stream, scratch);
            while (reader.Read() == TlsReadStatus.Message)
                messages++;
        }));
        Assert.True(messages > 0);
    }

    private static List<string> ReadAll(byte[] stream)
    {
        List<string> found = [];
        TlsHandshakeReader reader = new(stream, new byte[stream.Length]);
        while (reader.Read() == TlsReadStatus.Message)
        {
            Assert.Equal(reader.DeclaredLength, reader.Body.Length);
            found.Add($"{reader.Type} {reader.Body.Length}");
            Assert.True(found.Count <= stream.Length);
        }
        if (reader.Status == TlsReadStatus.NeedMore)
            Assert.True(reader.RequiredLength > stream.Length);
        found.Add(reader.Status.ToString());
        return found;
    }

    /// <summary>Reads as a tap does: on with every segment, unless too little is there, and from where it was left.</summary>
    private static List<string> ReadInSegments(byte[] stream, List<int> segments)
    {
        List<string> found = [];
        TlsReadPosition position = default;
        int required = 0;
        int have = 0;
        for (int turn = 0; have < stream.Length; turn++)
        {
            have = Math.Min(stream.Length, have + segments[turn % segments.Count]);
            TlsHandshakeReader reader = new(stream.AsSpan(0, have), new byte[have], position);
            TlsReadStatus status;
            int count = found.Count;
            while ((status = reader.Read()) == TlsReadStatus.Message)
                found.Add($"{reader.Type} {reader.Body.Length}");
            Assert.True(have >= required || count == found.Count, "a message came before its length was there");
            position = reader.Position;
            required = status == TlsReadStatus.NeedMore ? reader.RequiredLength : 0;
            if (status != TlsReadStatus.NeedMore)
            {
                found.Add(status.ToString());
                break;
            }
        }
        return found;
    }

    private static IEnumerable<byte[]> Split(byte[] bytes, List<int> lengths)
    {
        int offset = 0;
        for (int turn = 0; offset < bytes.Length; turn++)
        {
            int length = Math.Min(bytes.Length - offset, lengths[turn % lengths.Count]);
            yield return bytes.AsSpan(offset, length).ToArray();
            offset += length;
        }
    }
}
