using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Application.Http;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes the requests of a client that speaks HTTP/2 in the clear.</summary>
internal sealed class Http2Follower(RequestRecorder recorder)
{
    private readonly Http2StreamReader _reader = new();
    private readonly List<Http2Request> _requests = [];

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _reader.HeldBytes;

    public void Feed(in PacketContext packet, ReadOnlySpan<byte> bytes)
    {
        packet.Flow.SetClient(packet.FromLow);
        packet.Facts.AddAppProto(AppProtocol.Http2);
        _reader.Feed(bytes, _requests);
        foreach (Http2Request request in _requests)
            recorder.Note(packet.Flow, request);
        _requests.Clear();
    }
}
