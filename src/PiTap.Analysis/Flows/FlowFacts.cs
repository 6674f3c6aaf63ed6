using PiTap.Analysis.Core;
using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>
/// What is known of a flow beyond its counters. Lists that grow seldom are replaced when they do: records share them, and most flows hold
/// none of their own.
/// </summary>
internal sealed class FlowFacts
{
    // Which protocol names a flow best: what carries it before what was spoken around it.
    private static readonly AppProtocol[] s_byRank =
    [
        AppProtocol.Quic, AppProtocol.Gquic, AppProtocol.Tls, AppProtocol.Dtls, AppProtocol.SdRtn, AppProtocol.Http2, AppProtocol.Http,
        AppProtocol.Rtp, AppProtocol.Rtcp, AppProtocol.Stun, AppProtocol.Ike, AppProtocol.Esp,
    ];

    // What most flows have: a protocol and no other.
    private static readonly AppProtocol[][] s_alone = [.. Enum.GetValues<AppProtocol>().Select(static app => (AppProtocol[])[app])];

    /// <summary>Protocols of one flow; more of them are chance.</summary>
    private const int MaxApps = 8;

    /// <summary>Hellos that a further flow of the connection is given: the first ones, of both sides.</summary>
    private const int MaxCopiedHellos = 4;

    /// <summary>What facts hold beside texts, in bytes.</summary>
    private const int ObjectBytes = 512;

    /// <summary>A hello beside its names, in characters: fingerprints, version, the object.</summary>
    private const int HelloCharacters = 160;

    private AppProtocol[] _apps = [];
    private ulong _appSet;
    private double _evenness = double.NaN;
    private TlsHello[] _hellos = [];
    private RequestList? _requests;
    private List<(AppProtocol AppProto, string Reason)>? _reasons;

    public AppProtocol AppProto { get; private set; }

    public string? Host { get; private set; }

    public HostSource HostSource { get; private set; }

    public IReadOnlyList<string> HostAliases { get; private set; } = [];

    /// <summary>The app that it is of, if the capture says so.</summary>
    public string? App { get; set; }

    public string? QuicVersion { get; set; }

    /// <summary>Version that the server chose, of the latest handshake.</summary>
    public string? ChosenVersion { get; set; }

    /// <summary>True if the server chose a cipher suite that does not encrypt.</summary>
    public bool HasNullCipher { get; set; }

    public bool HasHandshake { get; set; }

    /// <summary>True if an answer to the handshake was seen.</summary>
    public bool HasHandshakeAnswer { get; set; }

    /// <summary>The best proof of readable bytes in a flow of no known protocol; empty without one.</summary>
    public string ReadableReason { get; set; } = "";

    /// <summary>
    /// How evenly the bytes of the least even payload of no known protocol are spread, where 1 is what random bytes of that length reach;
    /// null if none was long enough to tell.
    /// </summary>
    public double? Evenness
    {
        get => double.IsNaN(_evenness) ? null : _evenness;
        set => _evenness = value ?? double.NaN;
    }

    /// <summary>True if the capture holds some of its packets in part only.</summary>
    public bool IsCut { get; set; }

    /// <summary>True if other bytes came under sequence numbers that had come before.</summary>
    public bool IsContradicted { get; set; }

    /// <summary>What a sentence that misses something adds if packets were cut; empty if they were not.</summary>
    public string CutNote => IsCut ? ", but packets were cut by the capture" : "";

    /// <summary>True if any payload was seen.</summary>
    public bool HasPayload { get; set; }

    public IReadOnlyList<HttpRequest>? Requests => _requests?.All;

    /// <summary>Characters on the common account for hellos and requests.</summary>
    public int Characters { get; set; }

    public bool Has(AppProtocol app) => (_appSet & Bit(app)) != 0;

    public bool AddAppProto(AppProtocol app)
    {
        if (Has(app) || _apps.Length == MaxApps)
            return false;
        _apps = _apps.Length == 0 ? s_alone[(int)app] : [.. _apps, app];
        _appSet |= Bit(app);
        AppProto = _apps[0];
        foreach (AppProtocol ranked in s_byRank)
        {
            if (Has(ranked))
            {
                AppProto = ranked;
                break;
            }
        }
        return true;
    }

