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

/// <summary>A question as it was asked. The object is used again for others: a record is made of it once its answer is known.</summary>
internal sealed class Question
{
    private long _sequence;
    private long _timeNs;
    private string _name = "";
    private AppProtocol _app;
    private byte _protocol;
    private IpAddress _client;
    private IpAddress _server;
    private ushort _clientPort;
    private ushort _serverPort;

    public QuestionKey Key { get; private set; }

    /// <summary>Identifier of the device that asked.</summary>
    public string Device { get; private set; } = "";

    /// <summary>Engine time at which it was asked.</summary>
    public long AskedNs { get; private set; }

    /// <summary>True until its answer came or it was recorded without one.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>True for a name that is not to be kept.</summary>
    public bool IsIgnored { get; set; }

    public void Ask(in QuestionKey key, Flow flow, string name, long sequence, long timeNs, AppProtocol app, long nowNs)
    {
        // A look-up inside a tunnel stands under the flow that was seen, the tunnel's.
        Flow seen = flow.Tunnel ?? flow;
        Key = key;
        AskedNs = nowNs;
        _name = name;
        _sequence = sequence;
        _timeNs = timeNs;
        Device = seen.Device.Id;
        _app = app;
        _protocol = seen.Key.Protocol;
        _client = seen.Client;
        _server = seen.Server;
        _clientPort = seen.ClientPort;
        _serverPort = seen.ServerPort;
    }

    public NameLookup ToRecord(int? responseCode, NameAnswer[] answers) => new()
    {
        Sequence = _sequence,
        TimeNs = _timeNs,
        Device = Device,
        AppProto = _app,
        Protocol = _protocol,
        Client = _client,
        ClientPort = _clientPort,
        Server = _server,
        ServerPort = _serverPort,
        Name = _name,
        Type = Key.Type,
        ResponseCode = responseCode,
        Answers = answers,
    };
}
