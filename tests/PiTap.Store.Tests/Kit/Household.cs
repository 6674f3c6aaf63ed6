using System.Text;
using LiteDB;
using PiTap.Model;
using PiTap.Store.Columns;
using PiTap.Store.Files;
using PiTap.TestKit;

namespace PiTap.Store.Tests.Kit;

/// <summary>Three devices and what they did, one of which is to be forgotten; and a look at all that the files of a store hold.</summary>
internal static class Household
{
    public const string Anna = "02:aa:aa:aa:aa:aa", Ben = "02:bb:bb:bb:bb:bb", Cem = "02:cc:cc:cc:cc:cc";
    public const string AnnasPhone = "annas-phone", AnnasHost = "only-anna-reads.example";

    private static readonly IpAddress s_annasAddress = Parse("10.77.66.55"), s_annasAddress6 = Parse("fd00:7766:5544::33");
    private static readonly IpAddress s_bensAddress = Parse("10.77.66.2"), s_cemsAddress = Parse("10.77.66.3");
    private static readonly IpAddress s_sharedAddress = Parse("10.77.66.200"), s_server = Parse("192.0.2.9");

    /// <summary>What the forgotten one may be known by anywhere in a file.</summary>
    public static readonly string[] Marks =
    [
        Anna, AnnasPhone, AnnasHost, "anna-vendor", "annas-mdns", "10.77.66.55", "55.66.77.10.in-addr.arpa", "fd00:7766:5544::33",
    ];

    /// <summary>A batch of all three: <paramref name="flows"/> flows each, and what they have with one another.</summary>
    public static RecordBatch Batch(int first, int flows, FlowEnd end = FlowEnd.Idle)
    {
        int number = first;
        List<FlowRecord> all = [];
        for (int i = 0; i < flows; i++)
        {
            all.Add(Flow(number++, Anna, s_server, AnnasHost, end));
            all.Add(Flow(number++, Ben, s_server, "ben-reads.example", end));
            all.Add(Flow(number++, Cem, s_server, "cem-reads.example", end));
        }
        // Of others with her, and one with an address that Ben had before.
        all.Add(Flow(number++, Ben, s_annasAddress6, null, end));
        all.Add(Flow(number++, Cem, s_server, AnnasPhone.ToUpperInvariant() + ".local", end));
        all.Add(Flow(number++, Cem, s_sharedAddress, null, end));
        return new RecordBatch
        {
            Flows = all,
            Lookups =
            [
                Lookup(first, Anna, AnnasHost, "192.0.2.9"), Lookup(first + 1, Ben, "ben-reads.example", "192.0.2.9"),
                Lookup(first + 2, Ben, AnnasPhone + ".lan", "10.77.66.55"), Lookup(first + 3, Cem, "55.66.77.10.in-addr.arpa", "x"),
                Lookup(first + 4, Cem, "printer.lan", "10.77.66.55"),
            ],
            Devices =
            [
                new DeviceRecord
                {
                    Id = Anna, DhcpName = AnnasPhone, DhcpVendorClass = "anna-vendor", MdnsName = "annas-mdns", NetBiosName = "laptop",
                    Addresses = [s_sharedAddress, s_annasAddress, s_annasAddress6], FirstSeenNs = 1, LastSeenNs = 2,
                },
                Samples.DeviceState(Ben, 2, 3, "laptop", s_bensAddress, s_sharedAddress),
                Samples.DeviceState(Cem, 3, 4, null, s_cemsAddress),
            ],
            Contacts =
            [
                Samples.Contact(AnnasHost, flows, device: Anna), Samples.Contact("192.0.2.9", flows, device: Anna),
                Samples.Contact("ben-reads.example", flows, device: Ben), Samples.Contact("fd00:7766:5544::33", 1, device: Ben),
                Samples.Contact("cem-reads.example", flows, device: Cem), Samples.Contact(AnnasPhone + ".local", 1, device: Cem),
                Samples.Contact("10.77.66.200", 1, device: Cem), Samples.Contact("laptop.local", 1, device: Cem),
            ],
            Minutes =
            [
                .. new[] { Anna, Ben, Cem }.Select(device =>
                    new MinuteRecord(first * PacketTime.NanosecondsPerMinute, device, flows, 1, 1, 1)),
            ],
        };
    }

