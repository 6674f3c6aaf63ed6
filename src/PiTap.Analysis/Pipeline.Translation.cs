using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Frames;

namespace PiTap.Analysis;

/// <content>Address translation, where the capture shows packets before and behind it.</content>
public sealed partial class Pipeline
{
    private readonly TranslatedFlows _translated;

    /// <summary>
    /// A flow that began with what came back from afar is known for a copy once something goes out; one that has more packets than these
    /// is one of the machine's own.
    /// </summary>
    private const long FirstPackets = 8;

    /// <summary>
    /// True for a packet that was counted before it went out with this machine's own address, or is to be counted when it goes in with the
    /// device's. Only ports tell such flows from the machine's own ones: an echo (ICMP) that was translated is listed twice.
    /// </summary>
    private bool IsTranslated(in Frame frame, int source, int length, long timeNs)
    {
        // What is for everybody is not translated: what repeats it in another network, as a reflector of multicast DNS, is the box.
        if (!frame.HasTransport || frame.IsFragment || LocalSignals.IsForAll(frame.Destination))
            return false;
        var key = new FlowKey(frame, tunnel: 0, out _);
        if (!_translated.Has(key, timeNs))
        {
            if (frame.IsOutgoing != true)
            {
                _translated.NoteIncoming(frame, timeNs);
                return false;
            }
            OpenFlow? flow = _flows.Find(key);
            if (flow is not null && flow.PacketsFromLow + flow.PacketsFromHigh > FirstPackets || !_translated.IsCopy(frame, timeNs))
                return false;
            if (flow is not null)
                Dissolve(flow);
            _translated.Add(key, timeNs);
        }
        _losses.Count(Losses.PacketsTranslated);
        CountCarriers(source, 1, length);
        return true;
    }
}
