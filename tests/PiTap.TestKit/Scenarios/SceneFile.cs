using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using PiTap.Model;
using PiTap.Wire.Pcap;

namespace PiTap.TestKit.Scenarios;

/// <summary>Writes a scene as a pcapng file that says what it is.</summary>
public static class SceneFile
{
    private const uint SectionHeader = 0x0a0d_0d0a, ByteOrderMagic = 0x1a2b_3c4d;
    private const ushort EndOption = 0, CommentOption = 1, ApplicationOption = 4;
    private const string Application = "PiTap tests";
    private const string Interface = "wlan0";

    /// <summary>The file's bytes, with a comment on the whole.</summary>
    public static byte[] Write(Scene scene, string comment)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArrayBufferWriter<byte> file = new();
        file.Write(Section(comment));
        PcapngWriter writer = new(file);
        int number = writer.WriteInterface(LinkType.Ethernet, 0, Interface);
        foreach (ScenePacket packet in scene.Packets)
        {
            CapturedPacket captured = new()
            {
                TimeNs = packet.TimeNs,
                Link = LinkType.Ethernet,
                OriginalLength = packet.Frame.Length,
                Data = packet.Frame,
            };
            writer.WritePacket(number, captured, packet.Comment);
        }
        return file.WrittenSpan.ToArray();
    }

    /// <summary>The section header block (draft-ietf-opsawg-pcapng section 4.1), which the writer makes without a comment.</summary>
    private static byte[] Section(string comment)
    {
        byte[] options = [.. Option(CommentOption, comment), .. Option(ApplicationOption, Application), .. Option(EndOption, "")];
        byte[] block = new byte[28 + options.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(block, SectionHeader);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(8), ByteOrderMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(block.AsSpan(12), 1);
        // How long the section is: not said.
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(16), -1);
        options.CopyTo(block, 24);
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(block.Length - 4), block.Length);
        return block;
    }

    private static byte[] Option(ushort code, string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        byte[] option = new byte[4 + value.Length + (-value.Length & 3)];
        BinaryPrimitives.WriteUInt16LittleEndian(option, code);
        BinaryPrimitives.WriteUInt16LittleEndian(option.AsSpan(2), (ushort)value.Length);
        value.CopyTo(option, 4);
        return option;
    }
}
