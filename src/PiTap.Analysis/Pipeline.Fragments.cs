using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
using PiTap.Wire;
using PiTap.Wire.Frames;

namespace PiTap.Analysis;

/// <content>IP fragments: they belong to the flow of their datagram.</content>
public sealed partial class Pipeline
{
    private void ProcessFragment(Frame frame, int source, int length, long timeNs)
    {
        ExpireFragments();
        FragmentOutcome outcome = _fragments.Add(frame, _clock.NowNs, out PartialDatagram datagram, out ReadOnlySpan<byte> payload);
        bool isWhole = outcome == FragmentOutcome.Complete;
        if (isWhole)
            frame.ReadTransport(payload);
        var held = (HeldPackets?)datagram.Held;
        bool isMirrored = held is { IsMirrored: true } || ((isWhole || frame.FragmentOffset == 0) && IsMirrored(frame));
        if (isMirrored || (!datagram.HasPorts && !(isWhole && frame.HasTransport)))
        {
            datagram.Held = held ??= new HeldPackets(frame, source, timeNs);
            held.IsMirrored = isMirrored;
            held.Add(length, timeNs);
            if (isMirrored && isWhole)
            {
                datagram.Held = null;
                TakeMirrored(frame, source, held.Packets, (int)held.Bytes, timeNs);
            }
            return;
        }
        if (datagram.HasPorts)
            frame.SetPorts(datagram.SourcePort, datagram.DestinationPort);
        // What carries no mirror's copy has a flow.
        OpenFlow flow = Observe(frame, source, 1, length, timeNs, timeNs, out bool fromLow)!;
        if (held is not null)
        {
            // They came before the first fragment, which tells the ports.
            Observe(frame, held.Source, held.Packets, held.Bytes, held.FirstNs, held.LastNs, out _);
            datagram.Held = null;
        }
        // A capture that cuts packets has no more of it.
        bool isCutFirst = outcome == FragmentOutcome.Rejected && frame.IsCut && frame.FragmentOffset == 0 && !datagram.IsRead;
        if ((!isWhole && !isCutFirst) || !frame.HasTransport || (datagram.IsRead && frame.Protocol == IpProtocols.Udp))
            return;
        datagram.IsRead = true;
        Inspect(flow, frame, fromLow, timeNs);
    }

    /// <summary>
    /// Who begins another flow has read what came for it, though the capture may show the first fragment alone, as one that filters by
    /// ports does. The other fragments follow the first at once: if they are not here by then, they do not come.
    /// </summary>
    private void ReadBeginnings(in Frame next)
    {
        // Each round reads one of the few datagrams that are in the making.
        while (_fragments.FindUnread(next.Source, next.SourceMac) is PartialDatagram datagram)
            ReadBeginning(datagram);
    }

    private void ReadBeginning(PartialDatagram datagram)
    {
        if (datagram.IsRead || datagram.Beginning.IsEmpty)
            return;
        datagram.IsRead = true;
        FragmentKey key = datagram.Key;
        var frame = Frame.WithoutTransport(key.Source, key.Destination, datagram.Protocol, datagram.SourceMac, datagram.DestinationMac);
        frame.ReadTransport(datagram.Beginning);
        if (frame.HasTransport && _flows.Find(new FlowKey(frame, tunnel: 0, out bool fromLow)) is OpenFlow flow)
            Inspect(flow, frame, fromLow, datagram.StartedNs);
    }

    private void ExpireFragments()
    {
        while (_fragments.TryExpire(_clock.NowNs, out PartialDatagram? expired))
            SettleDatagram(expired!);
        _losses.Set(Losses.FragmentsGivenUp, _fragments.GivenUp);
    }

    /// <summary>
    /// Of a datagram whose other fragments never came, what there is is read. One whose first fragment never came has no ports: its packets
    /// make a flow without.
    /// </summary>
    private void SettleDatagram(PartialDatagram datagram)
    {
        if (datagram.Held is not HeldPackets held)
        {
            ReadBeginning(datagram);
            return;
        }
        datagram.Held = null;
        if (held.IsMirrored)
        {
            CountCarriers(held.Source, held.Packets, held.Bytes);
            return;
        }
        FragmentKey key = datagram.Key;
        Frame frame = Frame.WithoutTransport(key.Source, key.Destination, held.Protocol, held.SourceMac, held.DestinationMac);
        Observe(frame, held.Source, held.Packets, held.Bytes, held.FirstNs, held.LastNs, out _);
        // The packet that is looked at now is another one: what it says of its app is not about this flow.
        _opened = null;
    }
}
