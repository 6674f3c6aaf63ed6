using System.Text;

namespace PiTap.TestKit;

/// <summary>Headers of tunnels, each before what it is given, and small datagrams of other protocols.</summary>
public static class TunnelBytes
{
    /// <summary>GTP-U (3GPP TS 29.281 section 5.1), with a sequence number where extension headers follow.</summary>
    public static byte[] GtpU(byte[] inner, byte firstExtension = 0, params byte[] extensions)
    {
        byte[] optional = firstExtension == 0 ? [] : [0, 1, 0, firstExtension, .. extensions];
        return [(byte)(firstExtension == 0 ? 0x30 : 0x36), 255, .. Length(optional.Length + inner.Length), 0, 0, 0, 7, .. optional,
            .. inner];
    }

    /// <summary>VXLAN (RFC 7348 section 5).</summary>
    public static byte[] Vxlan(byte[] inner, byte flags = 0x08, byte lastOfFlags = 0) => [flags, 0, 0, lastOfFlags, 0, 0, 42, 0, .. inner];

    /// <summary>Geneve (RFC 8926 section 3.4) with one option of four bytes.</summary>
    public static byte[] Geneve(byte[] inner, ushort protocol) =>
        [2, 0, .. Length(protocol), 0, 0, 42, 0, 1, 2, 0, 1, 0, 0, 0, 0, .. inner];

    /// <summary>TZSP with fields before the mirrored frame.</summary>
    public static byte[] Tzsp(byte[] frame, byte protocol = 1, params byte[] fields) => [1, 0, 0, protocol, .. fields, 1, .. frame];

    /// <summary>IKE (RFC 7296 section 3.1): a header with a body of some bytes.</summary>
    public static byte[] Ike(byte version = 0x20, byte exchange = 34, byte flags = 0x08, byte responder = 0, int bodyLength = 40) =>
    [
        1, 2, 3, 4, 5, 6, 7, 8, .. new byte[7], responder, 33, version, exchange, flags, 0, 0, 0, 0,
        0, 0, .. Length(28 + bodyLength), .. new byte[bodyLength],
    ];

    /// <summary>ESP (RFC 4303 section 2) with a body that is as random as a cipher's.</summary>
    public static byte[] Esp(uint association = 0xc0ffee01, byte sequence = 1, int bodyLength = 48)
    {
        byte[] body = new byte[bodyLength];
        new Random(sequence).NextBytes(body);
        return [.. Length((int)(association >> 16)), .. Length((int)association), 0, 0, 0, sequence, .. body];
    }

    /// <summary>GRE (RFC 2784) with the flags' fields (RFC 2890) filled with zeros.</summary>
    public static byte[] Gre(byte[] inner, ushort protocol, byte flags = 0)
    {
        int fields = ((flags & 0x80) != 0 ? 4 : 0) + ((flags & 0x20) != 0 ? 4 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        return [flags, 0, .. Length(protocol), .. new byte[fields], .. inner];
    }

    /// <summary>ERSPAN type II and III headers before a mirrored frame.</summary>
    public static byte[] Erspan2(byte[] frame) => [0x10, 0, 0, 1, 0, 0, 0, 0, .. frame];

    public static byte[] Erspan3(byte[] inner, byte frameType = 0, bool hasSubheader = false) =>
        [0x20, 0, 0, 1, 0, 0, 0, 0, 0, 0, (byte)(frameType << 2), (byte)(hasSubheader ? 1 : 0), .. new byte[hasSubheader ? 8 : 0],
            .. inner];

    /// <summary>Authentication and origin indication of Teredo (RFC 4380 section 5.1.1).</summary>
    public static byte[] TeredoAuthentication(byte[] inner) => [0, 1, 2, 3, 1, 1, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, .. inner];

    public static byte[] TeredoOrigin(byte[] inner) => [0, 0, 0xff, 0xfe, 0x3f, 0xff, 0xfd, 0xfe, .. inner];

    /// <summary>A client's question for the time (RFC 5905 section 7.3).</summary>
    public static byte[] Ntp(byte first = 0x23, byte stratum = 0) => [first, stratum, 6, 0xec, .. new byte[36], 1, 2, 3, 4, 5, 6, 7, 8];

    /// <summary>A NetBIOS name query or registration (RFC 1002 section 4.2) with a name of up to 15 characters.</summary>
    public static byte[] Nbns(string name, byte suffix, ushort flags = 0x0110)
    {
        byte[] plain = [.. Encoding.ASCII.GetBytes(name.PadRight(15)), suffix];
        byte[] encoded = [.. plain.SelectMany(static b => new[] { (byte)('A' + (b >> 4)), (byte)('A' + (b & 15)) })];
        return [0x12, 0x34, .. Length(flags), 0, 1, 0, 0, 0, 0, 0, 0, 32, .. encoded, 0, 0, 0x20, 0, 1];
    }

    /// <summary>
    /// A host, or with <paramref name="isGroup"/> a group, claims its name (RFC 1002 section 4.2.2). The record may point to the name or
    /// repeat it.
    /// </summary>
    public static byte[] NbnsRegistration(string name, byte suffix, bool isGroup = false, bool isRepeated = false)
    {
        byte[] message = Nbns(name, suffix, 0x2910);
        message[11] = 1;
        byte[] owner = isRepeated ? message[12..46] : [0xc0, 12];
        return [.. message, .. owner, 0, 0x20, 0, 1, 0, 4, 0x93, 0xe0, 0, 6, (byte)(isGroup ? 0x80 : 0), 0, 10, 42, 0, 2];
    }

    private static byte[] Length(int value) => [(byte)(value >> 8), (byte)value];
}
