namespace PiTap.Model.Tests;

/// <summary>What records weigh is what the runtime allocates for them, reckoned from above.</summary>
public sealed class RecordWeightTests
{
    private const int Records = 500;

    private static string Text(int length, int number) => string.Create(length, number, static (text, number) =>
    {
        text.Fill('x');
        number.TryFormat(text, out _, default, System.Globalization.CultureInfo.InvariantCulture);
    });

    private static T[] Many<T>(int count, Func<int, T> make)
    {
        T[] items = count == 0 ? [] : new T[count];
        for (int i = 0; i < items.Length; i++)
            items[i] = make(i);
        return items;
    }

    private static FlowRecord Flow(int number, int texts) => new()
    {
        Sequence = number,
        StartNs = 1,
        EndNs = 2,
        Device = "d",
        Protocol = 6,
        Client = default,
        ClientPort = 1,
        Server = default,
        ServerPort = 2,
        PacketsUp = 1,
        PacketsDown = 1,
        BytesUp = 1,
        BytesDown = 1,
        Host = Text(20, number),
        HostAliases = Many(texts, static i => Text(30, i)),
        Tls = Many(texts, static i => new TlsHello
        {
            Version = "TLS 1.3",
            Sni = Text(25, i),
            Alpn = [Text(2, i)],
            Ja3 = Text(32, i),
            Ja3s = Text(32, i),
            Ja4 = Text(36, i),
        }),
        Http = Many(texts, static i => new HttpRequest(Text(20, i), Text(3, i), Text(400, i), Text(100, i), Text(20, i))),
    };

    private static NameLookup Lookup(int number, int answers)
    {
        NameAnswer[] list = answers == 0 ? [] : new NameAnswer[answers];
        string owner = answers == 0 ? "" : Text(20, number);
        for (int i = 0; i < list.Length; i++)
            list[i] = new NameAnswer(owner, 1, Text(12, i), 60);
        return new NameLookup
        {
            Sequence = number,
            TimeNs = 1,
            Device = "d",
            AppProto = AppProtocol.Dns,
            Protocol = 17,
            Client = default,
            ClientPort = 1,
            Server = default,
            ServerPort = 53,
            Name = Text(20, number),
            Type = 1,
            Answers = list,
        };
    }

    private static ContactRecord Contact(int number, int addresses) => new()
    {
        Device = "d",
        Host = Text(40, number),
        HostSource = HostSource.Dns,
        Addresses = Many(addresses, static i => new ContactAddress(IpAddress.FromV4((uint)i), i)),
    };

    private static DeviceRecord Device(int number, int length) => new()
    {
        Id = Text(17, number),
        FirstSeenNs = 1,
        LastSeenNs = 2,
        DhcpName = Text(length, number),
        DhcpVendorClass = Text(length, number),
        MdnsName = Text(length, number),
        DhcpParameters = new int[length],
        Addresses = new IpAddress[length / 8],
    };

    private static void AssertWeighs<T>(Func<int, int, T> make, int size, Func<T, int> weightOf)
    {
        T[] records = new T[Records];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < records.Length; i++)
            records[i] = make(i, size);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        long weight = records.Sum(record => (long)weightOf(record));
        // A record alone has no place in a list or a table, which counts as well.
        Assert.InRange(weight, allocated * 9 / 10, allocated * 15 / 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void Records_weigh_what_the_runtime_allocates_for_them(int size)
    {
        AssertWeighs(Flow, size, RecordWeight.Of);
        AssertWeighs(Lookup, size, RecordWeight.Of);
        AssertWeighs(Contact, size, RecordWeight.Of);
        AssertWeighs(Device, 8 + 8 * size, RecordWeight.Of);
    }

    [Fact]
    public void A_batch_weighs_what_is_in_it()
    {
        RecordBatch batch = new()
        {
            Flows = [Flow(1, 1)],
            Lookups = [Lookup(1, 1)],
            Contacts = [Contact(1, 1)],
            Devices = [Device(1, 8)],
            Minutes = [new MinuteRecord(0, "d", 1, 1, 1, 1)],
        };
        long alone = RecordWeight.Of(new RecordBatch());
        int records = RecordWeight.Of(batch.Flows[0]) + RecordWeight.Of(batch.Lookups[0]) + RecordWeight.Of(batch.Contacts[0])
            + RecordWeight.Of(batch.Devices[0]) + RecordWeight.OfMinute;
        Assert.Equal(alone + records, RecordWeight.Of(batch));
    }
}
