using PiTap.Analysis.Core;
using PiTap.Analysis.Records;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Link;

namespace PiTap.Analysis;

/// <content>Wi-Fi: frames may carry no packet, a part of one, one that came before, or several.</content>
public sealed partial class Pipeline
{
    private WifiReceiver? _wifi;

    /// <summary>False for a frame that is no Wi-Fi, or carries no data: it is read like any other.</summary>
    private bool TryProcessWifi(in CapturedPacket packet, int source, int length)
    {
        if (packet.Link is not (LinkType.Ieee80211 or LinkType.Ieee80211Radiotap or LinkType.Ieee80211Prism or LinkType.Ieee80211Avs
            or LinkType.Ppi))
        {
            return false;
        }
        _wifi ??= new WifiReceiver();
        WifiOutcome outcome = _wifi.Receive(packet.Link, packet.Data, packet.OriginalLength, _clock.NowNs, out WifiPackets packets);
        switch (outcome)
        {
            case WifiOutcome.NoData:
                return false;
            case WifiOutcome.Packets:
                TakePackets(packet, ref packets, source, length);
                return true;
            case WifiOutcome.Encrypted:
                _losses.Count(Losses.WifiEncrypted);
                break;
            case WifiOutcome.Repeated:
                _losses.Count(Losses.WifiRepeated);
                break;
            case WifiOutcome.Damaged:
                _losses.Count(Losses.WifiDamaged);
                break;
        }
        var frame = Frame.WithoutNetwork(packets.Source, packets.Destination);
        Take(frame, source, length, packet.TimeNs);
        return true;
    }

    /// <summary>The bytes of the frame are shared out: what stands before the packets is booked on the last one.</summary>
    private void TakePackets(in CapturedPacket packet, ref WifiPackets packets, int source, int length)
    {
        SourceTotals totals = _accounts[source];
        bool hasNext = packets.TryTake(out LinkView next);
        if (!hasNext)
            Take(Frame.WithoutNetwork(packets.Source, packets.Destination), source, length, packet.TimeNs);
        // Each round takes one of the packets, which are shorter together than the frame.
        while (hasNext)
        {
            LinkView link = next;
            hasNext = packets.TryTake(out next);
            Frame.Parse(link, out Frame frame);
            if (frame.Status != ParseStatus.Ok)
            {
                int offset = packet.Data.Overlaps(link.Payload, out int place) ? place : 0;
                _losses.Reject(frame, FrameReject.Explain(link, offset), packet.TimeNs, totals.Name, totals.Read);
            }
            int share = hasNext ? Math.Min(link.Payload.Length, length) : length;
            length -= share;
            totals.Unpacked += hasNext ? 1 : 0;
            Take(frame, source, share, packet.TimeNs);
        }
    }
}
