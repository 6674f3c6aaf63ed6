using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;

namespace PiTap.Fuzz.Targets;

/// <summary>A fault on purpose, a bit away from its seed: a run that misses it would miss others too.</summary>
internal sealed class CanaryTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (DnsView.Parse(data, out DnsView dns) != ParseStatus.Ok)
            return;
        foreach (DnsQuestion question in dns.Questions)
            Property.Holds(!dns.IsResponse || question.Type != DnsRecord.TypeA, "the canary sings");
    }

    public static IEnumerable<byte[]> Seeds() => [new DnsBytes(DnsBytes.Query).Question("a.test", DnsRecord.TypeA).ToArray()];
}
