using System.Collections.Concurrent;
using PiTap.Catalogue;
using PiTap.Catalogue.Addresses;
using PiTap.Model;

namespace PiTap.Analysis.Tests.Attribution;

/// <summary>Servers that a phone talked to, some of them with addresses out of the data that PiTap carries.</summary>
internal static class Servers
{
    private static readonly ConcurrentDictionary<uint, string> s_networks = [];

    public static Lookups Lookups { get; } = Lookups.Load();

    public static ContactRecord Contact(string host, HostSource source, params string[] addresses) => new()
    {
        Device = "02:00:00:00:00:01",
        Host = host,
        HostSource = source,
        Flows = 1,
        Addresses = [.. addresses.Select(static address => new ContactAddress(Address(address), 1))],
    };

    public static FlowRecord Flow(string client, string server) => new()
    {
        Sequence = 1,
        StartNs = 1,
        EndNs = 2,
        Device = "02:00:00:00:00:01",
        Protocol = 6,
        Client = Address(client),
        ClientPort = 50_000,
        Server = Address(server),
        ServerPort = 443,
        PacketsUp = 1,
        PacketsDown = 1,
        BytesUp = 1,
        BytesDown = 1,
    };

    /// <summary>Some address of a system, by the data: which ones it announces changes.</summary>
    public static string NetworkAddress(uint number) =>
        s_networks.GetOrAdd(number, static number => First(facts => facts.RegisteredTo.Number == number));

    /// <summary>Some address of which that is known.</summary>
    public static string First(Predicate<AddressFacts> isSo)
    {
        for (uint block = 0x0100_0000; block < 0xe000_0000; block += 256)
        {
            IpAddress address = IpAddress.FromV4(block + 1);
            if (!address.IsLocal && isSo(Lookups.Addresses.Find(address)))
                return address.ToString();
        }
        throw new InvalidOperationException("The data have no such address.");
    }

    public static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);
}
