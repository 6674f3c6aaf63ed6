using System.Text;
using PiTap.Model;
using PiTap.Store;
using PiTap.TestKit;

namespace PiTap.Host.Tests.Commands;

public sealed class ForgetTests : IDisposable
{
    private const string Phone = "02:00:00:00:00:01";
    private const string Host = "secret-of-the-phone.example";

    private readonly TestFolder _folder = new();

    private string Db => _folder.File("pitap.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_of_a_forgotten_device_is_left_in_the_bytes_of_the_store()
    {
        Replay();
        Assert.True(IsInFiles(Phone));
        Assert.True(IsInFiles(Host));
        using TestSurface test = new();
        Assert.Equal(0, test.Run("forget", "02-00-00-00-00-01", "--db", Db));
        Assert.Equal("", test.Error);
        Assert.Matches($"^{Phone} is forgotten: 2 flows, 0 name lookups, 1 contacts and 1 minute totals were removed\\.", test.Output);
        Assert.False(IsInFiles(Phone));
        Assert.False(IsInFiles(Host));
        using TestSurface flows = new();
        Assert.Equal(0, flows.Run("flows", "--format", "jsonl", "--db", Db));
        Assert.Equal("", flows.Output);
    }

    [Theory]
    [InlineData("02:00:00:00:00:99")]
    [InlineData("nobody's phone")]
    public void A_device_that_is_not_there_is_told_and_changes_nothing(string device)
    {
        Replay();
        using TestSurface test = new();
        Assert.Equal(1, test.Run("forget", device, "--db", Db));
        Assert.Equal($"pitap: There is no device '{device}' in {Db}; see 'pitap devices'.\n", test.Error);
        Assert.True(IsInFiles(Phone));
    }

    [Fact]
    public void Without_a_store_there_is_a_sentence_and_no_store_afterwards()
    {
        using TestSurface test = new();
        Assert.Equal(1, test.Run("forget", Phone, "--db", Db));
        Assert.Contains($"There is no store at {Db}", test.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Db));
    }

    [Fact]
    public void A_name_that_two_devices_have_is_told_with_their_identifiers_and_neither_is_forgotten()
    {
        const string other = "02:00:00:00:00:02";
        using (RecordStore store = RecordStore.Open(new StoreOptions { Path = Db }, TimeProvider.System))
        {
            store.BeginRun("replay", "1");
            DeviceRecord phone = new() { Id = Phone, DhcpName = "laptop", FirstSeenNs = 1, LastSeenNs = 2 };
            DeviceRecord another = new() { Id = "02:00:00:00:00:03", DhcpName = "tv", FirstSeenNs = 1, LastSeenNs = 2 };
            store.Write(new RecordBatch { Devices = [phone, phone with { Id = other, FirstSeenNs = 2 }, another] });
            store.CompleteRun();
        }
        using TestSurface test = new();
        Assert.Equal(2, test.Run("forget", "Laptop", "--db", Db));
        Assert.Equal($"pitap: 2 devices are called 'Laptop': name one of them by its identifier: {Phone}, {other}.\n", test.Error);
        Assert.Equal("", test.Output);
        Assert.True(IsInFiles(Phone) && IsInFiles(other));
        using TestSurface one = new();
        Assert.Equal(1, one.Run("forget", "tablet", "--db", Db));
    }

    [Fact]
    public void A_name_that_two_devices_have_may_be_told_as_tables_show_it()
    {
        const string other = "02:00:00:00:00:02";
        Store(Device(Phone) with { DhcpName = "laptop" }, Device(other) with { DhcpName = "laptop" });
        using TestSurface table = new();
        Assert.Equal(0, table.Run("devices", "--db", Db));
        Assert.Contains("laptop (00:02)", table.Output, StringComparison.Ordinal);
        using TestSurface test = new();
        Assert.Equal(0, test.Run("forget", "Laptop (00:02)", "--db", Db));
        Assert.StartsWith($"{other} is forgotten", test.Output, StringComparison.Ordinal);
        Assert.True(IsInFiles(Phone));
        Assert.False(IsInFiles(other));
    }

    [Fact]
    public void A_device_that_calls_itself_what_tables_call_another_one_is_not_forgotten_for_it()
    {
        const string other = "02:00:00:00:00:02", third = "02:00:00:00:00:03";
        Store(Device(Phone) with { DhcpName = "laptop" }, Device(other) with { DhcpName = "laptop" },
            Device(third) with { DhcpName = "laptop (00:02)" });
        using TestSurface test = new();
        Assert.Equal(2, test.Run("forget", "laptop (00:02)", "--db", Db));
        Assert.Contains($"{other}, {third}", test.Error, StringComparison.Ordinal);
        Assert.True(IsInFiles(other) && IsInFiles(third));
    }

    [Theory]
    [InlineData("(other devices)")]
    [InlineData("(Other Devices)")]
    [InlineData("02:00:00:00:00:99")]
    public void A_device_that_calls_itself_what_is_not_its_own_is_not_forgotten_by_that(string name)
    {
        Store(Device(Phone) with { DhcpName = name, MdnsName = name, NetBiosName = name });
        using TestSurface test = new();
        Assert.Equal(1, test.Run("forget", name, "--db", Db));
        Assert.True(IsInFiles(Phone));
        using TestSurface own = new();
        Assert.Equal(0, own.Run("forget", Phone, "--db", Db));
        Assert.False(IsInFiles(Phone));
    }

    [Fact]
    public void What_stands_for_many_devices_is_forgotten_and_a_device_that_calls_itself_so_stays()
    {
        Store(Device(Phone) with { DhcpName = DeviceRecord.OtherDevices }, Device(DeviceRecord.OtherDevices));
        using TestSurface test = new();
        Assert.Equal(0, test.Run("forget", DeviceRecord.OtherDevices, "--db", Db));
        using TestSurface devices = new();
        Assert.Equal(0, devices.Run("devices", "--format", "jsonl", "--db", Db));
        Assert.Contains($"\"device\":\"{Phone}\",\"name\":\"{Phone}\"", devices.Output, StringComparison.Ordinal);
        Assert.Single(devices.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_device_must_be_named()
    {
        using TestSurface test = new();
        Assert.Equal(2, test.Run("forget", "--db", Db));
        using TestSurface empty = new();
        Assert.Equal(2, empty.Run("forget", "", "--db", Db));
    }

    private static DeviceRecord Device(string id) => new() { Id = id, FirstSeenNs = 1, LastSeenNs = 2 };

    private void Store(params DeviceRecord[] devices)
    {
        using RecordStore store = RecordStore.Open(new StoreOptions { Path = Db }, TimeProvider.System);
        store.BeginRun("replay", "1");
        store.Write(new RecordBatch { Devices = devices });
        store.CompleteRun();
    }

    private void Replay()
    {
        SampleCapture.Write(_folder.File("a.pcapng"), flows: 2, host: Host);
        using TestSurface replay = new();
        Assert.Equal(0, replay.Run("replay", "--db", Db, _folder.File("a.pcapng")));
        File.Delete(_folder.File("a.pcapng"));
    }

    private bool IsInFiles(string text) =>
        Directory.EnumerateFiles(_folder.Path).Any(file => StoreBytes.Hold(File.ReadAllBytes(file), Encoding.UTF8.GetBytes(text)));
}
