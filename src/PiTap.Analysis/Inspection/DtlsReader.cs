using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Inspection;

/// <summary>Reads the handshake messages in the clear of one DTLS flow, both directions.</summary>
internal sealed class DtlsReader(HelloRecorder hellos)
{
    /// <summary>Records looked at in one datagram, and handshake fragments in one record.</summary>
    private const int MaxParts = 32;

    private readonly DtlsHandshakeAssembler _low = new();
    private readonly DtlsHandshakeAssembler _high = new();

    /// <summary>Gives back what messages under way hold.</summary>
    public void Release()
    {
        _low.Reset();
        _high.Reset();
    }

    /// <summary>Bytes of memory held.</summary>
    public int HeldBytes => _low.HeldBytes + _high.HeldBytes;

    /// <summary>Looks at a datagram; true if it held something new.</summary>
    public bool Observe(in PacketContext packet, ReadOnlySpan<byte> datagram)
    {
        bool isNews = packet.Facts.AddAppProto(AppProtocol.Dtls);
        for (int records = 0; records < MaxParts && DtlsRecordView.Parse(datagram, out DtlsRecordView record) == ParseStatus.Ok; records++)
        {
            if (!record.IsEncrypted && record.ContentType == TlsContentType.Handshake)
                isNews |= ReadHandshake(packet, record.Fragment);
            if (record.TotalLength >= datagram.Length)
                break;
            datagram = datagram[record.TotalLength..];
        }
        return isNews;
    }

    private bool ReadHandshake(in PacketContext packet, ReadOnlySpan<byte> fragment)
    {
        DtlsHandshakeAssembler assembler = packet.FromLow ? _low : _high;
        bool isNews = false;
        for (int messages = 0; messages < MaxParts; messages++)
        {
            if (DtlsHandshakeView.Parse(fragment, out DtlsHandshakeView message) != ParseStatus.Ok)
                break;
            isNews = true;
            if (message.IsMessage)
                OnMessage(packet, message.Type, message.Fragment);
            else if (assembler.Add(message))
                OnMessage(packet, assembler.Type, assembler.Body);
            if (message.TotalLength >= fragment.Length)
                break;
            fragment = fragment[message.TotalLength..];
        }
        return isNews;
    }

    private void OnMessage(in PacketContext packet, TlsHandshakeType type, ReadOnlySpan<byte> body)
    {
        (Flow flow, bool fromLow) = (packet.Flow, packet.FromLow);
        switch (type)
        {
            case TlsHandshakeType.ClientHello:
                flow.SetClient(fromLow);
                hellos.ClientHello(flow, body, Ja4Transport.Dtls);
                break;
            case TlsHandshakeType.ServerHello:
                flow.SetClient(!fromLow);
                hellos.ServerHello(flow, body);
                break;
            case TlsHandshakeType.Certificate when fromLow != flow.ClientIsLow:
                hellos.Certificate(flow, body);
                break;
        }
    }
}
