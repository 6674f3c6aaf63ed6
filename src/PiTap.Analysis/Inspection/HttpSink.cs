using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire.Application.Http;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes the requests that an HTTP reader finds.</summary>
internal readonly struct HttpSink(InspectionContext context, Flow flow, bool isLow) : IHttpHandler
{
    public void OnRequest(in HttpHeadView head)
    {
        flow.SetClient(isLow);
        flow.Facts.AddAppProto(AppProtocol.Http);
        Add(head.Host, head.Method, head.Target, head.UserAgent, head.RequestedWith);
    }

    public void OnResponse(in HttpHeadView head) => flow.Facts.AddAppProto(AppProtocol.Http);

    private void Add(ReadOnlySpan<byte> host, ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> requestedWith)
    {
        long madeBefore = context.Strings.MadeCharacters;
        var request = new HttpRequest(Text(host), Text(method) ?? "", Text(target) ?? "", Text(userAgent), Text(requestedWith));
        context.Note(flow, request, madeBefore);
        if (!host.IsEmpty)
            flow.Facts.Name(context.Strings.GetHost(HostNames.WithoutPort(host)), HostSource.HttpHost);
    }

    private string? Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : context.Strings.Get(bytes, Limits.HttpTextCharacters);
}
