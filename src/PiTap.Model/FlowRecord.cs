using System.Globalization;

namespace PiTap.Model;

/// <summary>
/// One bidirectional flow: a 5-tuple between an idle time-out and the next. A flow that is still open is stored with
/// <see cref="End"/> <see cref="FlowEnd.Open"/> and replaced by later states of the same <see cref="Sequence"/>.
/// </summary>
public sealed record FlowRecord
{
    /// <summary>The run that it belongs to (<see cref="RunRecord.Run"/>), as a store tells it; 0 before it is stored.</summary>
    public int Run { get; init; }

    /// <summary>Number of the flow within its run, from 1, in order of first packets. With the run it identifies the flow.</summary>
    public required long Sequence { get; init; }

    /// <summary>Time of the first packet, nanoseconds since the Unix epoch.</summary>
    public required long StartNs { get; init; }

    /// <summary>Time of the latest packet, nanoseconds since the Unix epoch.</summary>
    public required long EndNs { get; init; }

    /// <summary>Identifier of the client's device (<see cref="DeviceRecord.Id"/>).</summary>
    public required string Device { get; init; }

    /// <summary>IP protocol number, after IPv6 extension headers.</summary>
    public required byte Protocol { get; init; }

    /// <summary>The side that opened the flow.</summary>
    public required IpAddress Client { get; init; }

    /// <summary>The client's port; 0 where the protocol has none.</summary>
    public required ushort ClientPort { get; init; }

    /// <summary>The side that was contacted.</summary>
    public required IpAddress Server { get; init; }

    /// <summary>The server's port; 0 where the protocol has none.</summary>
    public required ushort ServerPort { get; init; }

    /// <summary>Packets from client to server.</summary>
    public required long PacketsUp { get; init; }

    /// <summary>Packets from server to client.</summary>
    public required long PacketsDown { get; init; }

    /// <summary>Bytes from client to server: whole frames as on the wire, before any snap length.</summary>
    public required long BytesUp { get; init; }

    /// <summary>Bytes from server to client: whole frames as on the wire, before any snap length.</summary>
    public required long BytesDown { get; init; }

    /// <summary>Why the record ended.</summary>
    public FlowEnd End { get; init; }

    /// <summary>The protocol that names the flow best.</summary>
    public AppProtocol AppProto { get; init; }

    /// <summary>Every protocol seen on the flow, in order of appearance: STUN, DTLS and RTP share one in WebRTC.</summary>
    public IReadOnlyList<AppProtocol> AppProtos { get; init; } = [];

    /// <summary>The server's host name, lower case; null if unknown.</summary>
    public string? Host { get; init; }

    /// <summary>How <see cref="Host"/> is known.</summary>
    public HostSource HostSource { get; init; }

    /// <summary>
    /// For a name from a DNS answer: the aliases between the name asked for and the address, in order (RFC 1034 section 3.6.2).
    /// </summary>
    public IReadOnlyList<string> HostAliases { get; init; } = [];

    /// <summary>Whether the flow can be read.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Why, in a short sentence.</summary>
    public string VerdictReason { get; init; } = "";

    /// <summary>Each hello seen, client's and server's, in order.</summary>
    public IReadOnlyList<TlsHello> Tls { get; init; } = [];

    /// <summary>The QUIC version that the first long header carried: <c>v1</c>, <c>draft-29</c>, <c>Q046</c>; null without QUIC.</summary>
    public string? QuicVersion { get; init; }

    /// <summary>Each HTTP request seen, in order.</summary>
    public IReadOnlyList<HttpRequest> Http { get; init; } = [];

    /// <summary>Where it was seen first: the path of a file or an interface. Null for what was stored before it was kept.</summary>
    public string? Source { get; init; }

    /// <summary>The app that it is of, where the capture says so (PCAPdroid's trailer, PKTAP); null elsewhere.</summary>
    public string? App { get; init; }

    /// <summary>Who the server is, where a reader worked it out; null as stored.</summary>
    public PartyAttribution? Attribution { get; init; }

    /// <summary>Which end its device is; unknown for what was stored before it was kept.</summary>
    public DeviceSide DeviceSide { get; init; }

    /// <summary>
    /// True if somebody contacted the device. Where its side is not known, it is the local one of a local and a public address.
    /// </summary>
    public bool IsIncoming() => DeviceSide == DeviceSide.Unknown ? Server.IsLocal && !Client.IsLocal : DeviceSide == DeviceSide.Server;

    /// <summary>The other end as the device sees it: the server, or who contacted the device.</summary>
    public IpAddress Peer() => IsIncoming() ? Client : Server;

    /// <summary>The peer's host name; null if unknown. The name of a flow that came in is the device's own.</summary>
    public string? PeerHost() => IsIncoming() ? null : Host;

    /// <summary>What tells it from every other record of the store.</summary>
    public string Uid() => string.Create(CultureInfo.InvariantCulture, $"F{Run}.{Sequence}");

    /// <summary>
    /// True for a flow that <c>--ignore</c> reduced to totals: a stored state of it is to be forgotten, its packets are counted as reduced.
    /// </summary>
    public bool IsReduced { get; init; }
}

/// <summary>What one ClientHello or ServerHello says (RFC 8446 section 4.1), of TLS, DTLS, QUIC or gQUIC.</summary>
public sealed record TlsHello
{
    /// <summary>Who sent it: true for the server.</summary>
    public bool IsServer { get; init; }

    /// <summary>The highest version offered, or the version chosen: <c>TLS 1.3</c>, <c>DTLS 1.2</c>, <c>Q046</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The server name as sent; null without one.</summary>
    public string? Sni { get; init; }

    /// <summary>The application protocols offered, or the one chosen (RFC 7301).</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    /// <summary>JA3 of a ClientHello: 32 hexadecimal digits.</summary>
    public string? Ja3 { get; init; }

    /// <summary>JA3S of a ServerHello: 32 hexadecimal digits.</summary>
    public string? Ja3s { get; init; }

    /// <summary>JA4 of a ClientHello over TCP or QUIC.</summary>
    public string? Ja4 { get; init; }

    /// <summary>Whether Encrypted Client Hello is there.</summary>
    public EchState Ech { get; init; }
}

/// <summary>One HTTP request in the clear.</summary>
/// <param name="Host">Host header or authority of the target, as sent; null without one.</param>
/// <param name="Method">The method, as sent.</param>
/// <param name="Path">The target, as sent, cut at a length that the analysis names.</param>
/// <param name="UserAgent">User-Agent; null without one.</param>
/// <param name="RequestedWith">X-Requested-With, which in Android's WebView names the app; null without one.</param>
public sealed record HttpRequest(string? Host, string Method, string Path, string? UserAgent, string? RequestedWith);
