using System.Runtime.InteropServices;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Inspection;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;

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

    // Used again from message to message: the addresses of the answers at hand, none for an alias, and the names that lead to them.
    private readonly List<IpAddress> _addresses = [];
    private readonly List<string> _chain = [];
    private long _sequence;

    /// <summary>Looks at a message.</summary>
    public void Observe(Flow flow, ReadOnlySpan<byte> message, bool fromLow, long timeNs, AppProtocol app)
    {
        long nowNs = clock.NowNs;
        Expire(nowNs);
        // Not everything on the port is what the port is for.
        if (DnsView.Parse(message, out DnsView dns) != ParseStatus.Ok || !dns.IsPlausible)
            return;
        flow.Facts.AddAppProto(app);
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
            QuestionKey key = Key(flow, dns.Id, question.Type, context.Strings.GetHost(_name.AsSpan(0, length)));
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
            LearnPublicNames(flow.Device, dns);
        }
    }

    /// <summary>Records the questions that waited too long.</summary>
    public void Expire(long nowNs)
    {
        while (_byAge.TryPeek(out Question? oldest) && (nowNs - oldest.AskedNs > WaitNs || _byAge.Count > Limits.PendingLookups))
        {
            if (oldest.IsWaiting && nowNs - oldest.AskedNs <= WaitNs)
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

    /// <summary>Forgets the questions of a device that wait for their answers.</summary>
    public void Forget(string device)
    {
        int count = _byAge.Count;
        for (int i = 0; i < count; i++)
        {
            Question question = _byAge.Dequeue();
            if (question.Device != device)
                _byAge.Enqueue(question);
            else if (question.IsWaiting)
                _pending.Remove(question.Key);
        }
    }

    private void RecordOldest()
    {
        Question oldest = _byAge.Dequeue();
        if (oldest.IsWaiting)
        {
            _pending.Remove(oldest.Key);
            if (!oldest.IsIgnored)
                recorder.RecordLookup(oldest.ToRecord(null, []));
        }
        oldest.IsWaiting = false;
        _spare.Push(oldest);
    }

    private QuestionKey Key(Flow flow, ushort id, ushort type, string host)
    {
        ulong hash = _hash.Of(flow.Key.Hash(_hash), _hash.Of(MemoryMarshal.AsBytes(host.AsSpan())), (ulong)id << 16 | type);
        return new QuestionKey(flow.Key, id, type, host, hash);
    }

    private void Ask(Flow flow, in QuestionKey key, string name, long timeNs, long nowNs, AppProtocol app, bool isIgnored)
    {
        if (app != AppProtocol.Dns)
        {
            // Multicast answers go to everybody and repeat no question: nothing to wait for.
            if (!isIgnored)
                recorder.RecordLookup(Unasked(flow, key, name, timeNs, app).ToRecord(null, []));
            return;
        }
        // The same question again while the first waits: the client repeats itself.
        if (_pending.ContainsKey(key))
            return;
        Question question = _spare.TryPop(out Question? spare) ? spare : new Question();
        question.Ask(key, flow, name, ++_sequence, timeNs, app, nowNs);
        question.IsWaiting = true;
        question.IsIgnored = isIgnored;
        _pending.Add(key, question);
        _byAge.Enqueue(question);
    }

    /// <summary>True where the question was waiting for it.</summary>
    private bool Answer(Flow flow, in QuestionKey key, string name, int responseCode, NameAnswer[] answers, long timeNs, AppProtocol app, bool isIgnored)
    {
        bool isAwaited = _pending.Remove(key, out Question? question);
        if (isAwaited)
            question!.IsWaiting = false;
        if (!isIgnored)
            recorder.RecordLookup((question ?? Unasked(flow, key, name, timeNs, app)).ToRecord(responseCode, answers));
        return isAwaited;
    }

    /// <summary>A question that does not wait: it is recorded at once, so that one object serves for all of them.</summary>
    private Question Unasked(Flow flow, in QuestionKey key, string name, long timeNs, AppProtocol app)
    {
        _unasked.Ask(key, flow, name, ++_sequence, timeNs, app, clock.NowNs);
        return _unasked;
    }

    private NameAnswer[] ReadAnswers(DnsView dns)
    {
        List<NameAnswer>? answers = null;
        _addresses.Clear();
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
                break;
            IpAddress address = default;
            string? value = record.Type switch
            {
                DnsRecord.TypeA or DnsRecord.TypeAaaa => record.TryReadAddress(out address) ? AddressText(address) : null,
                DnsRecord.TypeCname => dns.TryWriteName(record.TargetOffset, _name, out int length) ? context.Strings.Get(_name.AsSpan(0, length)) : null,
                _ => null,
            };
            if (value is null || !dns.TryWriteName(record.NameOffset, _name, out int ownerLength))
                continue;
            (answers ??= []).Add(new NameAnswer(context.Strings.Get(_name.AsSpan(0, ownerLength)), record.Type, value, record.TimeToLiveSeconds, record.Section));
            _addresses.Add(address);
        }
        return answers is null ? [] : [.. answers];
    }

    private string AddressText(IpAddress address)
    {
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength];
        return context.Strings.Get(text[..address.Format(text)]);
    }

    /// <summary>
    /// What this very client will call the addresses of the answer: the name it asked for, with the aliases between (RFC 1034 section 3.6.2). Records of
    /// other owners may stand there too; they are not about the question.
    /// </summary>
    private void LearnNames(Flow flow, string host, NameAnswer[] answers)
    {
        // Aliases may stand in any order, and lead in a circle.
        _chain.Clear();
        _chain.Add(host);
        while (NextAlias(_chain[^1], answers) is string alias && _chain.Count <= Limits.Aliases && !_chain.Contains(alias))
            _chain.Add(alias);
        AddressName? name = null;
        for (int i = 0; i < answers.Length; i++)
        {
            NameAnswer answer = answers[i];
            if (answer.Section != DnsSection.Answer || answer.Type == DnsRecord.TypeCname)
                continue;
            int place = PlaceInChain(answer.Name);
            if (place < 0)
                continue;
            if (name is null || name.Aliases.Count != place)
                name = new AddressName(host, place == 0 ? [] : [.. _chain[1..(place + 1)]]);
            context.Names.AddAnswer(flow, _addresses[i], name, answer.TimeToLiveSeconds);
        }
    }

    private int PlaceInChain(string owner)
    {
        for (int i = 0; i < _chain.Count; i++)
        {
            if (_chain[i].Equals(owner, StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return -1;
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

    private void LearnPublicNames(Device device, DnsView dns)
    {
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords || record.Section != DnsSection.Answer)
                break;
            if (record.Type == DnsRecord.TypeHttps)
                LearnPublicNames(device, record);
        }
    }

    private void LearnPublicNames(Device device, in DnsRecord record)
    {
        foreach (ReadOnlySpan<byte> publicName in record.EchPublicNames)
            context.Ech.Learn(publicName, device);
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
            if (!host.EndsWith(HostNames.LocalSuffix, StringComparison.Ordinal))
                continue;
            context.Names.AddAnnouncement(address, new AddressName(host, []), record.TimeToLiveSeconds);
            if (address == sender && flow.DeviceIsLow == fromLow && flow.Tunnel is null)
                context.DeviceOfSender(flow, sender, timeNs).SetMdnsName(host[..^HostNames.LocalSuffix.Length]);
        }
    }
}
