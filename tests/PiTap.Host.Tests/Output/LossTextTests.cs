using PiTap.Host.Output;
using PiTap.Model;

namespace PiTap.Host.Tests.Output;

public sealed class LossTextTests
{
    private static readonly SourceCounters[] s_sources = [new SourceCounters { Source = "a", Received = 12, Kept = 8, Reduced = 3,
        Filtered = 1 }];

    [Theory]
    [InlineData("wifi-encrypted", 1_234, "1,234 encrypted Wi-Fi frames: their contents cannot be read.")]
    [InlineData("wifi-encrypted", 1, "1 encrypted Wi-Fi frame: its contents cannot be read.")]
    [InlineData("wifi-repeated", 2, "2 Wi-Fi frames were sent again; each packet counts once.")]
    [InlineData("wifi-damaged", 2, "2 Wi-Fi frames came damaged and were not read.")]
    [InlineData("packets-cut", 5, "5 of 12 packets were cut by the capture: what was behind the cut is not known.")]
    [InlineData("devices-folded", 1, "1 device that was hardly answered was counted as (other devices).")]
    [InlineData("devices-folded", 7, "7 devices that were hardly answered were counted as (other devices).")]
    [InlineData("store-devices-folded", 1, "1 device that moved next to nothing was counted as (other devices): the store keeps no more.")]
    [InlineData(
        "store-devices-folded", 7, "7 devices that moved next to nothing were counted as (other devices): the store keeps no more.")]
    [InlineData("packets-translated", 6, "6 of 12 packets were seen again with this machine's own address, as it translates addresses: "
        + "they count once, as the device's.")]
    [InlineData("packets-doubled", 6, "6 of 12 packets came twice within moments, as from a switch's mirror port that copies what goes in "
        + "and what comes out, or from all interfaces of a bridge: packets and bytes count twice.")]
    [InlineData("lookups-reduced", 1, "1 message of name lookups of ignored hosts was left out, as asked.")]
    [InlineData("lookups-reduced", 4, "4 messages of name lookups of ignored hosts were left out, as asked.")]
    [InlineData("packets-not-ip", 8, "8 of 12 packets are no IP: there is nothing to name in them.")]
    [InlineData("link-type-220", 3, "3 packets of link type 220 (USB on Linux) were left out: PiTap does not read them.")]
    [InlineData("link-type-5000", 1, "1 packet of link type 5000 was left out: PiTap does not read it.")]
    [InlineData("link-type-other", 3, "3 packets of other link types were left out: PiTap does not read them.")]
    [InlineData("flows-evicted", 3, "Lost, evicted or rejected: flows-evicted 3.")]
    public void What_a_capture_lacks_is_a_sentence_of_its_own(string name, long count, string expected) =>
        Assert.Equal(
            ["Left out on a as asked: 1 packets of other clients, 3 of ignored hosts.", expected],
            LossText.Lines(s_sources, [new LossCounter(name, count)]));
}
