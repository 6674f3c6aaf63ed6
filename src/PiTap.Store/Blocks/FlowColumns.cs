using PiTap.Model;

namespace PiTap.Store;

/// <summary>The reading side of <see cref="FlowBlock"/>: columns in the order in which it writes them.</summary>
internal static class FlowColumns
{
    public static StoredRow<FlowRecord>[] Read(ref ColumnSource source)
    {
        int count = source.Rows;
        long[] runs = source.Deltas(count);
        long[] sequences = source.Deltas(count);
        long[] starts = source.Deltas(count);
        long[] durations = source.Ints(count);
        string?[] devices = source.Strings(count);
        byte[] protocols = source.Bytes(count);
        IpAddress[] clients = source.Addresses(count);
        ushort[] clientPorts = source.UInt16s(count);
        IpAddress[] servers = source.Addresses(count);
        ushort[] serverPorts = source.UInt16s(count);
        long[] packetsUp = source.Ints(count);
        long[] packetsDown = source.Ints(count);
        long[] bytesUp = source.Ints(count);
        long[] bytesDown = source.Ints(count);
        byte[] ends = source.Bytes(count);
        byte[] apps = source.Bytes(count);
        int[] appCounts = source.Counts(count, out int appTotal);
        byte[] appLists = source.Bytes(appTotal);
        byte[] hostSources = source.Bytes(count);
        string?[] hosts = source.Strings(count);
        int[] aliasCounts = source.Counts(count, out int aliasTotal);
        string?[] aliasLists = source.Strings(aliasTotal);
        byte[] verdicts = source.Bytes(count);
        string?[] reasons = source.Strings(count);
        string?[] quicVersions = source.Strings(count);
        int[] helloCounts = source.Counts(count, out int helloTotal);
        TlsHello[] hellos = ReadHellos(ref source, helloTotal);
        int[] requestCounts = source.Counts(count, out int requestTotal);
        HttpRequest[] requests = ReadRequests(ref source, requestTotal);

        StoredRow<FlowRecord>[] rows = new StoredRow<FlowRecord>[count];
        int app = 0, alias = 0, hello = 0, request = 0;
        for (int i = 0; i < count; i++)
        {
            FlowRecord record = new()
            {
                Sequence = sequences[i],
                StartNs = starts[i],
                EndNs = unchecked(starts[i] + durations[i]),
                Device = devices[i] ?? "",
                Protocol = protocols[i],
                Client = clients[i],
                ClientPort = clientPorts[i],
                Server = servers[i],
                ServerPort = serverPorts[i],
                PacketsUp = packetsUp[i],
                PacketsDown = packetsDown[i],
                BytesUp = bytesUp[i],
                BytesDown = bytesDown[i],
                End = (FlowEnd)(ends[i] >> 1),
                IsReduced = (ends[i] & 1) != 0,
                App = (AppProtocol)apps[i],
                Apps = Take(appLists, ref app, appCounts[i], static value => (AppProtocol)value),
                HostSource = (HostSource)hostSources[i],
                Host = hosts[i],
                HostAliases = Take(aliasLists, ref alias, aliasCounts[i], static value => value ?? ""),
                Verdict = (Verdict)verdicts[i],
                VerdictReason = reasons[i] ?? "",
                QuicVersion = quicVersions[i],
                Tls = Take(hellos, ref hello, helloCounts[i], static value => value),
                Http = Take(requests, ref request, requestCounts[i], static value => value),
            };
            rows[i] = new StoredRow<FlowRecord>(unchecked((int)runs[i]), record);
        }
        return rows;
    }

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
                Ech = (EchState)(kinds[i] >> 1),
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
