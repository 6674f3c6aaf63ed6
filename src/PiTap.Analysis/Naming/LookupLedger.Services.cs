using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;

namespace PiTap.Analysis.Naming;

/// <content>SVCB and HTTPS records (RFC 9460): where a service is, with addresses that a client may use at once.</content>
internal sealed partial class LookupLedger
{
    private readonly byte[] _service = new byte[SvcbText.MaxBytes];
    private readonly List<string> _targets = [];

    private string? ServiceText(in DnsView dns, in DnsRecord record) =>
        SvcbText.TryWrite(dns, record, _service, out int length) ? tables.Strings.Get(_service.AsSpan(0, length)) : null;

    /// <summary>
    /// What this very client will call the addresses that its question for a service was answered with: hints (section 7.3), and what the
    /// resolver adds of the target's addresses (section 4.2). To be called behind <see cref="LearnNames"/>, which finds the aliases.
    /// </summary>
    private void LearnServices(Flow flow, string asked, in DnsView dns)
    {
        string host = WithoutService(asked);
        _targets.Clear();
        int count = 0;
        int hints = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
                break;
            if (record.Type is DnsRecord.TypeSvcb or DnsRecord.TypeHttps && record.Section == DnsSection.Answer)
                LearnService(flow, host, dns, record, ref hints);
            else if (_targets.Count > 0 && record.Section == DnsSection.Additional && record.TryReadAddress(out IpAddress address)
                && NameAt(dns, record.NameOffset)?.ToLowerInvariant() is string owner && _targets.Contains(owner))
                tables.Addresses.AddAnswer(flow, address, new AddressName(host, [owner]), record.TimeToLiveSeconds);
        }
        work.Charge(flow.Sender, isSent: true, hints);
    }

    private void LearnService(Flow flow, string host, in DnsView dns, in DnsRecord record, ref int hints)
    {
        int place = NameAt(dns, record.NameOffset) is string owner ? PlaceInChain(owner) : -1;
        if (place < 0 || SvcbView.Parse(record.Data, out SvcbView service) != ParseStatus.Ok)
            return;
        List<string> aliases = _chain[1..(place + 1)];
        if (NameAt(dns, record.TargetOffset) is { Length: > 0 } target)
        {
            target = target.ToLowerInvariant();
            _targets.Add(target);
            if (target != host)
                aliases.Add(target);
        }
        AddressName name = new(host, aliases);
        foreach (SvcParameter parameter in service.Parameters)
        {
            int bytes = parameter.Key switch { SvcbView.KeyIpv4Hint => 4, SvcbView.KeyIpv6Hint => 16, _ => 0 };
            ReadOnlySpan<byte> rest = bytes > 0 ? parameter.Value : default;
            for (; rest.Length >= bytes && !rest.IsEmpty && hints < Limits.DnsRecords; rest = rest[bytes..], hints++)
            {
                IpAddress address = bytes == 4 ? IpAddress.ReadV4(rest) : IpAddress.ReadV6(rest);
                tables.Addresses.AddAnswer(flow, address, name, record.TimeToLiveSeconds);
            }
        }
    }

    /// <summary>The name behind a port and a scheme (section 2.3): <c>_8443._https.example.com</c>.</summary>
    private static string WithoutService(string asked)
    {
        while (asked.StartsWith('_') && asked.IndexOf('.') is > 0 and int dot)
            asked = asked[(dot + 1)..];
        return asked;
    }
}
