using System.Globalization;
using PiTap.Model;

namespace PiTap.Panel.State;

/// <summary>Something that does not work.</summary>
/// <param name="Code">Short enough for the smallest display, and what the hardware's page calls it.</param>
/// <param name="Sentence">What it is, and what to do.</param>
/// <param name="Words">The same in a few words.</param>
public sealed record PanelFailure(string Code, string Sentence, string Words)
{
    /// <summary>Where a processor of the Pi begins to slow itself down, degrees Celsius.</summary>
    internal const double HotCelsius = 80;

    /// <summary>Below this much room the store soon forgets to go on, bytes.</summary>
    internal const long LittleRoomBytes = 200L << 20;

    private const long SilentForNs = PacketTime.NanosecondsPerMinute;

    /// <summary>What a capture and its machine are short of, worst first.</summary>
    internal static IReadOnlyList<PanelFailure> Of(LiveState capture, PanelFacts facts, long lost) =>
    [
        .. capture.Health.Failures.Take(1).Select(static sentence => new PanelFailure("E1", sentence, "interface ended")),
        .. If(capture.Health.IsStoreWaiting, "E2", "The disk refuses to be written to: make room, or put in another card.", "disk refuses"),
        .. If(capture.Health.StoreRecordsLost > 0, "E3",
            $"{Count(capture.Health.StoreRecordsLost)} records were lost: the disk refused for too long.", "records lost"),
        .. If(lost > 0, "E4", $"{Count(lost)} packets were lost: more came than this machine could take.", "packets lost"),
        .. If(facts.IsThrottled == true, "E5", "The processor is slowed down: check the power supply and the cooling.", "slowed down"),
        .. If(facts.Celsius >= HotCelsius, "E6", "The processor is hot: give it air.", "hot"),
        .. If(facts.FreeBytes < LittleRoomBytes, "E7", "The card is nearly full: the oldest records will be forgotten.",
            "card nearly full"),
        .. If(facts.IsClockSet == false, "E8", "The clock was never set: times are wrong, what they tell apart is right.",
            "clock not set"),
        .. If(facts.Clients >= facts.Seats, "E9", "All seats on the network are taken: further phones are turned away.",
            "no seat free"),
        .. If(capture.Health.SinceLastPacketNs > SilentForNs, "E10",
            "No packet has come for a minute: is the phone on this network?", "silence"),
    ];

    private static IEnumerable<PanelFailure> If(bool isSo, string code, string sentence, string inShort) =>
        isSo ? [new PanelFailure(code, sentence, inShort)] : [];

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
