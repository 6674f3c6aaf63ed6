using System.Runtime.InteropServices;
using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dns;

namespace PiTap.Analysis.Naming;

/// <summary>
/// Notes DNS questions and the answers that the same client got (RFC 1035), and what addresses are called by them. A question waits
/// <see cref="WaitNs"/> for its answer, then it is recorded without one.
/// </summary>
internal sealed partial class LookupLedger(
    NameTables tables, FoundLookups found, DeviceTable devices, WorkGate work, EngineClock clock, Losses losses)
{
    /// <summary>
    /// How long a question waits for its answer: what a stub resolver waits before it asks again (RFC 1123 section 6.1.3.3).
    /// </summary>
    public const long WaitNs = 5 * PacketTime.NanosecondsPerSecond;

    /// <summary>What a message costs beside its answers, as <see cref="WorkGate"/> counts.</summary>
    private const int StepsPerMessage = 5;

    // Both hold values: what is asked all the time is no object for the collector.
    private readonly Dictionary<QuestionKey, Question> _pending = new(QuestionKey.Comparer);
    private readonly FairQueue<AskedQuestion> _byAge = new();
    private readonly SeededHash _hash = SeededHash.Create();
    private readonly byte[] _name = new byte[DnsView.MaxNameTextBytes];

    // Used again from message to message: the addresses of the current answers, none for an alias, and the names that lead to them.
    private readonly List<IpAddress> _addresses = [];
    private readonly List<string> _chain = [];
    private long _sequence;

    /// <summary>Looks at a message.</summary>
    public void Observe(in PacketContext packet, ReadOnlySpan<byte> message, AppProtocol app)
    {
        Expire(clock.NowNs);
        // Not everything on the port is what the port is for.
        if (DnsView.Parse(message, out DnsView dns) != ParseStatus.Ok || !dns.IsPlausible)
            return;
        Flow flow = packet.Flow;
        bool fromLow = packet.FromLow;
        flow.Facts.AddAppProto(app);
        if (app == AppProtocol.Dns)
            flow.SetClient(dns.IsResponse ? !fromLow : fromLow);
        bool isSent = flow.IsSent(isFromClient: !dns.IsResponse);
        // Whatever others send to a device, what it asked for is read.
        if (!work.HasLeft(flow.Sender, isSent) && !IsAwaited(flow, dns))
        {
            work.CountSkipped();
            return;
        }
        if (app == AppProtocol.Mdns && dns.IsResponse)
        {
            ObserveAnnouncement(packet, dns);
            return;
        }
        NameAnswer[] answers = dns.IsResponse ? ReadAnswers(dns) : [];
        int mostQuestions = app == AppProtocol.Mdns ? Limits.MulticastQuestions : 1;
        int index = 0;
        string? asked = null;
        foreach (DnsQuestion question in dns.Questions)
        {
            if (index++ >= mostQuestions)
                break;
            if (!dns.TryWriteName(question.NameOffset, _name, out int length))
                break;
            string name = tables.Strings.Get(_name.AsSpan(0, length));
            QuestionKey key = Key(flow, dns.Id, question.Type, tables.Strings.GetHost(_name.AsSpan(0, length)));
            bool isIgnored = tables.Ignored.Contains(key.Host);
            if (isIgnored)
                losses.Count(Losses.LookupsReduced);
            if (!dns.IsResponse)
                Ask(packet, key, name, app, isIgnored);
            else if (Answer(packet, key, name, dns.ResponseCode, answers, app, isIgnored) && index == 1)
                asked = key.Host;
        }
        work.Charge(flow.Sender, isSent || asked is not null, StepsPerMessage + answers.Length);
        // An answer that nobody asked for, or that the client sends itself, is not believed.
        if (asked is not null && flow.ClientIsLow != fromLow && flow.ClientIsLow == flow.DeviceIsLow && flow.Device.Id.Length > 0)
        {
            LearnNames(flow, asked, answers);
            LearnServices(flow, asked, dns);
            LearnPublicNames(flow.Device, dns);
        }
    }

    private bool IsAwaited(Flow flow, DnsView dns)
    {
        foreach (DnsQuestion question in dns.Questions)
        {
            return dns.IsResponse && dns.TryWriteName(question.NameOffset, _name, out int length)
                && _pending.ContainsKey(Key(flow, dns.Id, question.Type, tables.Strings.GetHost(_name.AsSpan(0, length))));
        }
        return false;
    }

    /// <summary>Records the questions that waited too long.</summary>
    public void Expire(long nowNs)
    {
        while (_byAge.TryPeek(out AskedQuestion oldest) && nowNs - oldest.AskedNs > WaitNs)
            Record(_byAge.Take());
        while (_byAge.Count > Limits.PendingLookups)
        {
            // Those that were answered are still in line.
            bool isAnswered = _byAge.TryPeek(out AskedQuestion first) && !IsWaiting(first, out _);
            if (Record(isAnswered ? _byAge.Take() : _byAge.TakeLeastUseful()))
                losses.Count(Losses.LookupsEvicted);
        }
    }

    /// <summary>The capture ends: pending questions are recorded.</summary>
    public void Finish()
    {
        while (_byAge.Count > 0)
            Record(_byAge.Take());
    }

    /// <summary>Forgets the questions that wait for their answers and that a device is in.</summary>
    public void Forget(DeviceTraces traces)
    {
        _byAge.RemoveWhere(asked => !IsWaiting(asked, out Question question) || traces.IsIn(question.ToRecord(null, [])), asked =>
        {
            // Nothing is left of one that was answered.
            if (IsWaiting(asked, out _))
                _pending.Remove(asked.Key);
        });
    }

    /// <summary>Records a question that is no longer waited for; false if its answer came.</summary>
    private bool Record(in AskedQuestion asked)
    {
        if (!IsWaiting(asked, out Question question))
            return false;
        _pending.Remove(asked.Key);
        if (!tables.Ignored.Contains(asked.Key.Host))
            found.Add(question.ToRecord(null, []));
        return true;
    }

    private bool IsWaiting(in AskedQuestion asked, out Question question) =>
        _pending.TryGetValue(asked.Key, out question) && question.Sequence == asked.Sequence;

    private QuestionKey Key(Flow flow, ushort id, ushort type, string host)
    {
        ulong hash = _hash.Of(flow.Key.Hash(_hash), _hash.Of(MemoryMarshal.AsBytes(host.AsSpan())), (ulong)id << 16 | type);
        return new QuestionKey(flow.Key, id, type, host, hash);
    }

    private void Ask(in PacketContext packet, in QuestionKey key, string name, AppProtocol app, bool isIgnored)
    {
        if (app != AppProtocol.Dns)
        {
            // Multicast answers go to everybody and repeat no question: nothing to wait for.
            if (!isIgnored)
                found.Add(NewQuestion(packet, key, name, app).ToRecord(null, []));
            return;
        }
        // The same question again while the first waits: the client repeats itself.
        ref Question question = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, key, out bool isRepeated);
        if (isRepeated)
            return;
        question = NewQuestion(packet, key, name, app);
        _byAge.Add(new AskedQuestion(key, question.Sequence, clock.NowNs), packet.Flow.Sender);
    }

    /// <summary>True if the question was waiting for it.</summary>
    private bool Answer(
        in PacketContext packet, in QuestionKey key, string name, int responseCode, NameAnswer[] answers, AppProtocol app, bool isIgnored)
    {
        bool isAwaited = _pending.Remove(key, out Question question);
        if (!isAwaited && !isIgnored)
            question = NewQuestion(packet, key, name, app);
        if (!isIgnored)
            found.Add(question.ToRecord(responseCode, answers));
        return isAwaited;
    }

    private Question NewQuestion(in PacketContext packet, in QuestionKey key, string name, AppProtocol app) =>
        new(packet.Flow, key.Type, name, app, ++_sequence, packet.TimeNs);

    private NameAnswer[] ReadAnswers(DnsView dns)
    {
        List<NameAnswer>? answers = null;
        _addresses.Clear();
        int count = 0;
        // Most records of an answer have the same owner, by a pointer to it.
        int ownerOffset = -1;
        string? owner = null;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
            {
                losses.Count(Losses.AnswersDropped);
                break;
            }
            IpAddress address = default;
            string? value = record.Type switch
            {
                DnsRecord.TypeA or DnsRecord.TypeAaaa => record.TryReadAddress(out address) ? AddressText(address) : null,
                DnsRecord.TypeCname => NameAt(dns, record.TargetOffset),
                DnsRecord.TypeSvcb or DnsRecord.TypeHttps => ServiceText(dns, record),
                _ => null,
            };
            if (value is null)
                continue;
            int offset = dns.FollowPointer(record.NameOffset);
            if (offset != ownerOffset)
                (ownerOffset, owner) = (offset, NameAt(dns, record.NameOffset));
            if (owner is null)
                continue;
            (answers ??= []).Add(new NameAnswer(owner, record.Type, value, record.TimeToLiveSeconds, record.Section));
            _addresses.Add(address);
        }
        return answers is null ? [] : [.. answers];
    }

    private string? NameAt(in DnsView dns, int offset) =>
        dns.TryWriteName(offset, _name, out int length) ? tables.Strings.Get(_name.AsSpan(0, length)) : null;

    private string AddressText(IpAddress address)
    {
        Span<byte> text = stackalloc byte[IpAddress.MaxTextLength];
        return tables.Strings.Get(text[..address.Format(text)]);
    }

    /// <summary>
    /// What this very client will call the addresses of the answer: the name it asked for, with the aliases between (RFC 1034 section
    /// 3.6.2). Records of other owners may stand there too; they are not about the question.
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
            if (answer.Section != DnsSection.Answer || answer.Type is not (DnsRecord.TypeA or DnsRecord.TypeAaaa))
                continue;
            int place = PlaceInChain(answer.Name);
            if (place < 0)
                continue;
            if (name is null || name.Aliases.Count != place)
                name = new AddressName(host, place == 0 ? [] : [.. _chain[1..(place + 1)]]);
            tables.Addresses.AddAnswer(flow, _addresses[i], name, answer.TimeToLiveSeconds);
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
            bool isAlias = answer.Section == DnsSection.Answer && answer.Type == DnsRecord.TypeCname;
            if (isAlias && answer.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
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
            tables.Ech.Learn(publicName, device);
    }

    /// <summary>
    /// RFC 6762 section 8.3: a host announces its own name and addresses; one of them is the sender's. Only the link is believed (section
    /// 11), and only names that belong to it (section 3).
    /// </summary>
    private void ObserveAnnouncement(in PacketContext packet, DnsView dns)
    {
        (Flow flow, bool fromLow) = (packet.Flow, packet.FromLow);
        (IpAddress sender, IpAddress receiver) = fromLow ? (flow.Key.Low, flow.Key.High) : (flow.Key.High, flow.Key.Low);
        if (!sender.IsLocal && !receiver.IsMulticast)
            return;
        int count = 0;
        foreach (DnsRecord record in dns.Records)
        {
            if (count++ >= Limits.DnsRecords)
                break;
            if (record.Type is not (DnsRecord.TypeA or DnsRecord.TypeAaaa) || !record.TryReadAddress(out IpAddress address))
                continue;
            if (!dns.TryWriteName(record.NameOffset, _name, out int length))
                continue;
            string host = tables.Strings.GetHost(_name.AsSpan(0, length));
            if (!host.EndsWith(HostNames.LocalSuffix, StringComparison.Ordinal))
                continue;
            tables.Addresses.AddAnnouncement(flow.Device, address, new AddressName(host, []), record.TimeToLiveSeconds);
            if (address == sender && flow.DeviceIsLow == fromLow && flow.Tunnel is null)
                DeviceOfSender(packet, sender).SetMdnsName(DeviceNames.Unescaped(_name.AsSpan(0, length - HostNames.LocalSuffix.Length)));
        }
    }

    /// <summary>The device that sent the packet: the flow's, or another one that got its address since.</summary>
    private Device DeviceOfSender(in PacketContext packet, IpAddress address)
    {
        Flow flow = packet.Flow;
        bool isOfFlow = packet.SenderMac == flow.DeviceMac || flow.DeviceMac.IsNone;
        return isOfFlow ? flow.Device : devices.Get(packet.SenderMac, address, packet.TimeNs);
    }
}
