using PiTap.Analysis.Core;
using PiTap.Analysis.Flows;
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
        if (isWhole && frame.HasTransport)
            Inspect(flow, frame, fromLow, timeNs);
    }

    private void ExpireFragments()
    {
        while (_fragments.TryExpire(_clock.NowNs, out PartialDatagram? expired))
            SettleDatagram(expired!);
        _losses.Set(Losses.FragmentsGivenUp, _fragments.GivenUp);
    }

    /// <summary>A datagram whose first fragment never came has no ports: its packets make a flow without.</summary>
    private void SettleDatagram(PartialDatagram datagram)
    {
        if (datagram.Held is not HeldPackets held)
            return;
        datagram.Held = null;
        FragmentKey key = datagram.Key;
        Frame frame = Frame.WithoutTransport(key.Source, key.Destination, held.Protocol, held.SourceMac, held.DestinationMac);
        Observe(frame, held.Source, held.Packets, held.Bytes, held.FirstNs, held.LastNs, out _);
    }
}
