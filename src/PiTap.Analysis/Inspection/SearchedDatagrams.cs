using PiTap.Analysis.Flows;
using PiTap.Analysis.Search;
using PiTap.Wire.Frames;

namespace PiTap.Analysis.Inspection;

/// <summary>
/// Shows the datagrams of a flow to the reader and to the searcher: settled once both are. What a tunnel carries is searched where it is
/// read.
/// </summary>
internal sealed class SearchedDatagrams(InspectionBuffers buffers, Observers observers, SearchTap tap) : Inspector
{
    private UdpInspector? _reader = new(buffers, observers);

    public override bool Inspect(scoped in PacketContext packet, scoped in Frame frame, out InnerPacket inner)
    {
        inner = default;
        if (_reader is null && Waking.Wakes(packet.Flow, frame))
            _reader = new UdpInspector(buffers, observers);
        if (_reader is not null && !_reader.Inspect(packet, frame, out inner))
            _reader = null;
        if (inner.Data.IsEmpty && !frame.Payload.IsEmpty)
            tap.OnDatagram(packet, frame.Payload);
        return _reader is not null || tap.IsOpen;
    }

    public override void Finish(Flow flow)
    {
        _reader?.Finish(flow);
        _reader = null;
        tap.Close();
    }
}
