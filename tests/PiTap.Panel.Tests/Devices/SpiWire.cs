using System.Device.Spi;

namespace PiTap.Panel.Tests.Devices;

/// <summary>An SPI bus of which only the data line is looked at.</summary>
internal sealed class SpiWire(Action<ReadOnlyMemory<byte>> written) : SpiDevice
{
    public override SpiConnectionSettings ConnectionSettings { get; } = new(0, 0);

    public override void Write(ReadOnlySpan<byte> buffer) => written(buffer.ToArray());

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();
}
