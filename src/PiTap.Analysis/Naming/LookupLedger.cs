using PiTap.Analysis.Flows;
using PiTap.Analysis.Inspection;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application;

namespace PiTap.Analysis.Naming;

/// <summary>
/// Notes DNS questions and the answers that the same client got (RFC 1035), and what addresses are called thereby. A question waits
/// <see cref="WaitNs"/> for its answer, then it is recorded without one.
/// </summary>
internal sealed class LookupLedger(InspectionContext context, Recorder recorder, EngineClock clock)
{
    /// <summary>How long a question waits for its answer: what a stub resolver waits before it asks again (RFC 1123 section 6.1.3.3).</summary>
    public const long WaitNs = 5 * PacketTime.NanosecondsPerSecond;
    private readonly record struct PendingKey(FlowKey Flow, ushort Id, ushort Type, string Name);

    private readonly record struct Pending(PendingKey Key, NameLookup Lookup, long AskedNs);

    private readonly Dictionary<PendingKey, Pending> _pending = [];
    private readonly Queue<Pending> _byAge = new();
    private readonly byte[] _name = new byte[DnsView.MaxNameTextBytes];
    private long _sequence;

    /// <summary>Looks at a message.</summary>
    public void Observe(Flow flow, ReadOnlySpan<byte> message, bool fromLow, long timeNs, AppProtocol app)
    {
        long nowNs = clock.NowNs;
        Expire(nowNs);
        if (DnsView.Parse(message, out DnsView dns) != ParseStatus.Ok)
            return;
        flow.Facts.AddApp(app);
        if (app == AppProtocol.Dns)
            flow.SetClient(dns.IsResponse ? !fromLow : fromLow);
        if (app == AppProtocol.Mdns && dns.IsResponse)
        {
            ObserveAnnouncement(flow, dns, fromLow);
            return;
        }
        NameAnswer[] answers = dns.IsResponse ? ReadAnswers(dns) : [];
        int index = 0;
        foreach (DnsQuestion question in dns.Questions)
        {
            if (index++ >= Limits.DnsQuestions)
                break;
            if (!dns.TryWriteName(question.NameOffset, _name, out int length))
                break;
            string name = context.Strings.Get(_name.AsSpan(0, length));
            if (!context.Ignored.IsEmpty && context.Ignored.Contains(name.ToLowerInvariant()))
            {
                context.Losses.Count(Losses.LookupsReduced);
                continue;
            }
            var key = new PendingKey(flow.Key, dns.Id, question.Type, name);
            if (dns.IsResponse)
                Answer(flow, key, dns.ResponseCode, answers, timeNs, app);
            else
                Ask(flow, key, timeNs, nowNs, app);
        }
        if (dns.IsResponse && app == AppProtocol.Dns)
            LearnNames(flow, dns);
    }

    /// <summary>Records the questions that waited too long.</summary>
    public void Expire(long nowNs)
    {
        while (_byAge.TryPeek(out Pending oldest) && (nowNs - oldest.AskedNs > WaitNs || _byAge.Count > Limits.PendingLookups))
        {
            if (nowNs - oldest.AskedNs <= WaitNs)
                context.Losses.Count(Losses.LookupsEvicted);
            RecordOldest();
        }
    }

    /// <summary>The capture ends: what waits is recorded.</summary>
    public void Finish()
    {
        while (_byAge.Count > 0)
            RecordOldest();
    }

    private void RecordOldest()
    {
        Pending oldest = _byAge.Dequeue();
        if (_pending.TryGetValue(oldest.Key, out Pending waiting) && waiting.Lookup == oldest.Lookup)
        {
            _pending.Remove(oldest.Key);
            recorder.RecordLookup(oldest.Lookup);
        }
    }

    private void Ask(Flow flow, PendingKey key, long timeNs, long nowNs, AppProtocol app)
    {
        NameLookup lookup = NewLookup(flow, key, timeNs, app);
        if (app != AppProtocol.Dns)
        {
            // Multicast answers go to everybody and repeat no question: nothing to wait for.
            recorder.RecordLookup(lookup);
            return;
        }
        // The same question again while the first waits: the client repeats itself.
        if (_pending.ContainsKey(key))
            return;
        var pending = new Pending(key, lookup, nowNs);
        _pending.Add(key, pending);
        _byAge.Enqueue(pending);
    }

