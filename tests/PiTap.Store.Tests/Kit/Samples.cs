using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using PiTap.Model;
using PiTap.Store.Blocks;

namespace PiTap.Store.Tests.Kit;

/// <summary>Records whose fields follow from a number, so that a test can tell which one it reads.</summary>
internal static class Samples
{
    public const long Epoch = 1_600_000_000_000_000_000;
    public const string Device = "02:00:00:00:00:01";

    private static readonly Regex s_run = new("\"Run\":-?[0-9]+");

    public static FlowRecord Flow(long sequence, FlowEnd end = FlowEnd.Idle, long packets = 3, long? startNs = null) => new()
    {
        Sequence = sequence,
        StartNs = startNs ?? Epoch + sequence * 1_000_000,
        EndNs = (startNs ?? Epoch + sequence * 1_000_000) + 5_000_000_000,
        Device = Device,
        Protocol = 6,
        Client = IpAddress.FromV4(0x0a000002),
        ClientPort = (ushort)(30_000 + sequence % 30_000),
        Server = IpAddress.FromV4(0xc0000200 + (uint)(sequence % 200)),
        ServerPort = 443,
        PacketsUp = packets,
        PacketsDown = packets + 1,
        BytesUp = packets * 100,
        BytesDown = packets * 1_000,
        End = end,
        AppProto = AppProtocol.Tls,
        AppProtos = [AppProtocol.Tls],
        Host = $"host{sequence % 50}.example.com",
        HostSource = HostSource.TlsSni,
        HostAliases = sequence % 3 == 0 ? [$"alias{sequence % 7}.example.net"] : [],
        Verdict = Verdict.Encrypted,
        VerdictReason = "a TLS handshake was seen",
        Tls =
        [
            new TlsHello
            {
                Version = "TLS 1.3",
                Sni = $"host{sequence % 50}.example.com",
                Alpn = ["h2", "http/1.1"],
                Ja3 = "0123456789abcdef0123456789abcdef",
            },
        ],
        Http = sequence % 5 == 0 ? [new HttpRequest("host", "GET", "/" + sequence, null, null)] : [],
    };

    public static NameLookup Lookup(long sequence, bool isAnswered = true) => new()
    {
        Sequence = sequence,
        TimeNs = Epoch + sequence * 1_000_000,
        Device = Device,
        AppProto = AppProtocol.Dns,
        Protocol = 17,
        Client = IpAddress.FromV4(0x0a000002),
        ClientPort = 50_000,
        Server = IpAddress.FromV4(0x0a000001),
        ServerPort = 53,
        Name = $"Host{sequence}.Example.com",
        Type = 1,
        ResponseCode = isAnswered ? 0 : null,
        Answers = isAnswered ? [new NameAnswer($"host{sequence}.example.com", 1, "192.0.2.1", 300)] : [],
    };

    public static ContactRecord Contact(string host, long flows, long bytes = 100, string device = Device) => new()
    {
        Device = device,
        Host = host,
        HostSource = HostSource.Dns,
        Flows = flows,
        FlowsEncrypted = flows,
        PacketsUp = flows,
        PacketsDown = flows,
        BytesUp = bytes,
        BytesDown = bytes,
        FirstSeenNs = flows > 0 ? Epoch : 0,
        LastSeenNs = flows > 0 ? Epoch + 1_000 : 0,
    };

    public static DeviceRecord DeviceState(string id, long first, long last, string? dhcpName = null, params IpAddress[] addresses) =>
        new() { Id = id, FirstSeenNs = first, LastSeenNs = last, DhcpName = dhcpName, Addresses = addresses };

    /// <summary>A batch worth <paramref name="flows"/> flows whose totals agree with them.</summary>
    public static RecordBatch Batch(long number, int flows)
    {
        long first = (number - 1) * flows + 1;
        return new RecordBatch
        {
            Flows = [.. Enumerable.Range(0, flows).Select(i => Flow(first + i))],
            Lookups = [Lookup(number)],
            Contacts = [Contact("host.example.com", flows)],
            Minutes = [new MinuteRecord(PacketTime.FloorToMinute(Epoch), Device, flows, 0, 0, 0)],
            Devices = number == 1 ? [DeviceState(Device, Epoch, Epoch)] : [],
            Sources = [new SourceCounters { Source = "test", Received = number }],
        };
    }

    /// <summary>An address is its two words: what is told of it beside them is no part of a record.</summary>
    private static readonly JsonSerializerOptions s_values = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                static type =>
                {
                    for (int i = type.Properties.Count - 1; type.Type == typeof(IpAddress) && i >= 0; i--)
                    {
                        if (type.Properties[i].Name is not (nameof(IpAddress.High) or nameof(IpAddress.Low)))
                            type.Properties.RemoveAt(i);
                    }
                },
            },
        },
    };

    /// <summary>
    /// Lists in records compare by reference; their text compares by content. The run of a flow or a lookup is the store's.
    /// </summary>
    public static string Text<T>(T record)
    {
        string text = JsonSerializer.Serialize(record, s_values);
        return record is FlowRecord or NameLookup ? s_run.Replace(text, "\"Run\":0", 1)
            : record is StoredRow<FlowRecord> or StoredRow<NameLookup>
                ? s_run.Replace(text, "\"Run\":0", 1, text.IndexOf("\"Record\"", StringComparison.Ordinal))
            : text;
    }

    public static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> actual) =>
        Assert.Equal(expected.Select(Text), actual.Select(Text));
}
