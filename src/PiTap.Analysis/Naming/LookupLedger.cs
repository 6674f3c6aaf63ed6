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

    private readonly Dictionary<QuestionKey, Question> _pending = new(QuestionKey.Comparer);
    private readonly Queue<Question> _byAge = new();
    private readonly Stack<Question> _spare = new();
    private readonly SeededHash _hash = SeededHash.Create();
    private readonly byte[] _name = new byte[DnsView.MaxNameTextBytes];
    private readonly Question _unasked = new();
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
            ulong hash = _hash.Of(flow.Key.Hash(_hash), _hash.Of(_name.AsSpan(0, length)), (ulong)dns.Id << 16 | question.Type);
            var key = new QuestionKey(flow.Key, dns.Id, question.Type, name, hash);
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
        while (_byAge.TryPeek(out Question? oldest) && (nowNs - oldest.AskedNs > WaitNs || _byAge.Count > Limits.PendingLookups))
        {
            if (nowNs - oldest.AskedNs <= WaitNs && oldest.IsWaiting)
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
        Question oldest = _byAge.Dequeue();
        if (oldest.IsWaiting)
        {
            _pending.Remove(oldest.Key);
            recorder.RecordLookup(oldest.ToRecord(null, []));
        }
        oldest.IsWaiting = false;
        _spare.Push(oldest);
    }

    private void Ask(Flow flow, in QuestionKey key, long timeNs, long nowNs, AppProtocol app)
    {
        if (app != AppProtocol.Dns)
        {
            // Multicast answers go to everybody and repeat no question: nothing to wait for.
            recorder.RecordLookup(Take(flow, key, timeNs, app).ToRecord(null, []));
            return;
        }
        // The same question again while the first waits: the client repeats itself.
        if (_pending.ContainsKey(key))
            return;
        Question question = _spare.TryPop(out Question? spare) ? spare : new Question();
        question.Ask(key, flow, ++_sequence, timeNs, app, nowNs);
        question.IsWaiting = true;
        _pending.Add(key, question);
        _byAge.Enqueue(question);
    }

    private void Answer(Flow flow, in QuestionKey key, int responseCode, NameAnswer[] answers, long timeNs, AppProtocol app)
    {
        if (_pending.Remove(key, out Question? question))
            question.IsWaiting = false;
        else
            question = Take(flow, key, timeNs, app);
        recorder.RecordLookup(question.ToRecord(responseCode, answers));
    }

    /// <summary>A question that does not wait: it is recorded at once, so that one object serves for all of them.</summary>
    private Question Take(Flow flow, in QuestionKey key, long timeNs, AppProtocol app)
    {
        _unasked.Ask(key, flow, ++_sequence, timeNs, app, clock.NowNs);
        return _unasked;
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
                DnsRecord.TypeA or DnsRecord.TypeAaaa => record.TryReadAddress(out IpAddress address) ? AddressText(address) : null,
                DnsRecord.TypeCname => dns.TryWriteName(record.TargetOffset, _name, out int length) ? context.Strings.Get(_name.AsSpan(0, length)) : null,
                _ => null,
            };
            if (value is null || !dns.TryWriteName(record.NameOffset, _name, out int ownerLength))
                continue;
            (answers ??= []).Add(new NameAnswer(context.Strings.Get(_name.AsSpan(0, ownerLength)), record.Type, value, record.TimeToLiveSeconds, record.Section));
        }
        return answers is null ? [] : [.. answers];
    }

    private string AddressText(IpAddress address)
    {
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength];
        return context.Strings.Get(text[..address.Format(text)]);
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
