using System.Text;
using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Tls;
using PiTap.Wire.Legacy;

namespace PiTap.Fuzz.Targets;

/// <summary>Handshake messages for seeds (RFC 8446 section 4).</summary>
internal static class HelloBytes
{
    public static byte[] Extension(ushort type, byte[] data) => [(byte)(type >> 8), (byte)type, .. DnsBytes.Vector16(data)];

    public static byte[] ServerName(string name) =>
        Extension(0, DnsBytes.Vector16([0, .. DnsBytes.Vector16(Encoding.ASCII.GetBytes(name))]));

    public static byte[] Client(bool isDtls, params byte[][] extensions) =>
    [
        (byte)(isDtls ? 0xfe : 3), (byte)(isDtls ? 0xfd : 3), .. new byte[32], 4, 1, 2, 3, 4, .. isDtls ? (byte[])[0] : [],
        .. DnsBytes.Vector16([0x0a, 0x0a, 0x13, 1, 0x13, 2, 0xc0, 0x2b]), 1, 0,
        .. DnsBytes.Vector16([.. extensions.SelectMany(static extension => extension)]),
    ];

    public static byte[][] ClientExtensions() =>
    [
        ServerName("www.example.com"),
        Extension(10, DnsBytes.Vector16([0x1a, 0x1a, 0, 29, 0, 23])),
        Extension(11, [1, 0]),
        Extension(13, DnsBytes.Vector16([4, 3, 8, 4])),
        Extension(16, DnsBytes.Vector16([2, (byte)'h', (byte)'2'])),
        Extension(43, [4, 3, 4, 3, 3]),
        Extension(0xfe0d, [0, 0, 1, 0, 1, 7, .. DnsBytes.Vector16(new byte[32]), .. DnsBytes.Vector16(new byte[64])]),
    ];

    public static byte[] Server() =>
        [3, 3, .. new byte[32], 0, 0x13, 1, 0,
            .. DnsBytes.Vector16([.. Extension(43, [3, 4]), .. Extension(16, DnsBytes.Vector16([2, (byte)'h', (byte)'2']))])];

    public static byte[] Message(byte type, byte[] body) => [type, (byte)(body.Length >> 16), .. DnsBytes.Vector16(body)];

    public static byte[] Record(byte type, byte[] fragment) => [type, 3, 1, .. DnsBytes.Vector16(fragment)];
}

/// <summary>ClientHello bodies: the first byte says whether of DTLS, and how many bytes are not there yet.</summary>
internal sealed class ClientHelloTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;
        bool isDtls = (data[0] & 1) != 0;
        int missing = data[0] >> 1;
        ReadOnlySpan<byte> body = data[1..];
        if (ClientHelloView.Parse(body, isDtls, out ClientHelloView hello) == ParseStatus.Ok)
            Touch(hello, body, isDtls ? Ja4Transport.Dtls : Ja4Transport.Tcp);
        if (ClientHelloView.ParseStart(body, body.Length + missing, isDtls, out hello) == ParseStatus.Ok)
            Touch(hello, body, Ja4Transport.Quic);
        if (Sslv2ClientHelloView.Parse(body, out Sslv2ClientHelloView old) == ParseStatus.Ok)
        {
            Property.Holds(old.TotalLength > 0 && (old.IsWhole || old.TotalLength > body.Length || old.CipherSpecCount >= 0),
                "a length below zero");
        }
    }

    private static void Touch(in ClientHelloView hello, ReadOnlySpan<byte> body, Ja4Transport transport)
    {
        Property.IsInside(hello.ServerName, body);
        Property.IsInside(hello.SessionId, body);
        Property.IsInside(hello.Cookie, body);
        Property.IsInside(hello.CompressionMethods, body);
        Property.IsInside(hello.EcPointFormats, body);
        Property.IsInside(hello.CipherSuites.Bytes, body);
        Property.IsInside(hello.SupportedGroups.Bytes, body);
        Property.IsInside(hello.SignatureAlgorithms.Bytes, body);
        int bytes = hello.HighestVersion >> 16;
        foreach (ReadOnlySpan<byte> name in hello.Alpn)
            bytes += 1 + name.Length;
        foreach (TlsExtension extension in hello.Extensions)
        {
            Property.IsInside(extension.Data, body);
            bytes += 4;
        }
        Property.Holds(bytes <= 2 * body.Length, "more parts than bytes for them");
        hello.ParseEch(out _);
        Span<byte> text = stackalloc byte[TlsFingerprint.Ja4Length];
        TlsFingerprint.WriteJa3(hello, text[..TlsFingerprint.Ja3Length]);
        if (TlsFingerprint.WriteJa4(hello, transport, text))
            Property.Holds(!text.ContainsAnyExceptInRange((byte)'0', (byte)'z'), "a fingerprint that cannot be printed");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [0, .. HelloBytes.Client(false, HelloBytes.ClientExtensions())],
        [1, .. HelloBytes.Client(true, HelloBytes.ClientExtensions())],
        [0, 0x80, 31, 1, 3, 1, 0, 6, 0, 0, 0, 16, 0, 0, 5, 1, 0, 0x80, .. new byte[16]],
    ];
}

/// <summary>ServerHello bodies.</summary>
internal sealed class ServerHelloTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (ServerHelloView.Parse(data, out ServerHelloView hello) != ParseStatus.Ok)
            return;
        Property.IsInside(hello.SessionId, data);
        Property.IsInside(hello.Alpn, data);
        Property.Holds(hello.Random.Length == 32 && hello.Version + hello.CipherSuite >= 0, "a random of another length");
        TlsFingerprint.WriteJa3s(hello, stackalloc byte[TlsFingerprint.Ja3Length]);
    }

    public static IEnumerable<byte[]> Seeds() => [HelloBytes.Server()];
}

