using PiTap.Model;
using PiTap.Store.Columns;

namespace PiTap.Store.Blocks;

/// <summary>A flow with its run, column by column.</summary>
internal readonly struct FlowSchema : IRowSchema<StoredRow<FlowRecord>>
{
    public static StoredRow<FlowRecord> Blank { get; } = new(0, new FlowRecord
    {
        Sequence = 0,
        StartNs = 0,
        EndNs = 0,
        Device = "",
        Protocol = 0,
        Client = default,
        ClientPort = 0,
        Server = default,
        ServerPort = 0,
        PacketsUp = 0,
        PacketsDown = 0,
        BytesUp = 0,
        BytesDown = 0,
    });

    public static int FormatOneColumns => 25;

    public static StoredRow<FlowRecord> Visit<TColumns>(TColumns columns, StoredRow<FlowRecord> row)
        where TColumns : struct, IColumns
    {
        FlowRecord flow = row.Record;
        byte end;
        int run;
        return new StoredRow<FlowRecord>(run = unchecked((int)columns.Delta("run", row.Run)), new FlowRecord
        {
            Run = run,
            Sequence = columns.Delta("sequence", flow.Sequence),
            StartNs = columns.Delta("start", flow.StartNs),
            EndNs = columns.After("end", flow.EndNs),
            Device = columns.Text("device", flow.Device) ?? "",
            Protocol = columns.Byte("protocol", flow.Protocol),
            Client = columns.Address("client", flow.Client),
            ClientPort = columns.UInt16("clientPort", flow.ClientPort),
            Server = columns.Address("server", flow.Server),
            ServerPort = columns.UInt16("serverPort", flow.ServerPort),
            PacketsUp = columns.Int("packetsUp", flow.PacketsUp),
            PacketsDown = columns.Int("packetsDown", flow.PacketsDown),
            BytesUp = columns.Int("bytesUp", flow.BytesUp),
            BytesDown = columns.Int("bytesDown", flow.BytesDown),
            // Two in one byte, the last bit being whether it is reduced.
            End = KnownKinds.End((end = columns.Byte("endAndReduced", (byte)((byte)flow.End << 1 | (flow.IsReduced ? 1 : 0)))) >> 1),
            IsReduced = (end & 1) != 0,
            AppProto = KnownKinds.AppProto(columns.Byte("appProto", (byte)flow.AppProto)),
            AppProtos = columns.List<AppProtocol, AppProtocolItem>("appProtos", flow.AppProtos),
            HostSource = KnownKinds.HostSource(columns.Byte("hostSource", (byte)flow.HostSource)),
            Host = columns.Text("host", flow.Host),
            HostAliases = columns.List<string, TextItem>("hostAliases", flow.HostAliases),
            Verdict = KnownKinds.Verdict(columns.Byte("verdict", (byte)flow.Verdict)),
            VerdictReason = columns.Text("verdictReason", flow.VerdictReason) ?? "",
            QuicVersion = columns.Text("quicVersion", flow.QuicVersion),
            Tls = columns.List<TlsHello, TlsHelloSchema>("tls", flow.Tls),
            Http = columns.List<HttpRequest, HttpRequestSchema>("http", flow.Http),
            Source = columns.Text("source", flow.Source),
            App = columns.Text("app", flow.App),
            DeviceSide = KnownKinds.DeviceSide(columns.Byte("deviceSide", (byte)flow.DeviceSide)),
        });
    }
}

/// <summary>A hello in a flow's list, column by column.</summary>
internal readonly struct TlsHelloSchema : IRowSchema<TlsHello>
{
    public static TlsHello Blank { get; } = new() { Version = "" };

    public static int FormatOneColumns => 7;

    public static TlsHello Visit<TColumns>(TColumns columns, TlsHello hello)
        where TColumns : struct, IColumns
    {
        byte ech;
        return new TlsHello
        {
            Ech = KnownKinds.Ech((ech = columns.Byte("echAndServer", (byte)((byte)hello.Ech << 1 | (hello.IsServer ? 1 : 0)))) >> 1),
            IsServer = (ech & 1) != 0,
            Version = columns.Text("version", hello.Version) ?? "",
            Sni = columns.Text("sni", hello.Sni),
            Alpn = columns.List<string, TextItem>("alpn", hello.Alpn),
            Ja3 = columns.Text("ja3", hello.Ja3),
            Ja3s = columns.Text("ja3s", hello.Ja3s),
            Ja4 = columns.Text("ja4", hello.Ja4),
        };
    }
}

/// <summary>A request in a flow's list, column by column.</summary>
internal readonly struct HttpRequestSchema : IRowSchema<HttpRequest>
{
    public static HttpRequest Blank { get; } = new(null, "", "", null, null);

    public static int FormatOneColumns => 5;

    public static HttpRequest Visit<TColumns>(TColumns columns, HttpRequest request)
        where TColumns : struct, IColumns => new(
            Host: columns.Text("host", request.Host),
            Method: columns.Text("method", request.Method) ?? "",
            Path: columns.Text("path", request.Path) ?? "",
            UserAgent: columns.Text("userAgent", request.UserAgent),
            RequestedWith: columns.Text("requestedWith", request.RequestedWith));
}

/// <summary>A protocol in a list.</summary>
internal readonly struct AppProtocolItem : IRowSchema<AppProtocol>
{
    public static AppProtocol Blank => AppProtocol.Unknown;

    public static int FormatOneColumns => 1;

    public static AppProtocol Visit<TColumns>(TColumns columns, AppProtocol item)
        where TColumns : struct, IColumns => KnownKinds.AppProto(columns.Byte("appProto", (byte)item));
}
