using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>Name look-ups in columns. Not for two threads at once: it keeps its buffers.</summary>
internal sealed class LookupBlock : IBlockCodec<NameLookup>
{
    // Resolvers give up on a question long before.
    private const long AnswerTimeoutNs = 30 * PacketTime.NanosecondsPerSecond;

    private readonly ColumnCodec _codec = new();
    private readonly List<NameAnswer> _answers = [];

    public RowKey KeyOf(in StoredRow<NameLookup> row) => new(row.Record.TimeNs, row.Run, row.Record.Sequence);

    public long EndOf(NameLookup record) => record.TimeNs;

    /// <summary>Multicast questions are answered to everybody, if at all: nothing is added to them.</summary>
    public bool IsFinal(NameLookup record) => record.ResponseCode is not null || record.AppProto != AppProtocol.Dns;

    public bool MayChange(NameLookup record, long newestNs) =>
        !IsFinal(record) && unchecked(newestNs - record.TimeNs) < AnswerTimeoutNs;

    public long SequenceOf(NameLookup record) => record.Sequence;

    public bool IsForgotten(NameLookup record) => false;

    public bool Matches(NameLookup record, StoreQuery query) =>
        QueryMatch.Time(query, record.TimeNs, record.TimeNs) && QueryMatch.Device(query, record.Device) && QueryMatch.Host(query, record.Name);

    public byte[]? Encode(ReadOnlySpan<StoredRow<NameLookup>> rows)
    {
        _codec.Begin();
        _answers.Clear();
        WriteIdentity(rows);
        WriteQuestion(rows);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
        {
            IReadOnlyList<NameAnswer> answers = row.Record.Answers;
            _codec.Columns.UInt((uint)answers.Count);
            for (int i = 0; i < answers.Count; i++)
                _answers.Add(answers[i]);
        }
        foreach (NameAnswer answer in _answers)
            _codec.String(answer.Name);
        foreach (NameAnswer answer in _answers)
            _codec.Columns.UInt16(answer.Type);
        foreach (NameAnswer answer in _answers)
            _codec.String(answer.Value);
        foreach (NameAnswer answer in _answers)
            _codec.Columns.Int(answer.TimeToLiveSeconds);
        foreach (NameAnswer answer in _answers)
            _codec.Columns.Byte((byte)answer.Section);
        return _codec.End(rows.Length);
    }

    public StoredRow<NameLookup>[] Decode(ReadOnlySpan<byte> framed)
    {
        byte[] raw = BlockFrame.Unwrap(framed, out int length);
        ColumnSource source = new(raw.AsSpan(0, length));
        int count = source.Rows;
        long[] runs = source.Deltas(count);
        long[] sequences = source.Deltas(count);
        long[] times = source.Deltas(count);
        string?[] devices = source.Strings(count);
        byte[] apps = source.Bytes(count);
        byte[] protocols = source.Bytes(count);
        IpAddress[] clients = source.Addresses(count);
        ushort[] clientPorts = source.UInt16s(count);
        IpAddress[] servers = source.Addresses(count);
        ushort[] serverPorts = source.UInt16s(count);
        string?[] names = source.Strings(count);
        ushort[] types = source.UInt16s(count);
        long[] codes = source.Ints(count);
        int[] answerCounts = source.Counts(count, out int total);
        NameAnswer[] answers = ReadAnswers(ref source, total);

        StoredRow<NameLookup>[] rows = new StoredRow<NameLookup>[count];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            NameLookup record = new()
            {
                Sequence = sequences[i],
                TimeNs = times[i],
                Device = devices[i] ?? "",
                AppProto = KnownKinds.AppProto(apps[i]),
                Protocol = protocols[i],
                Client = clients[i],
                ClientPort = clientPorts[i],
                Server = servers[i],
                ServerPort = serverPorts[i],
                Name = names[i] ?? "",
                Type = types[i],
                ResponseCode = codes[i] < 0 ? null : unchecked((int)codes[i]),
                Answers = answerCounts[i] == 0 ? [] : answers[at..(at += answerCounts[i])],
            };
            rows[i] = new StoredRow<NameLookup>(unchecked((int)runs[i]), record);
        }
        return rows;
    }

    private static NameAnswer[] ReadAnswers(ref ColumnSource source, int count)
    {
        string?[] names = source.Strings(count);
        ushort[] types = source.UInt16s(count);
        string?[] values = source.Strings(count);
        long[] lives = source.Ints(count);
        byte[] sections = source.Bytes(count);
        NameAnswer[] answers = new NameAnswer[count];
        for (int i = 0; i < count; i++)
            answers[i] = new NameAnswer(names[i] ?? "", types[i], values[i] ?? "", unchecked((uint)lives[i]), (DnsSection)sections[i]);
        return answers;
    }

    private void WriteIdentity(ReadOnlySpan<StoredRow<NameLookup>> rows)
    {
        ColumnWriter columns = _codec.Columns;
        long last = 0;
        foreach (ref readonly StoredRow<NameLookup> row in rows)
        {
            columns.Int(row.Run - last);
            last = row.Run;
        }
        last = 0;
        foreach (ref readonly StoredRow<NameLookup> row in rows)
        {
            columns.Int(unchecked(row.Record.Sequence - last));
            last = row.Record.Sequence;
        }
        last = 0;
        foreach (ref readonly StoredRow<NameLookup> row in rows)
        {
            columns.Int(unchecked(row.Record.TimeNs - last));
            last = row.Record.TimeNs;
        }
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            _codec.String(row.Record.Device);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            columns.Byte((byte)row.Record.AppProto);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            columns.Byte(row.Record.Protocol);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            _codec.Address(row.Record.Client);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            columns.UInt16(row.Record.ClientPort);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            _codec.Address(row.Record.Server);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            columns.UInt16(row.Record.ServerPort);
    }

    private void WriteQuestion(ReadOnlySpan<StoredRow<NameLookup>> rows)
    {
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            _codec.String(row.Record.Name);
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            _codec.Columns.UInt16(row.Record.Type);
        // A response code is never negative, so that -1 can stand for "no response was seen".
        foreach (ref readonly StoredRow<NameLookup> row in rows)
            _codec.Columns.Int(row.Record.ResponseCode ?? -1);
    }
}
