using System.Text;
using PiTap.Model;
using PiTap.Store.Tests.Kit;
using PiTap.TestKit;

namespace PiTap.Store.Tests.Forgetting;

/// <summary>The look into a store's bytes that other tests rely on sees what is there.</summary>
public sealed class StoreBytesTests
{
    private const int Flows = 3_000;

    [Fact]
    public void What_is_compressed_is_seen_also_where_it_goes_on_over_many_pages()
    {
        Random random = new(1);
        string[] hosts = [.. Enumerable.Range(0, Flows).Select(_ => random.GetHexString(40, lowercase: true))];
        using TempFolder folder = new();
        using (RecordStore store = folder.Open())
        {
            store.BeginRun("replay", "1");
            store.Write(new RecordBatch { Flows = [.. hosts.Select(static (host, i) => Samples.Flow(i + 1) with { Host = host })] });
            store.CompleteRun();
        }
        byte[] file = StoreBytes.Read(folder.Store);
        // They are nowhere else.
        Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(hosts[^1])));
        string[] layers = [.. StoreBytes.Layers(file).Skip(1).Select(Encoding.Latin1.GetString)];
        Assert.All(hosts, host => Assert.Contains(layers, layer => layer.Contains(host, StringComparison.Ordinal)));
    }
}
