using System.Buffers.Binary;
using System.Text;
using PiTap.Model;

namespace PiTap.Wire.Tests.Pcap;

/// <summary>Builds capture files field by field, in either byte order, right or wrong.</summary>
internal sealed class CaptureBytes(bool isBigEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public CaptureBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBytes U16(ushort value)
    {
        Span<byte> field = stackalloc byte[2];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(field, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(field, value);
        return Raw(field);
    }

    public CaptureBytes U32(uint value)
    {
        Span<byte> field = stackalloc byte[4];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(field, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(field, value);
        return Raw(field);
    }

    public CaptureBytes U64(ulong value)
    {
        Span<byte> field = stackalloc byte[8];
        if (isBigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(field, value);
        else
            BinaryPrimitives.WriteUInt64LittleEndian(field, value);
        return Raw(field);
    }

    public CaptureBytes FileHeader(uint magic = 0xA1B2C3D4, uint link = 1, ushort minor = 4) =>
        U32(magic).U16(2).U16(minor).U32(0).U32(0).U32(65535).U32(link);

    public CaptureBytes Record(uint seconds, uint fraction, uint captured, uint original, params ReadOnlySpan<byte> data) =>
        U32(seconds).U32(fraction).U32(captured).U32(original).Raw(data);

    public CaptureBytes Block(uint type, CaptureBytes body)
    {
        byte[] content = body.ToArray();
        uint total = (uint)content.Length + 12;
        return U32(type).U32(total).Raw(content).U32(total);
    }

    public CaptureBytes Section(ushort major = 1) => Block(0x0A0D0D0A, New().U32(0x1A2B3C4D).U16(major).U16(0).U64(ulong.MaxValue));

    public CaptureBytes Interface(
        LinkType link = LinkType.Ethernet, uint snapLength = 0, byte? resolution = null, ulong? offsetSeconds = null)
    {
        CaptureBytes body = New().U16((ushort)link).U16(0).U32(snapLength);
        // An option of no interest comes first, so that skipping is seen to work.
        body.U16(2).U16(5).Raw(Encoding.ASCII.GetBytes("wlan0\0\0\0"));
        if (resolution is { } exponent)
            body.U16(9).U16(1).Raw(exponent, 0, 0, 0);
        if (offsetSeconds is { } offset)
            body.U16(14).U16(8).U64(offset);
        return Block(1, body.U16(0).U16(0));
    }

    public CaptureBytes Enhanced(uint number, ulong units, uint captured, uint original, params ReadOnlySpan<byte> data) =>
        Block(6, New().U32(number).U32((uint)(units >> 32)).U32((uint)units).U32(captured).U32(original).Raw(data)
            .Raw(new byte[-data.Length & 3]));

    public CaptureBytes Obsolete(ushort number, ulong units, uint captured, uint original, params ReadOnlySpan<byte> data) =>
        Block(2, New().U16(number).U16(7).U32((uint)(units >> 32)).U32((uint)units).U32(captured).U32(original).Raw(data)
            .Raw(new byte[-data.Length & 3]));

    public CaptureBytes Simple(uint original, params ReadOnlySpan<byte> data) =>
        Block(3, New().U32(original).Raw(data).Raw(new byte[-data.Length & 3]));

    public CaptureBytes New() => new(isBigEndian);
}
