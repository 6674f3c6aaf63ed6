using BenchmarkDotNet.Attributes;
using PiTap.Analysis;
using PiTap.Model;
using PiTap.Store;
using PiTap.TestKit;

namespace PiTap.Benchmarks;

/// <summary>A full block of flows into a store, and out of it.</summary>
public class StoreBenchmarks
{
    private const int Flows = 4_096;

    private readonly string _folder = Directory.CreateTempSubdirectory("pitap-benchmark-").FullName;
    private RecordBatch _batch = new();
    private RecordStore? _store;

    [GlobalSetup]
    public void Open()
    {
        List<TimedPacket> browsing = Recorded.Packets("browse.pcapng");
        List<FlowRecord> flows = [];
        while (flows.Count < Flows)
        {
            Pipeline one = new(new AnalysisOptions());
            one.AddSource("benchmark");
            foreach (TimedPacket packet in browsing)
            {
                byte[] data = packet.Data;
                one.Process(
                    new CapturedPacket { TimeNs = packet.TimeNs, Link = packet.Link, OriginalLength = data.Length, Data = data }, 0);
            }
            int before = flows.Count;
            flows.AddRange(one.Finish().Flows.Select((flow, i) => flow with { Sequence = before + i + 1 }));
        }
        _batch = new RecordBatch { Flows = flows[..Flows] };
        _store = RecordStore.Open(new StoreOptions { Path = Path.Combine(_folder, "read.db") }, TimeProvider.System);
        Write(_store);
    }

    [GlobalCleanup]
    public void Close()
    {
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public void WriteFlow()
    {
        string path = Path.Combine(_folder, "write.db");
        using (RecordStore store = RecordStore.Open(new StoreOptions { Path = path }, TimeProvider.System))
            Write(store);
        foreach (string file in Directory.EnumerateFiles(_folder, "write*"))
            File.Delete(file);
    }

    [Benchmark(OperationsPerInvoke = Flows)]
    public long ReadFlow()
    {
        using IStoreReader reader = _store!.CreateReader();
        return reader.Flows(StoreQuery.All).Sum(static flow => flow.BytesUp);
    }

    private void Write(RecordStore store)
    {
        store.BeginRun("replay", "benchmark");
        store.Write(_batch);
        store.CompleteRun();
    }
}
