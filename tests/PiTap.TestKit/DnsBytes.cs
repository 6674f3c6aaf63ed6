using System.Buffers.Binary;
using System.Text;

namespace PiTap.TestKit;

/// <summary>
/// Builds a DNS message (RFC 1035 section 4), part by part in the order of the message. The header counts what was added.
/// </summary>
public sealed class DnsBytes
{
    public const ushort Query = 0x0100;
    public const ushort Response = 0x8180;
    public const ushort MulticastResponse = 0x8400;

    private readonly List<byte> _bytes;

    public DnsBytes(ushort flags, ushort id = 0x1234)
    {
        _bytes = [.. new byte[12]];
        Write(0, id);
        Write(2, flags);
    }

    /// <summary>Bytes so far: where the next name will stand.</summary>
    public int Length => _bytes.Count;

    /// <summary>A name on the wire; the empty text is the root.</summary>
    public static byte[] Name(string text)
    {
        List<byte> name = [];
        foreach (string label in text.Split('.', StringSplitOptions.RemoveEmptyEntries))
            name.AddRange(Label(Encoding.UTF8.GetBytes(label)));
        return [.. name, 0];
    }

    public static byte[] Label(ReadOnlySpan<byte> label) => [(byte)label.Length, .. label];

    public static byte[] PointerTo(int offset) => [(byte)(0xc0 | offset >> 8), (byte)offset];

    /// <summary>The data of an SRV record (RFC 2782).</summary>
    public static byte[] Service(ushort port, byte[] target) => [0, 1, 0, 2, (byte)(port >> 8), (byte)port, .. target];

    /// <summary>The data of an SVCB or HTTPS record (RFC 9460 section 2.2).</summary>
    public static byte[] ServiceBinding(ushort priority, byte[] target, params (ushort Key, byte[] Value)[] parameters)
    {
        List<byte> data = [(byte)(priority >> 8), (byte)priority, .. target];
        foreach ((ushort key, byte[] value) in parameters)
            data.AddRange([(byte)(key >> 8), (byte)key, .. Vector16(value)]);
        return [.. data];
    }

    /// <summary>An ECHConfig (RFC 9849 section 4) with a key of 32 zeros and one cipher suite.</summary>
    public static byte[] EchConfiguration(string publicName, ushort version = 0xfe0d)
    {
        byte[] contents =
            [7, 0, 0x20, .. Vector16(new byte[32]), .. Vector16([0, 1, 0, 1]), 0, .. Label(Encoding.ASCII.GetBytes(publicName)), 0, 0];
        return [(byte)(version >> 8), (byte)version, .. Vector16(contents)];
    }

    public static byte[] Vector16(byte[] value) => [(byte)(value.Length >> 8), (byte)value.Length, .. value];

    public DnsBytes Question(string name, ushort type, ushort classField = 1) => Question(Name(name), type, classField);

    public DnsBytes Question(byte[] name, ushort type, ushort classField = 1)
    {
        _bytes.AddRange(name);
        Append(type);
        Append(classField);
        return Count(4);
    }

    public DnsBytes Answer(byte[] name, ushort type, byte[] data, ushort classField = 1, uint ttl = 300) =>
        Record(6, name, type, data, classField, ttl);

    public DnsBytes Authority(byte[] name, ushort type, byte[] data, ushort classField = 1, uint ttl = 300) =>
        Record(8, name, type, data, classField, ttl);

    public DnsBytes Additional(byte[] name, ushort type, byte[] data, ushort classField = 1, uint ttl = 300) =>
        Record(10, name, type, data, classField, ttl);

    public byte[] ToArray() => [.. _bytes];

    /// <summary>The message behind its length, as TCP carries it (RFC 7766 section 8).</summary>
    public byte[] ToTcp() => Vector16(ToArray());

    private DnsBytes Record(int countOffset, byte[] name, ushort type, byte[] data, ushort classField, uint ttl)
    {
        _bytes.AddRange(name);
        Append(type);
        Append(classField);
        Append((ushort)(ttl >> 16));
        Append((ushort)ttl);
        _bytes.AddRange(Vector16(data));
        return Count(countOffset);
    }

    private DnsBytes Count(int offset)
    {
        Write(offset, (ushort)(1 + (_bytes[offset] << 8 | _bytes[offset + 1])));
        return this;
    }

    private void Append(ushort value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }

    private void Write(int offset, ushort value)
    {
        Span<byte> pair = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(pair, value);
        _bytes[offset] = pair[0];
        _bytes[offset + 1] = pair[1];
    }
}
