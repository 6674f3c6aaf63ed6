using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Other;
using PiTap.Wire.Legacy;

namespace PiTap.Fuzz.Targets;

/// <summary>SOCKS, both sides.</summary>
internal sealed class SocksTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (SocksView.ParseClient(data, out SocksView client) == ParseStatus.Ok)
            Check(client, data, isServer: false);
        if (SocksView.ParseServer(data, out SocksView server) == ParseStatus.Ok)
            Check(server, data, isServer: true);
    }

    private static void Check(in SocksView socks, ReadOnlySpan<byte> data, bool isServer)
    {
        Property.IsInside(socks.Host, data);
        Property.IsInside(socks.UserName, data);
        Property.Holds(socks.TotalLength > 0 && socks.TotalLength <= data.Length, "a length outside its bytes");
        Property.Holds(socks.IsServer == isServer && socks.Version is 4 or 5, "another side or version");
        Property.Holds(socks.Host.Length + socks.UserName.Length < socks.TotalLength, "names longer than the message");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [5, 1, 0, 5, 1, 0, 3, 6, .. "a.test"u8, 1, 187],
        [5, 2, 0, 2, 1, 1, (byte)'u', 1, (byte)'p', 5, 1, 0, 1, 192, 0, 2, 1, 0, 80],
        [4, 1, 0, 80, 0, 0, 0, 1, (byte)'u', 0, .. "a.test"u8, 0],
        [5, 0, 5, 0, 0, 4, .. new byte[16], 1, 187],
        [0, 90, 0, 80, 192, 0, 2, 1],
    ];
}

/// <summary>A packet of OpenVPN's control channel.</summary>
internal sealed class OpenVpnTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (OpenVpnPacketView.Parse(data, out OpenVpnPacketView packet) != ParseStatus.Ok)
            return;
        Property.IsInside(packet.Session, data);
        Property.Holds(packet.Session.Length == OpenVpnPacketView.SessionBytes, "a session of another length");
        Property.Holds(!(packet.IsReset && packet.IsControl), "two kinds at once");
        foreach (int length in OpenVpnPacketView.AuthenticationLengths)
        {
            if (packet.TryReadPiece(length, out _, out ReadOnlySpan<byte> piece))
                Property.IsInside(piece, data);
        }
        Property.Holds(!OpenVpnPacketView.IsPlainReset(data) || packet.IsReset, "a plain reset that is none");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [7 << 3, .. "session1"u8, 0, 0, 0, 0, 0],
        [8 << 3, .. "session2"u8, 1, 0, 0, 0, 0, .. "session1"u8, 0, 0, 0, 0],
        [4 << 3, .. "session1"u8, 0, 0, 0, 0, 1, .. TestKit.HelloBytes.Client("a.test")],
        [4 << 3, .. "session1"u8, .. new byte[20 + 8], 0, 0, 0, 0, 1, .. TestKit.HelloBytes.Client("a.test")],
    ];
}

/// <summary>What looks at bytes of no known protocol: recognisers of a first line, of text, of evenness.</summary>
internal sealed class ProbeTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        int readable = TextProbe.ReadableBytes(data);
        Property.Holds(readable >= 0 && readable <= Math.Min(data.Length, TextProbe.MaxBytes), "more text than bytes");
        Property.Holds(!TextProbe.IsReadable(data) || readable >= TextProbe.MinReadableBytes, "text without characters");
        double bits = ByteEntropy.BitsPerByte(data);
        Property.Holds(bits is >= 0 and <= 8, "an entropy beyond its scale");
        double relative = ByteEntropy.RelativeToRandom(data);
        Property.Holds(relative is >= 0 and < 2, "a share beyond its scale");
        bool isIke = IpsecMessages.IsIke(data);
        Property.Holds(!isIke || (IpsecMessages.IsFromInitiator(data) is null) == (data[17] == 0x10), "IKE of another version");
        Property.Holds(!isIke || !IpsecMessages.IsAnswer(data) || data[17] == 0x20 || data[8..16].ContainsAnyExcept((byte)0),
            "an answer without a responder");
        Property.Holds(!IpsecMessages.IsEsp(data, isWhole: true) || (data.Length & 3) == 0, "ESP that ends anywhere");
        Property.Holds(!SipMessage.IsMessage(data) || data.IndexOf("SIP/2.0"u8) >= 0, "SIP without its version");
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [.. "INVITE sip:bob@b.example SIP/2.0\r\n"u8],
        [.. "{\"комната\":\"Вечерние новости\"}"u8],
        [.. "今夜のニュースについて"u8, 0xe4, 0xb8],
        TunnelBytes.Ike(),
        TunnelBytes.Esp(),
        [.. "SIP/2.0 180 Ringing\r\n"u8, 0xc0, 0xaf, 0xed, 0xa0, 0x80],
    ];
}
