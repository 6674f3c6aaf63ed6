using System.Globalization;
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

    /// <summary>Cells of a row that are neither device nor host: indent, gaps and the two rates.</summary>
    private const int RateCells = 34;

    /// <summary>A protocol is shown where that leaves a name its room.</summary>
    private const int ProtocolCells = 14;

    private const int MinHostCells = 24;
    private const int MaxHostCells = 60;
    private const int MaxDeviceCells = 20;

    /// <summary>At most as many lines as the terminal has, each cut to its width.</summary>
    public static IReadOnlyList<string> Lines(LiveState state, int width, int height, bool isUnicode = true)
    {
        List<string> lines = [Counters(state, isUnicode)];
        int rows = Math.Min(MaxRows, (height - OtherLines) / 2);
        if (rows > 0 && state.Contacts.Count > 0)
        {
            Add(lines, "Newest", state.Newest(rows), width - 1, isUnicode);
            Add(lines, "Busiest", state.Busiest(rows), width - 1, isUnicode);
        }
        return [.. lines.Select(line => DisplayText.CutRight(line, width - 1, isUnicode))];
    }

    /// <summary>The counters alone.</summary>
    public static string Counters(LiveState state, bool isUnicode = true)
    {
        long packets = state.Sources.Sum(static source => source.Received);
        string elapsed = Duration.Format(state.UptimeNs / PacketTime.NanosecondsPerSecond * PacketTime.NanosecondsPerSecond);
        return DisplayText.Clean(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed}  {string.Join('+', state.Sources.Select(static source => source.Source))}  {packets:N0} packets  {state.Totals.Devices:N0} devices  "
            + $"{state.Totals.FlowsActive:N0} flows active  {state.Sources.Sum(LossText.Dropped):N0} lost"), isUnicode);
    }

    private static void Add(List<string> lines, string heading, IReadOnlyList<LiveContact> contacts, int width, bool isUnicode)
    {
        lines.Add(heading);
        // The host is what is looked for: what stands beside it goes first.
        bool hasRates = width - RateCells >= MinHostCells;
        int room = width - 2 - (hasRates ? RateCells - 2 : 0);
        int device = room >= MinHostCells + 2 + MaxDeviceCells / 2 ? Math.Min(MaxDeviceCells, room - MinHostCells - 2) : 0;
        room -= device > 0 ? device + 2 : 0;
        bool hasProtocol = room >= MinHostCells + ProtocolCells;
        int host = Math.Min(MaxHostCells, room - (hasProtocol ? ProtocolCells : 0));
        foreach (LiveContact contact in contacts)
        {
            string name = device > 0 ? Fit(contact.DeviceName, device, isUnicode) + "  " : "";
            string line = $"  {name}{Fit(contact.Record.Host, host, isUnicode)}";
            if (hasProtocol)
            {
                string protocols = contact.Record.AppProtos == 0 ? "-" : string.Join(' ', KindNames.Names(contact.Record.AppProtos));
                line += "  " + DisplayText.PadRight(DisplayText.CutRight(protocols, ProtocolCells - 2, isUnicode), ProtocolCells - 2);
            }
            lines.Add(hasRates ? $"{line}  {Rate(contact.UpPerSecond)} up {Rate(contact.DownPerSecond)} down" : line.TrimEnd());
        }
    }

    private static string Rate(long bytesPerSecond) => (ByteSize.Format(bytesPerSecond) + "/s").PadLeft(10);

    private static string Fit(string text, int cells, bool isUnicode) =>
        DisplayText.PadRight(DisplayText.CutLeft(DisplayText.Clean(text, isUnicode), cells, isUnicode), cells);
}
