using System.Globalization;
using PiTap.Model;
using PiTap.TestKit;

namespace PiTap.Benchmarks.Attacks;

/// <summary>A phone that goes on using its apps while somebody attacks: connections with names that are counted afterwards.</summary>
internal static class Benign
{
    /// <summary>Connections; each has a name of its own below <see cref="Domain"/>.</summary>
    public const int Connections = 400;

    public const string Domain = "benign.example.com";

    /// <summary>The frames of each connection: handshake, hello, some data each way, close.</summary>
    public static IEnumerable<IReadOnlyList<byte[]>> Frames()
    {
        IpAddress server = Packets.Ip("203.0.113.80");
        byte[] data = new byte[1_200];
        for (int i = 0; i < Connections; i++)
        {
            Conversation talk = new Conversation(Packets.Phone, (ushort)(20_000 + i), server, 443).Open();
            talk.Send(true, HelloBytes.Client(string.Create(CultureInfo.InvariantCulture, $"n{i}.{Domain}")));
            for (int k = 0; k < 6; k++)
                talk.Send(k % 2 == 0, [0x17, 3, 3, 4, 0xab, .. data.AsSpan(5)]);
            talk.Close();
            yield return [.. talk.Packets.Select(static packet => packet.Data)];
        }
    }
}
