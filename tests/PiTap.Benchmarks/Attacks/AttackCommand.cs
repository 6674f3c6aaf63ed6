using System.Globalization;
using System.Text;
using PiTap.Model;

namespace PiTap.Benchmarks.Attacks;

/// <summary>
/// <c>attack NAME OUTPUT</c> writes a capture of one attack with a phone's own traffic spread evenly through it, <c>attack benign
/// OUTPUT</c> that traffic alone, <c>attack NAME OUTPUT PACKETS</c> so many packets of an attack alone, and <c>attack list</c> prints
/// names, packets and goals. attacks.py makes the table, live.py tries a live run.
/// </summary>
internal static class AttackCommand
{
    /// <summary>How fast the attacker sends: a packet each 250 us, 4,000 a second.</summary>
    private const long StepNs = 250_000;

    /// <summary>2021-02-12T17:00:00Z.</summary>
    private const long StartNs = 1_613_149_200 * PacketTime.NanosecondsPerSecond;

    public static int Run(string[] arguments)
    {
        if (arguments is ["list"])
        {
            foreach (Attack attack in AttackTable.All)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{attack.Name}\t{attack.Packets}\t{attack.Goal}"));
            return 0;
        }
        int packets = 0;
        if (arguments is not [string name, string path, ..] || !TryFind(name, out Attack? found)
            || arguments.Length > 3 || (arguments.Length == 3 && (found is null || !int.TryParse(arguments[2], out packets))))
        {
            Console.Error.WriteLine("Usage: attack list | attack benign OUTPUT | attack NAME OUTPUT [PACKETS], with a NAME from the list.");
            return 2;
        }
        using FileStream file = File.Create(path);
        using PcapFile output = new(file);
        if (packets > 0)
            WriteAlone(output, found!.Frames(packets));
        else
            Write(output, found);
        return 0;
    }

    private static bool TryFind(string name, out Attack? attack)
    {
        attack = Array.Find(AttackTable.All, attack => attack.Name == name);
        return attack is not null || name == "benign";
    }

    private static void WriteAlone(PcapFile output, IEnumerable<byte[]> frames)
    {
        long timeNs = StartNs;
        foreach (byte[] frame in frames)
            output.Write(timeNs += StepNs, frame);
    }

    private static void Write(PcapFile output, Attack? attack)
    {
        long timeNs = StartNs;
        int each = attack is null ? 0 : Math.Max(1, attack.Packets / Benign.Connections);
        using IEnumerator<byte[]> hostile = (attack?.Frames(attack.Packets) ?? []).GetEnumerator();
        bool hasMore = attack is not null;
        foreach (IReadOnlyList<byte[]> connection in Benign.Frames())
        {
            for (int i = 0; i < each && hasMore && (hasMore = hostile.MoveNext()); i++)
                output.Write(timeNs += StepNs, hostile.Current);
            foreach (byte[] frame in connection)
                output.Write(timeNs += StepNs, frame);
        }
        while (hasMore && hostile.MoveNext())
            output.Write(timeNs += StepNs, hostile.Current);
    }

    /// <summary>A pcap file with nanoseconds (draft-ietf-opsawg-pcap section 4).</summary>
    private sealed class PcapFile : IDisposable
    {
        private readonly BinaryWriter _writer;

        public PcapFile(Stream stream)
        {
            _writer = new BinaryWriter(new BufferedStream(stream, 1 << 20), Encoding.ASCII);
            _writer.Write(0xa1b23c4d);
            _writer.Write((ushort)2);
            _writer.Write((ushort)4);
            _writer.Write(0L);
            _writer.Write(262_144);
            _writer.Write((int)LinkType.Ethernet);
        }

        public void Write(long timeNs, byte[] frame)
        {
            _writer.Write((uint)(timeNs / PacketTime.NanosecondsPerSecond));
            _writer.Write((uint)(timeNs % PacketTime.NanosecondsPerSecond));
            _writer.Write(frame.Length);
            _writer.Write(frame.Length);
            _writer.Write(frame);
        }

        public void Dispose() => _writer.Dispose();
    }
}
