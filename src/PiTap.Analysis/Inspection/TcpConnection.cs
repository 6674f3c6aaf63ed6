using PiTap.Analysis.Streams;
using PiTap.Wire.Application.Http;

namespace PiTap.Analysis.Inspection;

/// <summary>What the readers of the two directions of a connection share, and tell each other. Made with the first of them.</summary>
internal sealed class TcpConnection(InspectionBuffers buffers, Observers observers, StreamShare share)
{
    private bool _lowSendsEarlyData;
    private bool _highSendsEarlyData;
    private HttpStreamReader? _lowHttp;
    private HttpStreamReader? _highHttp;
    private OpenVpnReader? _openVpn;

    public InspectionBuffers Buffers { get; } = buffers;

    public Observers Observers { get; } = observers;

    /// <summary>What the connection holds of the common account.</summary>
    public StreamShare Share { get; } = share;

    /// <summary>Bytes of memory that the readers of HTTP/1 and OpenVPN hold.</summary>
    public int HeldBytes => (_lowHttp?.HeldBytes ?? 0) + (_highHttp?.HeldBytes ?? 0) + (_openVpn?.HeldBytes ?? 0);

    /// <summary>Reads the handshake inside OpenVPN over TCP; made when it is needed.</summary>
    public OpenVpnReader OpenVpn => _openVpn ??= new OpenVpnReader(Buffers, Share, Observers.Hellos);

    /// <summary>
    /// True while a direction sends early data and the answer will tell whether a second hello follows (RFC 8446 sections 4.1.2 and
    /// 4.2.10).
    /// </summary>
    public bool SendsEarlyData(bool isLow) => isLow ? _lowSendsEarlyData : _highSendsEarlyData;

    public void SetEarlyData(bool isLow, bool isSent) => (isLow ? ref _lowSendsEarlyData : ref _highSendsEarlyData) = isSent;

    /// <summary>A reader for a direction that turned out to be HTTP/1; it and the other direction's know each other.</summary>
    public HttpStreamReader BeginHttp(bool isLow)
    {
        EndHttp(isLow);
        var http = new HttpStreamReader { Peer = isLow ? _highHttp : _lowHttp };
        http.Peer?.Peer = http;
        return (isLow ? ref _lowHttp : ref _highHttp) = http;
    }

    public void EndHttp(bool isLow)
    {
        ref HttpStreamReader? http = ref isLow ? ref _lowHttp : ref _highHttp;
        if (http is null)
            return;
        http.Peer?.Peer = null;
        http.Reset();
        http = null;
    }

    /// <summary>Gives back what is held.</summary>
    public void Release()
    {
        EndHttp(isLow: true);
        EndHttp(isLow: false);
        _openVpn?.Release();
        _openVpn = null;
    }
}
