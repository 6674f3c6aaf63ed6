using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Model;

namespace PiTap.Analysis.Naming;

/// <summary>
/// What ties an answer to its question: the flow, the message's number, type and name (RFC 5452 section 9.1), which is in lower case: a
/// server need not repeat the question's (RFC 4343).
/// </summary>
internal readonly struct QuestionKey(FlowKey flow, ushort id, ushort type, string host, ulong hash)
{
    public static readonly IEqualityComparer<QuestionKey> Comparer =
        EqualityComparer<QuestionKey>.Create(static (a, b) => a.IsSame(b), static key => (int)key._hash);

    private readonly FlowKey _flow = flow;
    private readonly ulong _hash = hash;
    private readonly ushort _id = id;

    public ushort Type { get; } = type;

    public string Host { get; } = host;

    private bool IsSame(in QuestionKey other) =>
        _hash == other._hash && _id == other._id && Type == other.Type && _flow.Equals(other._flow) && Host == other.Host;
}

/// <summary>A question as it was asked: a record is made of it once its answer is known.</summary>
/// <param name="flow">The flow that it was asked in.</param>
/// <param name="type">The type of record asked for.</param>
/// <param name="name">The name as it was written.</param>
/// <param name="app">The protocol.</param>
/// <param name="sequence">Its number within the run.</param>
/// <param name="timeNs">Its time, nanoseconds since the Unix epoch.</param>
internal readonly struct Question(Flow flow, ushort type, string name, AppProtocol app, long sequence, long timeNs)
{
    // A lookup inside a tunnel is noted under the flow that was seen, the tunnel's. Later packets may swap the roles: as it was asked
    // counts.
    private readonly Device _device = (flow.Tunnel ?? flow).Device;
    private readonly byte _protocol = (flow.Tunnel ?? flow).Key.Protocol;
    private readonly IpAddress _client = (flow.Tunnel ?? flow).Client;
    private readonly IpAddress _server = (flow.Tunnel ?? flow).Server;
    private readonly string? _source = (flow.Tunnel ?? flow).SourceName;
    private readonly ushort _clientPort = (flow.Tunnel ?? flow).ClientPort;
    private readonly ushort _serverPort = (flow.Tunnel ?? flow).ServerPort;

    /// <summary>Its number within the run.</summary>
    public long Sequence { get; } = sequence;

    public NameLookup ToRecord(int? responseCode, NameAnswer[] answers) => new()
    {
        Sequence = Sequence,
        TimeNs = timeNs,
        Device = _device.Id,
        AppProto = app,
        Protocol = _protocol,
        Client = _client,
        ClientPort = _clientPort,
        Server = _server,
        ServerPort = _serverPort,
        Name = name,
        Type = type,
        ResponseCode = responseCode,
        Answers = answers,
        Source = _source,
    };
}

/// <summary>Where a question stands among those asked lately, by age: its answer may have come since.</summary>
/// <param name="key">What ties an answer to it.</param>
/// <param name="sequence">Its number: the same may have been asked again.</param>
/// <param name="nowNs">Engine time at which it was asked.</param>
internal readonly struct AskedQuestion(in QuestionKey key, long sequence, long nowNs)
{
    public QuestionKey Key { get; } = key;

    public long Sequence { get; } = sequence;

    public long AskedNs { get; } = nowNs;
}
