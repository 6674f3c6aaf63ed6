using PiTap.Analysis.Flows;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;

namespace PiTap.Analysis.Inspection;

/// <content>TLS: the messages in the clear, and the records that are stepped over on the way to them.</content>
internal sealed partial class StreamReader
{
    private int _passing;
    private bool _mayPass;

    /// <summary>True if the client sends early data and the answer will tell whether a second hello follows.</summary>
    public bool MaySendSecondHello => _mode == Mode.Tls && _connection.SendsEarlyData(_isLow);

    private void ClassifyTls(in PacketContext packet, TlsContentType type)
    {
        // Records of other types may come before a hello: a server that does not know the name warns first, and a capture may begin in the
        // middle.
        if (type is not (TlsContentType.Handshake or TlsContentType.Alert))
            packet.Facts.AddAppProto(AppProtocol.Tls);
        _mode = Mode.Tls;
        _needed = 0;
        _position = default;
        _mayPass = true;
        ReadTls(packet);
    }

    private void TakeTls(in PacketContext packet, ReadOnlySpan<byte> bytes, bool isSegmentStart)
    {
        if (_passing > 0)
        {
            // What was taken for a record's length may have been none.
            if (isSegmentStart && TlsRecordView.LooksLikeHello(bytes))
            {
                DropBuffer();
                LookAtSegment(packet, bytes, isSegmentStart);
                return;
            }
            int passed = Math.Min(_passing, bytes.Length);
            _passing -= passed;
            bytes = bytes[passed..];
            if (bytes.IsEmpty)
                return;
        }
        if (TryAppend(bytes) && _prefix.Length >= _needed)
            ReadTls(packet);
    }

    private void ReadTls(in PacketContext packet)
    {
        bool isFirst = _position == default;
        TlsReadStatus status = ReadTlsMessages(packet, ref isFirst);
        // Each turn passes a record of at least five bytes.
        while (status == TlsReadStatus.EndOfPlaintext && TryPassRecord(packet))
        {
            isFirst = false;
            status = ReadTlsMessages(packet, ref isFirst);
        }
        if (status != TlsReadStatus.NeedMore)
            Finish(isFirst ? Mode.Opaque : Mode.Done);
        else if (!isFirst && _position.Offset == _prefix.Length)
            DropConsumed();
    }

    private TlsReadStatus ReadTlsMessages(in PacketContext packet, ref bool isFirst)
    {
        var reader = new TlsHandshakeReader(_prefix.Bytes, _connection.Buffers.HelloScratch, _position);
        while (reader.Read() == TlsReadStatus.Message)
        {
            isFirst = false;
            OnTlsMessage(packet, reader.Type, reader.Body);
        }
        _position = reader.Position;
        _needed = reader.RequiredLength;
        return reader.Status;
    }

    /// <summary>
    /// Steps over a record that is no handshake, before the first hello and among early data. What is not there of it is not waited for in
    /// the buffer. Behind it only what looks like a hello is one, as behind ChangeCipherSpec.
    /// </summary>
    private bool TryPassRecord(in PacketContext packet)
    {
        if (!_mayPass && !_connection.SendsEarlyData(_isLow))
            return false;
        ParseStatus status = TlsRecordView.Parse(_prefix.Bytes[_position.Offset..], out TlsRecordView record);
        if (status != ParseStatus.Ok || record.ContentType == TlsContentType.Handshake)
            return false;
        packet.Facts.AddAppProto(AppProtocol.Tls);
        if (record.IsWhole)
        {
            _position = new TlsReadPosition(_position.Offset + record.TotalLength, 0, IsAfterChangeCipherSpec: true);
            return true;
        }
        _passing = record.Length - record.Fragment.Length;
        _prefix.DropFront(_prefix.Length);
        _position = new TlsReadPosition(0, 0, IsAfterChangeCipherSpec: true);
        return true;
    }

    /// <summary>Everything available was read: the next record begins a buffer of its own.</summary>
    private void DropConsumed()
    {
        _position = new TlsReadPosition(0, 0, _position.IsAfterChangeCipherSpec);
        _prefix.DropFront(_prefix.Length);
        _needed = 0;
    }

    private void OnTlsMessage(in PacketContext packet, TlsHandshakeType type, ReadOnlySpan<byte> body)
    {
        packet.Facts.AddAppProto(AppProtocol.Tls);
        _mayPass = false;
        _connection.SetEarlyData(_isLow, false);
        switch (type)
        {
            case TlsHandshakeType.ClientHello:
                packet.Flow.SetClient(_isLow);
                _connection.SetEarlyData(_isLow, _connection.Observers.Hellos.ClientHello(packet.Flow, body, Ja4Transport.Tcp));
                break;
            case TlsHandshakeType.ServerHello or TlsHandshakeType.DraftHelloRetryRequest:
                packet.Flow.SetClient(!_isLow);
                bool asksAgain = _connection.Observers.Hellos.ServerHello(packet.Flow, body);
                asksAgain |= type == TlsHandshakeType.DraftHelloRetryRequest;
                // Any other answer ends the hellos: no second one follows the early data.
                if (!asksAgain)
                    _connection.SetEarlyData(!_isLow, false);
                break;
            case TlsHandshakeType.Certificate when _isLow != packet.Flow.ClientIsLow:
                _connection.Observers.Hellos.Certificate(packet.Flow, body);
                break;
        }
    }
}