    private void Answer(Flow flow, PendingKey key, int responseCode, NameAnswer[] answers, long timeNs, AppProtocol app)
    {
        NameLookup lookup = _pending.Remove(key, out Pending pending) ? pending.Lookup : NewLookup(flow, key, timeNs, app);
        recorder.RecordLookup(lookup with { ResponseCode = responseCode, Answers = answers });
    }

    private NameLookup NewLookup(Flow flow, in PendingKey key, long timeNs, AppProtocol app)
    {
        // A look-up inside a tunnel stands under the flow that was seen, the tunnel's.
        Flow seen = flow.Tunnel ?? flow;
        return new NameLookup
        {
            Sequence = ++_sequence,
            TimeNs = timeNs,
            Device = seen.Device.Id,
            App = app,
            Protocol = seen.Key.Protocol,
            Client = seen.Client,
            ClientPort = seen.ClientPort,
            Server = seen.Server,
            ServerPort = seen.ServerPort,
            Name = key.Name,
            Type = key.Type,
        };
    }

    private NameAnswer[] ReadAnswers(DnsView dns)
    {
        List<NameAnswer>? answers = null;
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
                break;
            string? value = record.Type switch
            {
                DnsRecord.TypeA or DnsRecord.TypeAaaa => record.TryReadAddress(out IpAddress address) ? address.ToString() : null,
                DnsRecord.TypeCname => dns.TryWriteName(record.TargetOffset, _name, out int length) ? context.Strings.Get(_name.AsSpan(0, length)) : null,
                _ => null,
            };
            if (value is null || !dns.TryWriteName(record.NameOffset, _name, out int ownerLength))
                continue;
            (answers ??= []).Add(new NameAnswer(context.Strings.Get(_name.AsSpan(0, ownerLength)), record.Type, value, record.TimeToLiveSeconds, record.Section));
        }
        return answers is null ? [] : [.. answers];
    }

    /// <summary>What this very client will call the addresses of the answer: the name it asked for, with the aliases between.</summary>
    private void LearnNames(Flow flow, DnsView dns)
    {
        string? host = null;
        foreach (DnsQuestion question in dns.Questions)
        {
            if (dns.TryWriteName(question.NameOffset, _name, out int length))
                host = context.Strings.GetHost(_name.AsSpan(0, length));
            break;
        }
        if (string.IsNullOrEmpty(host))
            return;
        List<string>? aliases = null;
        AddressName? name = null;
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords || record.Section != DnsSection.Answer)
                break;
            if (record.Type == DnsRecord.TypeCname && dns.TryWriteName(record.TargetOffset, _name, out int length))
            {
                (aliases ??= []).Add(context.Strings.GetHost(_name.AsSpan(0, length)));
                name = null;
            }
            else if (record.Type is DnsRecord.TypeA or DnsRecord.TypeAaaa && record.TryReadAddress(out IpAddress address))
            {
                name ??= new AddressName(host, aliases is null ? [] : [.. aliases]);
                context.Names.AddAnswer(flow.Device, address, name);
            }
            else if (record.Type == DnsRecord.TypeHttps)
                LearnPublicNames(record);
        }
    }

    private void LearnPublicNames(in DnsRecord record)
    {
        foreach (ReadOnlySpan<byte> publicName in record.EchPublicNames)
            context.Ech.Learn(publicName);
    }

    /// <summary>RFC 6762 section 8.3: a host announces its own name and addresses; one of them is the sender's.</summary>
    private void ObserveAnnouncement(Flow flow, DnsView dns, bool fromLow)
    {
        IpAddress sender = fromLow ? flow.Key.Low : flow.Key.High;
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
                break;
            if (record.Type is not (DnsRecord.TypeA or DnsRecord.TypeAaaa) || !record.TryReadAddress(out IpAddress address) || !dns.TryWriteName(record.NameOffset, _name, out int length))
                continue;
            string host = context.Strings.GetHost(_name.AsSpan(0, length));
            if (host.Length == 0)
                continue;
            context.Names.AddAnnouncement(address, new AddressName(host, []));
            if (address == sender)
                flow.Device.SetMdnsName(host.EndsWith(".local", StringComparison.Ordinal) ? host[..^".local".Length] : host);
        }
    }
}
