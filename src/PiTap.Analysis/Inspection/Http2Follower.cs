using System.Text;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire.Application;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes the requests of a client that speaks HTTP/2 in the clear.</summary>
internal sealed class Http2Follower(InspectionContext context)
{
    private readonly Http2StreamReader _reader = new();
    private readonly List<Http2Request> _requests = [];

    public void Feed(Flow flow, bool fromLow, ReadOnlySpan<byte> bytes)
    {
        flow.SetClient(fromLow);
        flow.Facts.AddApp(AppProtocol.Http2);
        _reader.Feed(bytes, _requests);
        foreach (Http2Request request in _requests)
            Note(flow, request);
        _requests.Clear();
    }

    private void Note(Flow flow, Http2Request request)
    {
        string? userAgent = request.UserAgent.Length > 0 ? request.UserAgent : null;
        string? requestedWith = request.RequestedWith.Length > 0 ? request.RequestedWith : null;
        string? host = request.Authority.Length > 0 ? request.Authority : null;
        string path = request.Path.Length <= Limits.HttpTextCharacters ? request.Path : request.Path[..Limits.HttpTextCharacters];
        if (!flow.Facts.AddRequest(new HttpRequest(host, request.Method, path, userAgent, requestedWith)))
            context.Losses.Count(Losses.HttpRequestsDropped);
        if (host is not null)
            flow.Facts.Name(context.Strings.GetHost(HostNames.WithoutPort(Encoding.Latin1.GetBytes(host))), HostSource.HttpHost);
    }
}