    /// <summary>
    /// Notes what of a protocol could be read here; a later, better sentence takes the place of an earlier one. Of
    /// <see cref="AppProtocol.Unknown"/> it is the name of a text protocol that may go over to TLS.
    /// </summary>
    public void Explain(AppProtocol app, string reason)
    {
        _reasons ??= [];
        _reasons.RemoveAll(entry => entry.AppProto == app);
        _reasons.Add((app, reason));
    }

    /// <summary>What of a protocol could be read here; null if nothing was noted.</summary>
    public string? ReasonFor(AppProtocol app)
    {
        if (_reasons is null)
            return null;
        foreach ((AppProtocol explained, string reason) in _reasons)
        {
            if (explained == app)
                return reason;
        }
        return null;
    }

    public bool AddHello(TlsHello hello)
    {
        if (_hellos.Length >= Limits.Hellos)
            return false;
        _hellos = [.. _hellos, hello];
        return true;
    }

    public bool AddRequest(HttpRequest request)
    {
        _requests ??= new RequestList();
        return _requests.TryAdd(request);
    }

    /// <summary>
    /// Takes a name if it is trusted more than the current one; the first of equal trust stays, and an address is no name. A name that a
    /// lookup told first keeps its aliases when the device says it itself: they tell who really runs it.
    /// </summary>
    public void Name(string host, HostSource source, IReadOnlyList<string>? aliases = null)
    {
        if (host.Length == 0 || !NameTrust.Order.IsMoreTrusted(source, HostSource) || AddressLiteral.Is(host))
            return;
        HostAliases = aliases ?? (host == Host ? HostAliases : []);
        Host = host;
        HostSource = source;
    }

    /// <summary>Takes back a name that was found by the server's address: it was another's.</summary>
    public void DropAddressName()
    {
        if (HostSource is HostSource.Dns or HostSource.Mdns)
            (Host, HostSource, HostAliases) = (null, HostSource.None, []);
    }

    /// <summary>The flow goes on in a further record: what happened is in the one before, what is known stays.</summary>
    public void BeginRecord() => _requests = null;

    /// <summary>Bytes of memory of a <see cref="Copy"/>, as if none of its texts were shared.</summary>
    public int HeldBytes
    {
        get
        {
            int characters = (Host?.Length ?? 0) + HostAliases.Sum(static alias => alias.Length) + (App?.Length ?? 0)
                + ReadableReason.Length;
            foreach ((_, string reason) in _reasons ?? [])
                characters += reason.Length;
            foreach (TlsHello hello in _hellos)
                characters += HelloCharacters + (hello.Sni?.Length ?? 0) + hello.Alpn.Sum(static protocol => protocol.Length);
            return ObjectBytes + sizeof(char) * characters;
        }
    }

    /// <summary>What is known, for another flow of the same connection: what happened is in the record of this one.</summary>
    public FlowFacts Copy()
    {
        var copy = (FlowFacts)MemberwiseClone();
        copy.BeginRecord();
        copy.Characters = 0;
        copy._hellos = _hellos.Length > MaxCopiedHellos ? _hellos[..MaxCopiedHellos] : _hellos;
        copy._reasons = _reasons is null ? null : [.. _reasons];
        return copy;
    }

    /// <summary>Protocols in the order in which they were recognised.</summary>
    public ReadOnlySpan<AppProtocol> AppProtos => _apps;

    /// <summary>The same, for a record.</summary>
    public IReadOnlyList<AppProtocol> AppProtoList() => _apps;

    public IReadOnlyList<TlsHello> HelloList() => _hellos;

    /// <summary>The requests up to now, for a record: later ones are not added to it.</summary>
    public IReadOnlyList<HttpRequest> HttpList() => _requests?.Copy() ?? [];

    private static ulong Bit(AppProtocol app) => 1UL << (int)app;

    /// <summary>Requests may be many, so they are copied out only where some came since the last record.</summary>
    private sealed class RequestList
    {
        private readonly List<HttpRequest> _all = [];
        private HttpRequest[] _copy = [];

        public IReadOnlyList<HttpRequest> All => _all;

        public bool TryAdd(HttpRequest request)
        {
            if (_all.Count >= Limits.HttpRequests)
                return false;
            _all.Add(request);
            return true;
        }

        public HttpRequest[] Copy() => _copy.Length == _all.Count ? _copy : _copy = [.. _all];
    }
}