    /// <summary>Each record that the store holds, as text, those of a kind behind one another.</summary>
    public static List<string> Records(IStoreReader reader) =>
    [
        .. reader.Flows(StoreQuery.All).Select(Samples.Text), .. reader.Lookups(StoreQuery.All).Select(Samples.Text),
        .. reader.Contacts(StoreQuery.All).Select(Samples.Text),
        .. reader.Devices(StoreQuery.All).Select(Samples.Text), .. reader.Minutes(StoreQuery.All).Select(Samples.Text),
    ];

    /// <summary>The records without those that name the forgotten one.</summary>
    public static List<string> WithoutAnna(IEnumerable<string> records) =>
    [
        .. records.Where(static record => !Marks.Any(mark => record.Contains(mark, StringComparison.OrdinalIgnoreCase))
            && !record.Contains(Samples.Text(s_annasAddress6), StringComparison.Ordinal)),
    ];

    /// <summary>
    /// Marks that stand in any byte of any file of the store's, in what decompresses at any place of it, or in a document of it.
    /// </summary>
    public static List<string> MarksIn(TempFolder folder)
    {
        List<string> found = [];
        foreach (string file in Directory.GetFiles(folder.Path))
        {
            IEnumerable<string> marks = StoreBytes.Layers(StoreBytes.Read(file)).SelectMany(MarksInBytes);
            found.AddRange(marks.Select(mark => $"{mark} in {Path.GetFileName(file)}"));
        }
        string copy = Path.Combine(Directory.CreateTempSubdirectory("pitap-look-").FullName, "store.db");
        File.WriteAllBytes(copy, StoreBytes.Read(folder.Store));
        if (File.Exists(PageLog.PathOf(folder.Store)))
            File.WriteAllBytes(PageLog.PathOf(copy), StoreBytes.Read(PageLog.PathOf(folder.Store)));
        using (StoreEngine engine = StoreEngine.Open(copy, isReadOnly: true))
        {
            foreach (string collection in engine.Collections())
            {
                foreach (BsonDocument document in engine.All(collection))
                    found.AddRange(MarksIn(document).Select(mark => $"{mark} in {collection}"));
            }
        }
        Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
        return found;
    }

    private static IEnumerable<string> MarksIn(BsonValue value) => value switch
    {
        { IsDocument: true } => value.AsDocument.Values.SelectMany(MarksIn),
        { IsArray: true } => value.AsArray.SelectMany(MarksIn),
        { IsString: true } => MarksInBytes(Encoding.UTF8.GetBytes(value.AsString)),
        { IsBinary: true } => MarksInBytes(value.AsBinary).Concat(MarksInBytes(Unwrapped(value.AsBinary))),
        _ => [],
    };

    private static byte[] Unwrapped(byte[] bytes)
    {
        try
        {
            return BlockFrame.Unwrap(bytes, out _, out _);
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static IEnumerable<string> MarksInBytes(byte[] bytes)
    {
        string text = Encoding.Latin1.GetString(bytes).ToUpperInvariant();
        return Marks.Where(mark => text.Contains(mark.ToUpperInvariant(), StringComparison.Ordinal));
    }

    private static FlowRecord Flow(int sequence, string device, IpAddress server, string? host, FlowEnd end) =>
        Samples.Flow(sequence, end) with
        {
            Device = device,
            Client = device == Anna ? s_annasAddress : device == Ben ? s_bensAddress : s_cemsAddress,
            Server = server,
            Host = host,
            HostAliases = [],
            Tls = host is null ? [] : [new TlsHello { Version = "TLS 1.3", Sni = host }],
            Http = [],
        };

    private static NameLookup Lookup(int sequence, string device, string name, string answer) => Samples.Lookup(sequence) with
    {
        Device = device,
        Name = name,
        Client = s_cemsAddress,
        Answers = [new NameAnswer(name, 1, answer, 60)],
    };

    private static IpAddress Parse(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);
}
