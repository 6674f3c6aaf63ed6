namespace PiTap.Model.Tests;

/// <summary>Addresses come from strangers: they must not be able to make them fall into one bucket.</summary>
public sealed class HashTests
{
    private const int Count = 1_000;

    [Fact]
    public void Addresses_whose_halves_differ_in_the_same_bits_hash_apart()
    {
        IEnumerable<int> hosts = Enumerable.Range(0, Count)
            .Select(static i => new IpAddress(0x2001_0db8_0000_0000, (ulong)i << 32 | (uint)i).GetHashCode());
        IEnumerable<int> networks = Enumerable.Range(0, Count).Select(static i => new IpAddress((ulong)i << 32 | (uint)i, 1).GetHashCode());
        IEnumerable<int> macs = Enumerable.Range(0, Count).Select(static i => new MacAddress((ulong)i << 32 | (uint)i).GetHashCode());
        Assert.All(new[] { hosts, networks, macs }, static hashes => Assert.True(hashes.Distinct().Count() > Count * 9 / 10));
    }
}
