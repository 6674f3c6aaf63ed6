using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>The reading side of <see cref="FlowBlock"/>: columns in the order in which it writes them.</summary>
internal sealed class FlowColumns
{
    private readonly int _count;
    private readonly long[] _runs;
    private readonly long[] _sequences;
    private readonly long[] _starts;
    private readonly long[] _durations;
    private readonly string?[] _devices;
    private readonly byte[] _protocols;
    private readonly IpAddress[] _clients;
    private readonly ushort[] _clientPorts;
    private readonly IpAddress[] _servers;
    private readonly ushort[] _serverPorts;
    private readonly long[] _packetsUp;
    private readonly long[] _packetsDown;
    private readonly long[] _bytesUp;
    private readonly long[] _bytesDown;
    private readonly byte[] _ends;
    private readonly byte[] _apps;
    private readonly int[] _appCounts;
    private readonly byte[] _appLists;
    private readonly byte[] _hostSources;
    private readonly string?[] _hosts;
    private readonly int[] _aliasCounts;
    private readonly string?[] _aliasLists;
    private readonly byte[] _verdicts;
    private readonly string?[] _reasons;
    private readonly string?[] _quicVersions;
    private readonly int[] _helloCounts;
    private readonly TlsHello[] _hellos;
    private readonly int[] _requestCounts;
    private readonly HttpRequest[] _requests;
    private int _app, _alias, _hello, _request;

    private FlowColumns(ref ColumnSource source)
    {
        int count = _count = source.Rows;
        _runs = source.Deltas(count);
        _sequences = source.Deltas(count);
        _starts = source.Deltas(count);
        _durations = source.Ints(count);
        _devices = source.Strings(count);
        _protocols = source.Bytes(count);
        _clients = source.Addresses(count);
        _clientPorts = source.UInt16s(count);
        _servers = source.Addresses(count);
        _serverPorts = source.UInt16s(count);
        _packetsUp = source.Ints(count);
        _packetsDown = source.Ints(count);
        _bytesUp = source.Ints(count);
        _bytesDown = source.Ints(count);
        _ends = source.Bytes(count);
        _apps = source.Bytes(count);
        _appCounts = source.Counts(count, out int appTotal);
        _appLists = source.Bytes(appTotal);
        _hostSources = source.Bytes(count);
        _hosts = source.Strings(count);
        _aliasCounts = source.Counts(count, out int aliasTotal);
        _aliasLists = source.Strings(aliasTotal);
        _verdicts = source.Bytes(count);
        _reasons = source.Strings(count);
        _quicVersions = source.Strings(count);
        _helloCounts = source.Counts(count, out int helloTotal);
        _hellos = ReadHellos(ref source, helloTotal);
        _requestCounts = source.Counts(count, out int requestTotal);
        _requests = ReadRequests(ref source, requestTotal);
    }

    public static StoredRow<FlowRecord>[] Read(ref ColumnSource source)
    {
        FlowColumns columns = new(ref source);
        StoredRow<FlowRecord>[] rows = new StoredRow<FlowRecord>[columns._count];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = new StoredRow<FlowRecord>(unchecked((int)columns._runs[i]), columns.Row(i));
        return rows;
    }

    /// <summary>The rows are asked for one after the other: their lists follow each other in the flattened columns.</summary>
    private FlowRecord Row(int i) => new()
    {
        Sequence = _sequences[i],
        StartNs = _starts[i],
        EndNs = unchecked(_starts[i] + _durations[i]),
        Device = _devices[i] ?? "",
        Protocol = _protocols[i],
        Client = _clients[i],
        ClientPort = _clientPorts[i],
        Server = _servers[i],
        ServerPort = _serverPorts[i],
        PacketsUp = _packetsUp[i],
        PacketsDown = _packetsDown[i],
        BytesUp = _bytesUp[i],
        BytesDown = _bytesDown[i],
        End = KnownKinds.End(_ends[i] >> 1),
        IsReduced = (_ends[i] & 1) != 0,
        AppProto = KnownKinds.AppProto(_apps[i]),
        AppProtos = Take(_appLists, ref _app, _appCounts[i], static value => KnownKinds.AppProto(value)),
        HostSource = KnownKinds.HostSource(_hostSources[i]),
        Host = _hosts[i],
        HostAliases = Take(_aliasLists, ref _alias, _aliasCounts[i], static value => value ?? ""),
        Verdict = KnownKinds.Verdict(_verdicts[i]),
        VerdictReason = _reasons[i] ?? "",
        QuicVersion = _quicVersions[i],
        Tls = Take(_hellos, ref _hello, _helloCounts[i], static value => value),
        Http = Take(_requests, ref _request, _requestCounts[i], static value => value),
    };

    private static TlsHello[] ReadHellos(ref ColumnSource source, int count)
    {
        byte[] kinds = source.Bytes(count);
        string?[] versions = source.Strings(count);
        string?[] names = source.Strings(count);
        int[] protocolCounts = source.Counts(count, out int total);
        string?[] protocols = source.Strings(total);
        string?[] ja3 = source.Strings(count);
        string?[] ja3s = source.Strings(count);
        string?[] ja4 = source.Strings(count);
        TlsHello[] hellos = new TlsHello[count];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            hellos[i] = new TlsHello
            {
                IsServer = (kinds[i] & 1) != 0,
                Ech = KnownKinds.Ech(kinds[i] >> 1),
                Version = versions[i] ?? "",
                Sni = names[i],
                Alpn = Take(protocols, ref at, protocolCounts[i], static value => value ?? ""),
                Ja3 = ja3[i],
                Ja3s = ja3s[i],
                Ja4 = ja4[i],
            };
        }
        return hellos;
    }

    private static HttpRequest[] ReadRequests(ref ColumnSource source, int count)
    {
        string?[] hosts = source.Strings(count);
        string?[] methods = source.Strings(count);
        string?[] paths = source.Strings(count);
        string?[] agents = source.Strings(count);
        string?[] requestedWith = source.Strings(count);
        HttpRequest[] requests = new HttpRequest[count];
        for (int i = 0; i < count; i++)
            requests[i] = new HttpRequest(hosts[i], methods[i] ?? "", paths[i] ?? "", agents[i], requestedWith[i]);
        return requests;
    }

    private static TResult[] Take<TSource, TResult>(TSource[] all, ref int at, int count, Func<TSource, TResult> convert)
    {
        if (count == 0)
            return [];
        TResult[] part = new TResult[count];
        for (int i = 0; i < count; i++)
            part[i] = convert(all[at++]);
        return part;
    }
}
