using BenchmarkDotNet.Attributes;
using PiTap.Analysis;
using PiTap.Analysis.Attribution;
using PiTap.Catalogue;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Benchmarks;

/// <summary>
/// Who is who: of the contacts of a replay, per packet of it (compare with <c>BrowsingPacket</c>), of one contact, and loading the data.
/// </summary>
public class AttributionBenchmarks
{
    private static readonly ContactRecord s_contact = new()
    {
        Device = "02:00:00:00:00:01",
        Host = "qos-america.agoralab.co",
        HostSource = HostSource.TlsSni,
        Flows = 1,
        Addresses = [new ContactAddress(IpAddress.FromV4(0x0808_0808), 1)],
    };

    private readonly List<TimedPacket> _browsing = Recorded.Packets("browse.pcapng");
    private readonly Attributor _attributor = new(Lookups.Load());

    [Benchmark(OperationsPerInvoke = 193)]
    public int BrowsingPacketAttributed()
    {
        Pipeline pipeline = new(new AnalysisOptions());
        pipeline.AddSource("benchmark");
        foreach (TimedPacket packet in _browsing)
        {
            pipeline.Process(
                new CapturedPacket { TimeNs = packet.TimeNs, Link = packet.Link, OriginalLength = packet.Data.Length, Data = packet.Data },
                0);
        }
        return PartyRollup.Of(pipeline.Finish().Contacts.Select(_attributor.Attribute)).Count();
    }

    [Benchmark]
    public ContactRecord Contact() => _attributor.Attribute(s_contact);

    [Benchmark]
    public Lookups Load() => Lookups.Load();
}
