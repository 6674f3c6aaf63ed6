using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>Flow records in columns: about 40 bytes a flow after compression. Not for two threads at once: it keeps its buffers.</summary>
internal sealed class FlowBlock : IBlockCodec<FlowRecord>
{
    private readonly ColumnCodec _codec = new();
    private readonly List<TlsHello> _hellos = [];
    private readonly List<HttpRequest> _requests = [];

    public RowKey KeyOf(in StoredRow<FlowRecord> row) => new(row.Record.StartNs, row.Run, row.Record.Sequence);

    public long EndOf(FlowRecord record) => record.EndNs;

    public bool IsFinal(FlowRecord record) => record.End != FlowEnd.Open;

    public bool MayChange(FlowRecord record, long newestNs) => record.End == FlowEnd.Open;

    public long SequenceOf(FlowRecord record) => record.Sequence;

    public bool IsForgotten(FlowRecord record) => record.IsReduced;

    public bool Matches(FlowRecord record, StoreQuery query) =>
        QueryMatch.Time(query, record.StartNs, record.EndNs) && QueryMatch.Device(query, record.Device) && QueryMatch.Host(query, record.Host);

    public byte[]? Encode(ReadOnlySpan<StoredRow<FlowRecord>> rows)
    {
        _codec.Begin();
        _hellos.Clear();
        _requests.Clear();
        WriteIdentity(rows);
        WriteTotals(rows);
        WriteMeaning(rows);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            IReadOnlyList<TlsHello> hellos = row.Record.Tls;
            _codec.Columns.UInt((uint)hellos.Count);
            for (int i = 0; i < hellos.Count; i++)
                _hellos.Add(hellos[i]);
        }
        WriteHellos();
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            IReadOnlyList<HttpRequest> requests = row.Record.Http;
            _codec.Columns.UInt((uint)requests.Count);
            for (int i = 0; i < requests.Count; i++)
                _requests.Add(requests[i]);
        }
        WriteRequests();
        return _codec.End(rows.Length);
    }

    public StoredRow<FlowRecord>[] Decode(ReadOnlySpan<byte> framed)
    {
        byte[] raw = BlockFrame.Unwrap(framed, out int length);
        ColumnSource source = new(raw.AsSpan(0, length));
        return FlowColumns.Read(ref source);
    }

    private void WriteIdentity(ReadOnlySpan<StoredRow<FlowRecord>> rows)
    {
        ColumnWriter columns = _codec.Columns;
        long last = 0;
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            columns.Int(row.Run - last);
            last = row.Run;
        }
        last = 0;
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            columns.Int(unchecked(row.Record.Sequence - last));
            last = row.Record.Sequence;
        }
        last = 0;
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            columns.Int(unchecked(row.Record.StartNs - last));
            last = row.Record.StartNs;
        }
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Int(unchecked(row.Record.EndNs - row.Record.StartNs));
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            _codec.String(row.Record.Device);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Byte(row.Record.Protocol);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            _codec.Address(row.Record.Client);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.UInt16(row.Record.ClientPort);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            _codec.Address(row.Record.Server);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.UInt16(row.Record.ServerPort);
    }

    private void WriteTotals(ReadOnlySpan<StoredRow<FlowRecord>> rows)
    {
        ColumnWriter columns = _codec.Columns;
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Int(row.Record.PacketsUp);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Int(row.Record.PacketsDown);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Int(row.Record.BytesUp);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Int(row.Record.BytesDown);
    }

    private void WriteMeaning(ReadOnlySpan<StoredRow<FlowRecord>> rows)
    {
        ColumnWriter columns = _codec.Columns;
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Byte((byte)((byte)row.Record.End << 1 | (row.Record.IsReduced ? 1 : 0)));
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Byte((byte)row.Record.AppProto);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.UInt((uint)row.Record.AppProtos.Count);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            IReadOnlyList<AppProtocol> apps = row.Record.AppProtos;
            for (int i = 0; i < apps.Count; i++)
                columns.Byte((byte)apps[i]);
        }
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Byte((byte)row.Record.HostSource);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            _codec.String(row.Record.Host);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.UInt((uint)row.Record.HostAliases.Count);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
        {
            IReadOnlyList<string> aliases = row.Record.HostAliases;
            for (int i = 0; i < aliases.Count; i++)
                _codec.String(aliases[i]);
        }
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            columns.Byte((byte)row.Record.Verdict);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            _codec.String(row.Record.VerdictReason);
        foreach (ref readonly StoredRow<FlowRecord> row in rows)
            _codec.String(row.Record.QuicVersion);
    }

    private void WriteHellos()
    {
        ColumnWriter columns = _codec.Columns;
        foreach (TlsHello hello in _hellos)
            columns.Byte((byte)((byte)hello.Ech << 1 | (hello.IsServer ? 1 : 0)));
        foreach (TlsHello hello in _hellos)
            _codec.String(hello.Version);
        foreach (TlsHello hello in _hellos)
            _codec.String(hello.Sni);
        foreach (TlsHello hello in _hellos)
            columns.UInt((uint)hello.Alpn.Count);
        foreach (TlsHello hello in _hellos)
        {
            IReadOnlyList<string> protocols = hello.Alpn;
            for (int i = 0; i < protocols.Count; i++)
                _codec.String(protocols[i]);
        }
        foreach (TlsHello hello in _hellos)
            _codec.String(hello.Ja3);
        foreach (TlsHello hello in _hellos)
            _codec.String(hello.Ja3s);
        foreach (TlsHello hello in _hellos)
            _codec.String(hello.Ja4);
    }

    private void WriteRequests()
    {
        foreach (HttpRequest request in _requests)
            _codec.String(request.Host);
        foreach (HttpRequest request in _requests)
            _codec.String(request.Method);
        foreach (HttpRequest request in _requests)
            _codec.String(request.Path);
        foreach (HttpRequest request in _requests)
            _codec.String(request.UserAgent);
        foreach (HttpRequest request in _requests)
            _codec.String(request.RequestedWith);
    }
}
