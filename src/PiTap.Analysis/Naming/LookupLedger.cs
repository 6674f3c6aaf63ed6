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

    /// <summary>Which question an answer is for; the name in lower case, since a server need not repeat the question's case (RFC 4343).</summary>
    private readonly record struct PendingKey(FlowKey Flow, ushort Id, ushort Type, string Host)
    {
        // The generated one is no secret: questions could be made that fall into one bucket.
        public override int GetHashCode() => HashCode.Combine(Flow.Low, Flow.High, Flow.LowPort, Flow.HighPort, Id, Type, Host);
    }

    private readonly record struct Pending(PendingKey Key, NameLookup Lookup, long AskedNs, bool IsIgnored);

    private const string LocalSuffix = ".local";

    private readonly Dictionary<PendingKey, Pending> _pending = [];
    private readonly Queue<Pending> _byAge = new();
    private readonly byte[] _name = new byte[DnsView.MaxNameTextBytes];
    private long _sequence;

    /// <summary>Looks at a message.</summary>
    public void Observe(Flow flow, ReadOnlySpan<byte> message, bool fromLow, long timeNs, AppProtocol app)
    {
        long nowNs = clock.NowNs;
        Expire(nowNs);
        // Not everything on the port is what the port is for.
        if (DnsView.Parse(message, out DnsView dns) != ParseStatus.Ok || !dns.IsPlausible)
            return;
        flow.Facts.AddApp(app);
        if (app == AppProtocol.Dns)
            flow.SetClient(dns.IsResponse ? !fromLow : fromLow);
        if (app == AppProtocol.Mdns && dns.IsResponse)
        {
            ObserveAnnouncement(flow, dns, fromLow, timeNs);
            return;
        }
        NameAnswer[] answers = dns.IsResponse ? ReadAnswers(dns) : [];
        int index = 0;
        string? asked = null;
        foreach (DnsQuestion question in dns.Questions)
        {
            if (index++ >= Limits.DnsQuestions)
                break;
            if (!dns.TryWriteName(question.NameOffset, _name, out int length))
                break;
            string name = context.Strings.Get(_name.AsSpan(0, length));
            var key = new PendingKey(flow.Key, dns.Id, question.Type, context.Strings.GetHost(_name.AsSpan(0, length)));
            bool isIgnored = context.Ignored.Contains(key.Host);
            if (isIgnored)
                context.Losses.Count(Losses.LookupsReduced);
            if (!dns.IsResponse)
                Ask(flow, key, name, timeNs, nowNs, app, isIgnored);
            else if (Answer(flow, key, name, dns.ResponseCode, answers, timeNs, app, isIgnored) && index == 1)
                asked = key.Host;
        }
        // An answer that nobody asked for, or that the client sends itself, is believed by nobody.
        if (asked is not null && flow.ClientIsLow != fromLow && flow.ClientIsLow == flow.DeviceIsLow && flow.Device.Id.Length > 0)
        {
            LearnNames(flow, asked, answers);
            LearnPublicNames(dns);
        }
    }

    /// <summary>Records the questions that waited too long.</summary>
    public void Expire(long nowNs)
    {
        while (_byAge.TryPeek(out Pending oldest) && (nowNs - oldest.AskedNs > WaitNs || _byAge.Count > Limits.PendingLookups))
        {
            if (RecordOldest() && nowNs - oldest.AskedNs <= WaitNs)
                context.Losses.Count(Losses.LookupsEvicted);
        }
    }

    /// <summary>The capture ends: what waits is recorded.</summary>
    public void Finish()
    {
        while (_byAge.Count > 0)
            RecordOldest();
    }

    /// <summary>False where the oldest was answered by now.</summary>
    private bool RecordOldest()
    {
        Pending oldest = _byAge.Dequeue();
        if (!_pending.TryGetValue(oldest.Key, out Pending waiting) || waiting.Lookup != oldest.Lookup)
            return false;
        _pending.Remove(oldest.Key);
        if (!oldest.IsIgnored)
            recorder.RecordLookup(oldest.Lookup);
        return true;
    }

    private void Ask(Flow flow, PendingKey key, string name, long timeNs, long nowNs, AppProtocol app, bool isIgnored)
    {
        if (app != AppProtocol.Dns)
        {
            // Multicast answers go to everybody and repeat no question: nothing to wait for.
            if (!isIgnored)
                recorder.RecordLookup(NewLookup(flow, key, name, timeNs, app));
            return;
        }
        // The same question again while the first waits: the client repeats itself.
        if (_pending.ContainsKey(key))
            return;
        var pending = new Pending(key, NewLookup(flow, key, name, timeNs, app), nowNs, isIgnored);
        _pending.Add(key, pending);
        _byAge.Enqueue(pending);
    }

    /// <summary>True where the question was waiting for it.</summary>
    private bool Answer(Flow flow, PendingKey key, string name, int responseCode, NameAnswer[] answers, long timeNs, AppProtocol app, bool isIgnored)
    {
        bool isAwaited = _pending.Remove(key, out Pending pending);
        if (!isIgnored)
        {
            NameLookup lookup = isAwaited ? pending.Lookup : NewLookup(flow, key, name, timeNs, app);
            recorder.RecordLookup(lookup with { ResponseCode = responseCode, Answers = answers });
        }
        return isAwaited;
    }

    private NameLookup NewLookup(Flow flow, in PendingKey key, string name, long timeNs, AppProtocol app)
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
            Name = name,
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

    /// <summary>
    /// What this very client will call the addresses of the answer: the name it asked for, with the aliases between (RFC 1034 section 3.6.2). Records of
    /// other owners may stand there too; they are not about the question.
    /// </summary>
    private void LearnNames(Flow flow, string host, NameAnswer[] answers)
    {
        // Aliases may stand in any order, and lead in a circle.
        List<string> chain = [host];
        while (NextAlias(chain[^1], answers) is string alias && chain.Count <= Limits.Aliases && !chain.Contains(alias))
            chain.Add(alias);
        AddressName? name = null;
        foreach (NameAnswer answer in answers)
        {
            if (answer.Section != DnsSection.Answer || answer.Type == DnsRecord.TypeCname || !IpAddress.TryParse(answer.Value, out IpAddress address))
                continue;
            int place = chain.FindIndex(owner => owner.Equals(answer.Name, StringComparison.OrdinalIgnoreCase));
            if (place < 0)
                continue;
            if (name is null || name.Aliases.Count != place)
                name = new AddressName(host, [.. chain[1..(place + 1)]]);
            context.Names.AddAnswer(flow, address, name, answer.TimeToLiveSeconds);
        }
    }

    private static string? NextAlias(string name, NameAnswer[] answers)
    {
        foreach (NameAnswer answer in answers)
        {
            if (answer.Section == DnsSection.Answer && answer.Type == DnsRecord.TypeCname && answer.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return answer.Value.ToLowerInvariant();
        }
        return null;
    }

    private void LearnPublicNames(DnsView dns)
    {
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords || record.Section != DnsSection.Answer)
                break;
            if (record.Type == DnsRecord.TypeHttps)
                LearnPublicNames(record);
        }
    }

    private void LearnPublicNames(in DnsRecord record)
    {
        foreach (ReadOnlySpan<byte> publicName in record.EchPublicNames)
            context.Ech.Learn(publicName);
    }

    /// <summary>
    /// RFC 6762 section 8.3: a host announces its own name and addresses; one of them is the sender's. Only the link is believed (section 11), and only
    /// names that belong to it (section 3).
    /// </summary>
    private void ObserveAnnouncement(Flow flow, DnsView dns, bool fromLow, long timeNs)
    {
        (IpAddress sender, IpAddress receiver) = fromLow ? (flow.Key.Low, flow.Key.High) : (flow.Key.High, flow.Key.Low);
        if (!sender.IsLocal && !receiver.IsMulticast)
            return;
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
                break;
            if (record.Type is not (DnsRecord.TypeA or DnsRecord.TypeAaaa) || !record.TryReadAddress(out IpAddress address) || !dns.TryWriteName(record.NameOffset, _name, out int length))
                continue;
            string host = context.Strings.GetHost(_name.AsSpan(0, length));
            if (!host.EndsWith(LocalSuffix, StringComparison.Ordinal))
                continue;
            context.Names.AddAnnouncement(address, new AddressName(host, []), record.TimeToLiveSeconds);
            if (address == sender && flow.DeviceIsLow == fromLow && flow.Tunnel is null)
                context.DeviceOfSender(flow, sender, timeNs).SetMdnsName(host[..^LocalSuffix.Length]);
        }
    }
}
