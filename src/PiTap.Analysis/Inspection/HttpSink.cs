using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Application.Http;

namespace PiTap.Analysis.Inspection;

/// <summary>Takes the heads that an HTTP reader finds in one direction of a flow.</summary>
internal readonly struct HttpSink(RequestRecorder requests, Flow flow, bool fromLow) : IHttpHandler
{
    public void OnRequest(in HttpHeadView head)
    {
        flow.SetClient(fromLow);
        flow.Facts.AddAppProto(AppProtocol.Http);
        requests.Note(flow, head);
    }

    public void OnResponse(in HttpHeadView head) => flow.Facts.AddAppProto(AppProtocol.Http);
}
