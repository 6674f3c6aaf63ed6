using PiTap.Wire;
using PiTap.Wire.Application.Quic;
using PiTap.Wire.Legacy;

namespace PiTap.Fuzz.Targets;

/// <summary>Datagrams of QUIC from both sides, with the attempt to decrypt them.</summary>
internal sealed class QuicTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        QuicClassifier.LooksLike(data);
        if (QuicLongHeaderView.Parse(data, out QuicLongHeaderView header) != ParseStatus.Ok)
            return;
        Property.IsInside(header.Packet, data);
        Property.IsInside(header.DestinationConnectionId, data);
        Property.IsInside(header.SourceConnectionId, data);
        Property.Holds(header.PacketNumberOffset <= header.Packet.Length, "a packet number outside its packet");
        using QuicInitialDecryptor decryptor = new();
        QuicConnection connection = new();
        connection.Observe(data, fromClient: true, decryptor);
        connection.Observe(data, fromClient: false, decryptor);
        Property.Holds(connection.GoogleHello.Length <= QuicCryptoBuffer.MaxStreamBytes, "a stream longer than its cap");
        connection.Reset();
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [0xc3, 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x40, 64, .. new byte[64]],
        [0xd3, 0x6b, 0x33, 0x43, 0xcf, 8, 1, 2, 3, 4, 5, 6, 7, 8, 2, 9, 9, 0, 0x40, 40, .. new byte[60]],
        [0xc3, 0xff, 0, 0, 29, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 32, .. new byte[32]],
        [0x80, 0, 0, 0, 0, 4, 1, 2, 3, 4, 4, 5, 6, 7, 8, 0, 0, 0, 1, 0x6b, 0x33, 0x43, 0xcf],
    ];
}

/// <summary>The plaintext of Initial packets: frames, and the stream of CRYPTO data in them.</summary>
internal sealed class QuicFramesTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        foreach (uint version in (uint[])[QuicVersions.V1, GquicVersions.Q050])
        {
            QuicFrameReader frames = new(data, version);
            QuicCryptoBuffer stream = new();
            int count = 0;
            while (frames.Read())
            {
                Property.IsInside(frames.Data, data);
                if (frames.Kind == QuicFrameKind.Crypto)
                    stream.TryAdd(frames.Offset, frames.Data);
                Property.Holds(++count <= data.Length, "more frames than bytes");
            }
            Property.Holds(stream.Prefix.Length <= QuicCryptoBuffer.MaxStreamBytes, "a stream longer than its cap");
            stream.Reset();
            Property.Holds(stream.Prefix.IsEmpty, "a fresh stream that holds bytes");
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
    [
        [6, 0, 4, 1, 0, 0, 0, 0, 0, 0, 1],
        [2, 0x44, 1, 2, 1, 3, 0, 1, 6, 2, 2, 9, 9, 6, 0, 2, 8, 8],
        [3, 0, 0, 0, 0, 1, 2, 3, 6, 0x40, 70, 3, 1, 2, 3, 0],
    ];
}

/// <summary>Google's QUIC before the IETF's.</summary>
internal sealed class GquicTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (GquicView.Parse(data, out GquicView packet) == ParseStatus.Ok)
        {
            Property.IsInside(packet.ConnectionId, data);
            Touch(packet.Message, data);
        }
        if (GquicMessageView.Parse(data, out GquicMessageView message) == ParseStatus.Ok)
            Touch(message, data);
    }

    private static void Touch(in GquicMessageView message, ReadOnlySpan<byte> data)
    {
        Property.IsInside(message.Sni, data);
        Property.IsInside(message.UserAgent, data);
        int count = 0;
        foreach (GquicTag tag in message)
        {
            Property.IsInside(tag.Value, data);
            Property.Holds(++count <= GquicMessageView.MaxTags, "more tags than the cap");
        }
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] message = [.. "CHLO"u8, 2, 0, 0, 0, .. "SNI\0"u8, 6, 0, 0, 0, .. "UAID"u8, 9, 0, 0, 0, .. "a.test"u8, .. "abc"u8];
        yield return message;
        yield return [0x0d, 1, 2, 3, 4, 5, 6, 7, 8, .. "Q043"u8, 1, .. new byte[12], 0xa0, 1, 0, .. message];
    }
}
