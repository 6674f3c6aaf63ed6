using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire.Application.Other;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes IPsec: who set it up, and that its packets pass.</summary>
internal static class IpsecObserver
{
    /// <summary>True if a datagram on one of IPsec's ports is what it should be there.</summary>
    /// <param name="packet">Its facts.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="isNat">True on port 4500, where IKE and ESP share the port (RFC 3948).</param>
    /// <param name="isNews">True if it told something new.</param>
    public static bool Observe(in PacketContext packet, ReadOnlySpan<byte> payload, bool isNat, out bool isNews)
    {
        isNews = false;
        if (isNat && IpsecMessages.IsKeepalive(payload))
            return true;
        bool hasMarker = isNat && IpsecMessages.HasMarker(payload);
        ReadOnlySpan<byte> ike = hasMarker ? payload[IpsecMessages.MarkerLength..] : payload;
        if (hasMarker == isNat && IpsecMessages.IsIke(ike))
        {
            isNews = ObserveIke(packet, ike);
            return true;
        }
        if (!isNat || hasMarker || !IpsecMessages.IsEsp(payload, !packet.Facts.IsCut))
            return false;
        isNews = packet.Facts.AddAppProto(AppProtocol.Esp);
        return true;
    }

    private static bool ObserveIke(in PacketContext packet, ReadOnlySpan<byte> ike)
    {
        FlowFacts facts = packet.Facts;
        if (IpsecMessages.IsFromInitiator(ike) is bool isFromInitiator)
            packet.Flow.SetClient(packet.FromLow == isFromInitiator);
        bool isNews = facts.AddAppProto(AppProtocol.Ike) || (!facts.HasHandshakeAnswer && IpsecMessages.IsAnswer(ike));
        facts.HasHandshake = true;
        facts.HasHandshakeAnswer |= IpsecMessages.IsAnswer(ike);
        return isNews;
    }
}
