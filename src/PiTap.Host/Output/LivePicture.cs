using System.Globalization;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>A live state as lines of a terminal: the counters, then who is new and who is busiest.</summary>
internal static class LivePicture
{
    /// <summary>Contacts in each of the two groups.</summary>
    private const int MaxRows = 8;

    /// <summary>Lines that are no contacts: the counters, two headings, and one that stays free for what comes after.</summary>
    private const int OtherLines = 4;

    private const int MaxDeviceChars = 20;
    private const int MaxProtocolChars = 12;
    private const int MaxHostChars = 60;
    private const int MinHostChars = 16;

    /// <summary>Characters of a row beside device, host and protocol.</summary>
    private const int FigureChars = 40;

    /// <summary>At most as many lines as the terminal has, each cut to its width.</summary>
    public static IReadOnlyList<string> Lines(LiveState state, int width, int height)
    {
        List<string> lines = [Counters(state)];
        int rows = Math.Min(MaxRows, (height - OtherLines) / 2);
        if (rows > 0 && state.Contacts.Count > 0)
        {
            Add(lines, "Newest", state.Newest(rows), width);
            Add(lines, "Busiest", state.Busiest(rows), width);
        }
        return [.. lines.Select(line => Cut(line, width - 1))];
    }

    /// <summary>The counters alone.</summary>
    public static string Counters(LiveState state)
    {
        long packets = state.Sources.Sum(static source => source.Received);
        string elapsed = Duration.Format(state.UptimeNs / PacketTime.NanosecondsPerSecond * PacketTime.NanosecondsPerSecond);
        return TerminalText.Clean(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed}  {string.Join('+', state.Sources.Select(static source => source.Source))}  {packets:N0} packets  {state.Totals.Devices:N0} devices  "
            + $"{state.Totals.FlowsActive:N0} flows active  {state.Sources.Sum(LossText.Dropped):N0} lost"));
    }

    private static void Add(List<string> lines, string heading, IReadOnlyList<LiveContact> contacts, int width)
    {
        lines.Add(heading);
        int hostChars = Math.Clamp(width - MaxDeviceChars - MaxProtocolChars - FigureChars, MinHostChars, MaxHostChars);
        foreach (LiveContact contact in contacts)
        {
            string protocols = contact.Record.AppProtos == 0 ? "-" : string.Join(' ', KindNames.Names(contact.Record.AppProtos));
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"  {Fit(contact.DeviceName, MaxDeviceChars)}  {Fit(contact.Record.Host, hostChars)}  {Fit(protocols, MaxProtocolChars)}  "
                + $"{Rate(contact.UpPerSecond)} up {Rate(contact.DownPerSecond)} down"));
        }
    }

    private static string Rate(long bytesPerSecond) => (ByteSize.Format(bytesPerSecond) + "/s").PadLeft(10);

    private static string Fit(string text, int chars) => Cut(TerminalText.Clean(text), chars).PadRight(chars);

    private static string Cut(string text, int chars) => text.Length <= chars ? text : text[..chars];
}
