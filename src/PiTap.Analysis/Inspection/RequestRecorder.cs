using System.Text;
using PiTap.Analysis.Core;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire.Application.Http;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes on a flow what its HTTP requests say, whichever version they are of.</summary>
internal sealed class RequestRecorder(StringTable strings, FactBudget facts, WorkGate work)
{
    /// <summary>What a request costs, as <see cref="WorkGate"/> counts.</summary>
    private const int StepsPerRequest = 2;

    /// <summary>Notes a request of HTTP/1.</summary>
    public void Note(Flow flow, in HttpHeadView head)
    {
        if (!MayLook(flow))
            return;
        long madeBefore = strings.MadeCharacters;
        ReadOnlySpan<byte> host = head.Host;
        string method = Text(head.Method) ?? "";
        var request = new HttpRequest(Text(host), method, Text(head.Target) ?? "", Text(head.UserAgent), Text(head.RequestedWith));
        facts.Add(flow.Facts, request, strings.MadeCharacters - madeBefore);
        if (!host.IsEmpty)
            flow.Facts.Name(strings.GetHost(HostNames.WithoutPort(host)), HostSource.HttpHost);
    }

    /// <summary>Notes a request of HTTP/2.</summary>
    public void Note(Flow flow, Http2Request head)
    {
        if (!MayLook(flow))
            return;
        long madeBefore = strings.MadeCharacters;
        string? host = Text(head.Authority);
        var request = new HttpRequest(host, Text(head.Method) ?? "", Text(head.Path) ?? "", Text(head.UserAgent), Text(head.RequestedWith));
        facts.Add(flow.Facts, request, strings.MadeCharacters - madeBefore);
        if (host is not null)
            flow.Facts.Name(strings.GetHost(HostNames.WithoutPort(Encoding.Latin1.GetBytes(host))), HostSource.HttpHost);
    }

    private bool MayLook(Flow flow) => work.TryCharge(flow.Sender, flow.IsSent(isFromClient: true), StepsPerRequest);

    private string? Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : strings.Get(bytes, Limits.HttpTextCharacters);

    private string? Text(string text) => text.Length > 0 ? strings.Get(text, Limits.HttpTextCharacters) : null;
}
