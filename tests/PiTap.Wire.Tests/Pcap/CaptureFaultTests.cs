using PiTap.Wire.Pcap;

namespace PiTap.Wire.Tests.Pcap;

public sealed class CaptureFaultTests
{
    private const int SectionBytes = 28;
    private const int InterfaceBytes = 36;

    private static CaptureBytes Start => new CaptureBytes(false).Section().Interface();

    [Fact]
    public void Bytes_of_no_known_format_are_no_capture()
    {
        AssertFault("PK\u0003\u0004 and so on"u8.ToArray(), CaptureFault.NotACapture, 0, 0);
        AssertFault([], CaptureFault.NotACapture, 0, 0);
    }

    [Fact]
    public void Versions_that_are_not_known_are_named()
    {
        AssertFault(new CaptureBytes(false).U32(0xA1B2C3D4).U16(543).Raw(new byte[18]).ToArray(), CaptureFault.VersionUnknown, 0, 543);
        AssertFault(new CaptureBytes(true).Section(major: 2).ToArray(), CaptureFault.VersionUnknown, 0, 2);
    }

    [Fact]
    public void A_section_without_a_byte_order_is_damage() =>
        AssertFault(new CaptureBytes(true).U32(0x0A0D0D0A).U32(28).U32(0x11223344).Raw(new byte[16]).ToArray(),
            CaptureFault.ByteOrderUnknown, 0, 0x11223344);

    [Theory]
    [InlineData(0u, CaptureFault.BlockLengthInvalid)]
    [InlineData(8u, CaptureFault.BlockLengthInvalid)]
    [InlineData(13u, CaptureFault.BlockLengthInvalid)]
    [InlineData(28u, CaptureFault.BlockLengthInvalid)]
    [InlineData(uint.MaxValue, CaptureFault.BlockTooLong)]
    [InlineData(16_777_216u + 4, CaptureFault.BlockTooLong)]
    [Trait("cap", "Wire.CaptureFileParser.MaxBlockBytes")]
    public void A_block_length_that_cannot_be_is_damage(uint length, CaptureFault fault) =>
        AssertFault(Start.U32(6).U32(length).Raw(new byte[64]).ToArray(), fault, SectionBytes + InterfaceBytes, length);

    [Fact]
    public void Lengths_that_differ_at_a_blocks_ends_are_damage() =>
        AssertFault(Start.U32(99).U32(16).U32(0).U32(20).ToArray(), CaptureFault.BlockLengthsDiffer, SectionBytes + InterfaceBytes, 20);

    [Fact]
    public void A_packet_that_does_not_fit_into_its_block_is_damage()
    {
        AssertFault(Start.Enhanced(0, 0, 5, 5, 1, 2, 3, 4).ToArray(), CaptureFault.PacketBeyondBlock, SectionBytes + InterfaceBytes, 5);
        AssertFault(Start.Enhanced(0, 0, uint.MaxValue, 5, 1, 2, 3, 4).ToArray(), CaptureFault.PacketTooLong, SectionBytes + InterfaceBytes,
            uint.MaxValue);
    }

    [Fact]
    public void A_packet_of_an_interface_that_was_not_described_is_damage()
    {
        AssertFault(Start.Enhanced(1, 0, 1, 1, 1).ToArray(), CaptureFault.InterfaceUnknown, SectionBytes + InterfaceBytes, 1);
        AssertFault(new CaptureBytes(false).Section().Simple(1, 1).ToArray(), CaptureFault.InterfaceUnknown, SectionBytes, 0);
        // Those of the section before do not count.
        AssertFault(Start.Section().Obsolete(0, 0, 1, 1, 1).ToArray(), CaptureFault.InterfaceUnknown, 2 * SectionBytes + InterfaceBytes, 0);
    }

    [Fact]
    [Trait("cap", "Wire.CaptureFileParser.MaxInterfaces")]
    public void The_number_of_interfaces_is_bounded()
    {
        CaptureBytes file = new CaptureBytes(false).Section();
        for (int i = 0; i <= 4_096; i++)
            file.Interface();
        AssertFault(file.ToArray(), CaptureFault.TooManyInterfaces, SectionBytes + 4_096 * InterfaceBytes, 4_096);
    }

    private static void AssertFault(byte[] file, CaptureFault fault, long offset, long value)
    {
        CaptureRun run = CaptureRun.Read(file);
        Assert.Equal(CaptureParseStatus.Failed, run.Status);
        Assert.Equal((fault, offset, value), (run.Fault, run.FaultOffset, run.FaultValue));
    }
}
