using System.Buffers.Binary;
using PiTap.Model;

namespace PiTap.TestKit;

/// <summary>Builds DHCP messages: RFC 2131 section 2 for IPv4, RFC 8415 section 8 for IPv6.</summary>
public static class DhcpBytes
{
    public const int FileOffset = 108;
    public const int ServerNameOffset = 44;
    private const int OptionsOffset = 240;

    /// <summary>An option of IPv4: number, length, data.</summary>
    public static byte[] Option(byte code, params ReadOnlySpan<byte> data) => [code, (byte)data.Length, .. data];

    /// <summary>An option of IPv6: two bytes of number and of length, data.</summary>
    public static byte[] Option6(ushort code, params ReadOnlySpan<byte> data) =>
        [(byte)(code >> 8), (byte)code, .. DnsBytes.Vector16(data.ToArray())];

    public static byte[] Message(bool isRequest, MacAddress client, IpAddress yourAddress, params byte[][] options)
    {
        byte[] message = new byte[OptionsOffset];
        message[0] = (byte)(isRequest ? 1 : 2);
        message[1] = 1;
        message[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), 0x3903_f326);
        if (yourAddress.IsV4)
            yourAddress.WriteTo(message.AsSpan(16));
        for (int i = 0; i < 6; i++)
            message[28 + i] = (byte)(client.Value >> (40 - 8 * i));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(OptionsOffset - 4), 0x6382_5363);
        return [.. message, .. options.SelectMany(static option => option), 255];
    }

    public static byte[] Message6(byte type, params byte[][] options) =>
        [type, 0x10, 0x08, 0x74, .. options.SelectMany(static option => option)];

    /// <summary>What a relay makes of a message (RFC 8415 section 9).</summary>
    public static byte[] Relayed(byte[] message, byte hops = 0) => [12, hops, .. new byte[32], .. Option6(9, message)];
}