/// <summary>Records on a stream, joined to handshake messages.</summary>
internal sealed class TlsStreamTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        byte[] scratch = new byte[data.Length];
        TlsHandshakeReader reader = new(data, scratch);
        int messages = 0;
        while (reader.Read() == TlsReadStatus.Message)
        {
            messages++;
            Property.Holds(reader.Body.Length <= data.Length && reader.DeclaredLength <= TlsHandshakeReader.MaxMessageLength,
                "a message longer than its cap");
            Property.Holds(messages <= data.Length, "more messages than bytes");
        }
        Property.Holds(reader.Position.Offset <= data.Length, "a position outside the stream");
        Property.Holds(reader.Status != TlsReadStatus.NeedMore || reader.RequiredLength > data.Length,
            "more is wanted than there is, or it is not wanted");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] hello = HelloBytes.Message(1, HelloBytes.Client(false, HelloBytes.ClientExtensions()));
        yield return HelloBytes.Record(22, hello);
        yield return [.. HelloBytes.Record(22, hello[..50]), .. HelloBytes.Record(22, hello[50..]), .. HelloBytes.Record(20, [1]),
            .. HelloBytes.Record(22, new byte[40])];
        yield return [.. HelloBytes.Record(22, [.. HelloBytes.Message(2, HelloBytes.Server()), .. HelloBytes.Message(11, [0, 0, 0])]),
            .. HelloBytes.Record(21, [1, 112])];
    }
}

/// <summary>Certificate messages and the names in what they hold.</summary>
internal sealed class CertificateTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        ReadNames(data, data);
        if (CertificateView.Parse(data, out CertificateView certificates) != ParseStatus.Ok)
            return;
        int count = 0;
        foreach (ReadOnlySpan<byte> certificate in certificates)
        {
            Property.IsInside(certificate, data);
            ReadNames(certificate, data);
            Property.Holds(++count <= CertificateView.MaxCertificates, "more certificates than the cap");
        }
    }

    private static void ReadNames(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> data)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> name in new CertificateNames(certificate))
        {
            Property.IsInside(name, data);
            Property.Holds(name.Length <= CertificateNames.MaxNameLength && ++count <= CertificateNames.MaxNames, "a name beyond the caps");
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] name = Der(0x30, Der(0x31, Der(0x30, [.. Der(6, [0x55, 4, 3]), .. Der(12, [.. "a.test"u8])])));
        byte[] alternatives = Der(
            0x30, [.. Der(6, [0x55, 0x1d, 0x11]), .. Der(4, Der(0x30, [.. Der(0x82, [.. "b.test"u8]), .. Der(0x82, [.. "*.c.test"u8])]))]);
        byte[] algorithm = Der(0x30, Der(6, [0x2a, 3]));
        byte[] validity = Der(0x30, [.. Der(23, [.. "210212000000Z"u8]), .. Der(23, [.. "310212000000Z"u8])]);
        byte[] key = Der(0x30, [.. algorithm, .. Der(3, [0, 1, 2, 3])]);
        byte[] body =
            Der(0x30,
                [.. Der(0xa0, Der(2, [2])), .. Der(2, [1]), .. algorithm, .. name, .. validity, .. name, .. key,
                    .. Der(0xa3, Der(0x30, alternatives))]);
        byte[] certificate = Der(0x30, [.. body, .. algorithm, .. Der(3, [0, 1])]);
        yield return certificate;
        byte[] entry = [0, .. DnsBytes.Vector16(certificate)];
        yield return [0, .. DnsBytes.Vector16([.. entry, .. entry])];
    }

    private static byte[] Der(byte tag, byte[] value) =>
        value.Length < 128 ? [tag, (byte)value.Length, .. value] : [tag, 0x82, .. DnsBytes.Vector16(value)];
}

/// <summary>Datagrams of DTLS: records, and the handshake messages joined from them.</summary>
internal sealed class DtlsTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        DtlsRecordView.LooksLikeDtls(data);
        DtlsHandshakeAssembler assembler = new();
        ReadOnlySpan<byte> rest = data;
        while (DtlsRecordView.Parse(rest, out DtlsRecordView record) == ParseStatus.Ok && record.IsWhole)
        {
            Property.IsInside(record.Fragment, data);
            Property.Holds(record.TotalLength > 0 && record.TotalLength <= rest.Length, "a whole record that is not");
            rest = rest[record.TotalLength..];
            ReadOnlySpan<byte> messages = record.Fragment;
            while (DtlsHandshakeView.Parse(messages, out DtlsHandshakeView handshake) == ParseStatus.Ok && handshake.IsWhole)
            {
                Property.IsInside(handshake.Fragment, data);
                if (assembler.Add(handshake))
                    Property.Holds(assembler.Body.Length <= DtlsHandshakeAssembler.MaxBufferedLength, "a message longer than its cap");
                messages = messages[handshake.TotalLength..];
            }
        }
        assembler.Reset();
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] hello = HelloBytes.Client(true, HelloBytes.ClientExtensions());
        yield return Record(Message(hello, 0, hello.Length));
        yield return [.. Record(Message(hello, 40, hello.Length - 40)), .. Record(Message(hello, 0, 40))];
    }

    private static byte[] Message(byte[] body, int offset, int length) =>
        [1, 0, (byte)(body.Length >> 8), (byte)body.Length, 0, 0, 0, (byte)(offset >> 8), (byte)offset, 0, (byte)(length >> 8),
            (byte)length, .. body.AsSpan(offset, length)];

    private static byte[] Record(byte[] fragment) => [22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, .. DnsBytes.Vector16(fragment)];
}
