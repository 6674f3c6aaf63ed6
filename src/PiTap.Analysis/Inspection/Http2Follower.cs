using System.Text;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire.Application.Http;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes the requests of a client that speaks HTTP/2 in the clear.</summary>
internal sealed class Http2Follower(InspectionContext context)
{
    private readonly Http2StreamReader _reader = new();
    private readonly List<Http2Request> _requests = [];

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _reader.HeldBytes;

    public void Feed(Flow flow, bool fromLow, ReadOnlySpan<byte> bytes)
    {
        flow.SetClient(fromLow);
        flow.Facts.AddAppProto(AppProtocol.Http2);
        _reader.Feed(bytes, _requests);
        foreach (Http2Request request in _requests)
            Note(flow, request);
        _requests.Clear();
    }

    private void Note(Flow flow, Http2Request request)
    {
        long madeBefore = context.Strings.MadeCharacters;
        string? host = Text(request.Authority);
        context.Note(flow, new HttpRequest(host, Text(request.Method) ?? "", Text(request.Path) ?? "", Text(request.UserAgent), Text(request.RequestedWith)), madeBefore);
        if (host is not null)
            flow.Facts.Name(context.Strings.GetHost(HostNames.WithoutPort(Encoding.Latin1.GetBytes(host))), HostSource.HttpHost);
    }
    private string? Text(string text) => text.Length > 0 ? context.Strings.Get(text, Limits.HttpTextCharacters) : null;
}
