using PiTap.Model;

namespace PiTap.Analysis.Flows;

/// <summary>What is known of a flow beyond its counters. Lists are copied out only where they changed since the last record.</summary>
internal sealed class FlowFacts
{
    // Which protocol names a flow best: what carries it before what was spoken around it.
    private static readonly AppProtocol[] s_byRank =
    [
        AppProtocol.Quic, AppProtocol.Gquic, AppProtocol.Tls, AppProtocol.Dtls, AppProtocol.SdRtn, AppProtocol.Http2, AppProtocol.Http,
        AppProtocol.Rtp, AppProtocol.Rtcp, AppProtocol.Stun,
    ];

    private readonly List<AppProtocol> _apps = [];
    private List<TlsHello>? _hellos;
    private List<HttpRequest>? _requests;
    private AppProtocol[] _appList = [];
    private TlsHello[] _helloList = [];
    private HttpRequest[] _requestList = [];

    public AppProtocol App { get; private set; }

    public string? Host { get; private set; }

    public HostSource HostSource { get; private set; }

    public IReadOnlyList<string> HostAliases { get; private set; } = [];

    public string? QuicVersion { get; set; }

    /// <summary>Version that the server chose, of the latest handshake.</summary>
    public string? ChosenVersion { get; set; }

    /// <summary>True where the server chose a cipher suite that does not encrypt.</summary>
    public bool HasNullCipher { get; set; }

    public bool HasHandshake { get; set; }

    /// <summary>True where an answer to the handshake was seen.</summary>
    public bool HasHandshakeAnswer { get; set; }

    /// <summary>The best proof of readable bytes in a flow of no known protocol; empty without one.</summary>
    public string ReadableReason { get; set; } = "";

    /// <summary>True where any payload was seen.</summary>
    public bool HasPayload { get; set; }

    public IReadOnlyList<HttpRequest>? Requests => _requests;

    /// <summary>Characters on the common account for hellos and requests.</summary>
    public int Characters { get; set; }

    public bool Has(AppProtocol app) => _apps.Contains(app);

    public bool AddApp(AppProtocol app)
    {
        if (_apps.Contains(app))
            return false;
        _apps.Add(app);
        App = _apps[0];
        foreach (AppProtocol ranked in s_byRank)
        {
            if (_apps.Contains(ranked))
            {
                App = ranked;
                break;
            }
        }
        return true;
    }

    public bool AddHello(TlsHello hello)
    {
        _hellos ??= [];
        if (_hellos.Count >= Limits.Hellos)
            return false;
        _hellos.Add(hello);
        return true;
    }

    public bool AddRequest(HttpRequest request)
    {
        _requests ??= [];
        if (_requests.Count >= Limits.HttpRequests)
            return false;
        _requests.Add(request);
        return true;
    }

    /// <summary>Takes a name where it is better known than the one at hand; the first of equal trust stays.</summary>
    public void Name(string host, HostSource source, IReadOnlyList<string>? aliases = null)
    {
        if (host.Length == 0 || (HostSource != HostSource.None && HostSource <= source))
            return;
        Host = host;
        HostSource = source;
        HostAliases = aliases ?? [];
    }

    /// <summary>Takes back a name that was found by the server's address: it was another's.</summary>
    public void DropAddressName()
    {
        if (HostSource is HostSource.Dns or HostSource.Mdns)
            (Host, HostSource, HostAliases) = (null, HostSource.None, []);
    }

    /// <summary>The flow goes on in a further record: what happened is in the one before, what is known stays.</summary>
    public void BeginRecord()
    {
        _requests = null;
        _requestList = [];
    }

    public IReadOnlyList<AppProtocol> AppList() => _appList.Length == _apps.Count ? _appList : _appList = [.. _apps];

    public IReadOnlyList<TlsHello> HelloList() =>
        _hellos is null || _helloList.Length == _hellos.Count ? _helloList : _helloList = [.. _hellos];

    public IReadOnlyList<HttpRequest> HttpList() =>
        _requests is null || _requestList.Length == _requests.Count ? _requestList : _requestList = [.. _requests];
}
