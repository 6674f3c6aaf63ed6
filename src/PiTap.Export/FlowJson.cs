using System.Text.Json;
using PiTap.Model;

namespace PiTap.Export;

/// <summary>A flow as a JSON object.</summary>
internal static class FlowJson
{
    public static void Write(Utf8JsonWriter json, FlowRecord flow)
    {
        json.WriteStartObject();
        json.WriteText("uid", flow.Uid());
        json.WriteNumber("run", flow.Run);
        json.WriteText("source", flow.Source);
        json.WriteTime("start", flow.StartNs);
        json.WriteTime("end", flow.EndNs);
        json.WriteText("device", flow.Device);
        json.WriteText("proto", KindNames.ProtocolText(flow.Protocol));
        json.WriteText("client", flow.Client.ToString());
        json.WriteNumber("clientPort", flow.ClientPort);
        json.WriteText("server", flow.Server.ToString());
        json.WriteNumber("serverPort", flow.ServerPort);
        json.WriteText("deviceSide", flow.DeviceSide.Text());
        json.WriteNumber("packetsUp", flow.PacketsUp);
        json.WriteNumber("packetsDown", flow.PacketsDown);
        json.WriteNumber("bytesUp", flow.BytesUp);
        json.WriteNumber("bytesDown", flow.BytesDown);
        json.WriteText("appProto", flow.AppProto.Text());
        json.WriteStartArray("appProtos");
        foreach (AppProtocol app in flow.AppProtos)
        {
            if (app.Text() is string text)
                json.WriteStringValue(text);
        }
        json.WriteEndArray();
        json.WriteText("app", flow.App);
        json.WriteText("host", flow.Host);
        json.WriteText("hostSource", flow.HostSource.Text());
        json.WriteTexts("hostAliases", flow.HostAliases);
        AttributionJson.Write(json, flow.Attribution);
        json.WriteText("verdict", flow.Verdict.Text());
        json.WriteText("verdictReason", flow.VerdictReason);
        json.WriteText("endReason", flow.End.Text());
        WriteApplication(json, flow);
        json.WriteEndObject();
    }

    private static void WriteApplication(Utf8JsonWriter json, FlowRecord flow)
    {
        json.WriteStartArray("tls");
        foreach (TlsHello hello in flow.Tls)
            WriteHello(json, hello);
        json.WriteEndArray();

        if (flow.QuicVersion is null)
        {
            json.WriteNull("quic");
        }
        else
        {
            json.WriteStartObject("quic");
            json.WriteText("version", flow.QuicVersion);
            json.WriteEndObject();
        }

        json.WriteStartArray("http");
        foreach (HttpRequest request in flow.Http)
        {
            json.WriteStartObject();
            json.WriteText("host", request.Host);
            json.WriteText("method", request.Method);
            json.WriteText("path", request.Path);
            json.WriteText("userAgent", request.UserAgent);
            json.WriteText("requestedWith", request.RequestedWith);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteHello(Utf8JsonWriter json, TlsHello hello)
    {
        json.WriteStartObject();
        json.WriteText("side", hello.IsServer ? "server" : "client");
        json.WriteText("version", hello.Version);
        json.WriteText("sni", hello.Sni);
        json.WriteTexts("alpn", hello.Alpn);
        json.WriteText("ja3", hello.Ja3);
        json.WriteText("ja3s", hello.Ja3s);
        json.WriteText("ja4", hello.Ja4);
        json.WriteText("ech", hello.Ech.Text());
        json.WriteEndObject();
    }
}
