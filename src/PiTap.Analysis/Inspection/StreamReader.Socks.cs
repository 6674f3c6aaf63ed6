using System.Globalization;
using System.Text;
using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Other;

namespace PiTap.Analysis.Inspection;

/// <content>SOCKS: what one side says before the proxied bytes, which are then looked at as a stream of their own.</content>
internal sealed partial class StreamReader
{
    /// <summary>
    /// True if this direction begins as the answer to a client that speaks SOCKS: three bytes of an answer show nothing.
    /// </summary>
    private bool IsSocksAnswer(in PacketContext packet) =>
        Bytes == _prefix.Length && _isLow != packet.Flow.ClientIsLow && packet.Facts.Has(AppProtocol.Socks);

    /// <summary>Reads on; false if it is no SOCKS after all.</summary>
    private bool ReadSocks(in PacketContext packet)
    {
        packet.Facts.AddAppProto(AppProtocol.Socks);
        ParseStatus status = _isLow == packet.Flow.ClientIsLow
            ? SocksView.ParseClient(_prefix.Bytes, out SocksView socks)
            : SocksView.ParseServer(_prefix.Bytes, out socks);
        // Names, password and request have lengths of a byte each (RFC 1928, RFC 1929): it comes to an end.
        if (status == ParseStatus.Truncated)
            return true;
        if (status != ParseStatus.Ok)
        {
            Finish(Mode.Opaque);
            return false;
        }
        Explain(packet, socks);
        _prefix.DropFront(socks.TotalLength);
        _mode = Mode.Undecided;
        ClassifyRest(packet);
        return true;
    }

    private static void Explain(in PacketContext packet, in SocksView socks)
    {
        string? known = packet.Facts.ReasonFor(AppProtocol.Socks);
        if (!socks.IsServer)
            packet.Facts.Explain(AppProtocol.Socks, Describe(socks));
        else if (known is not null && !socks.IsGranted)
            packet.Facts.Explain(AppProtocol.Socks, known + ", refused");
    }

    /// <summary>Whom the client asked for: that is what the proxy is to hide, and what can be read here.</summary>
    private static string Describe(in SocksView socks)
    {
        string host = socks.Host.IsEmpty ? socks.Address.ToString() : Encoding.Latin1.GetString(socks.Host);
        string user = socks.UserName.IsEmpty ? "" : ", with a user name";
        return string.Create(CultureInfo.InvariantCulture, $"SOCKS request in the clear: {host} port {socks.Port}{user}");
    }
}
