using System.Globalization;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Commands;
using PiTap.Model;

namespace PiTap.Host.Output;

/// <summary>What a live capture says while it runs: a status line on a terminal, and lines for what changes elsewhere.</summary>
internal sealed class LiveStatus(Surface surface) : ILiveObserver
{
    /// <summary>Devices counted for the status line.</summary>
    private const int MaxDevices = 65_536;

    private const string ClearLine = "\r\u001b[K";

    private readonly Lock _screen = new();
    private readonly Dictionary<string, SourceCounters> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private readonly long _started = surface.Clock.GetTimestamp();
    private bool _hasStatus;

    public void Flushed(RecordBatch batch)
    {
        foreach (DeviceRecord device in batch.Devices)
        {
            if (_devices.Count < MaxDevices)
                _devices.Add(device.Id);
        }
        foreach (SourceCounters source in batch.Sources)
            Compare(source);
        if (surface.IsErrorTerminal)
            Draw(batch);
    }

    public void Failed(string sentence) => Line(sentence);

    /// <summary>A line of its own, above the status. From any thread: capture and store have news too.</summary>
    public void Line(string message)
    {
        lock (_screen)
        {
            ClearStatus();
            surface.Say(message);
        }
    }

    /// <summary>Takes the status line away.</summary>
    public void Clear()
    {
        lock (_screen)
            ClearStatus();
    }

    private void ClearStatus()
    {
        if (_hasStatus)
            surface.Error.Write(ClearLine);
        _hasStatus = false;
    }

    private void Compare(SourceCounters now)
    {
        SourceCounters before = _sources.GetValueOrDefault(now.Source) ?? new SourceCounters { Source = now.Source };
        _sources[now.Source] = now;
        long dropped = Dropped(now) - Dropped(before);
        if (dropped > 0 && Dropped(before) == 0)
            Line($"{now.Source} loses packets: {RecordTables.Count(dropped)} so far; 'pitap stats' keeps count.");
    }

    private void Draw(RecordBatch batch)
    {
        long packets = _sources.Values.Sum(static source => source.Received);
        long dropped = _sources.Values.Sum(Dropped);
        string elapsed = Duration.Format((long)surface.Clock.GetElapsedTime(_started).TotalSeconds * PacketTime.NanosecondsPerSecond);
        string status = string.Create(CultureInfo.InvariantCulture,
            $"{elapsed}  {string.Join('+', _sources.Keys)}  {packets:N0} packets  {_devices.Count:N0} devices  {batch.Flows.Count:N0} flows active  {dropped:N0} lost");
        string cleaned = TerminalText.Clean(status);
        lock (_screen)
        {
            surface.Error.Write(ClearLine + (cleaned.Length < surface.Width ? cleaned : cleaned[..(surface.Width - 1)]));
            _hasStatus = true;
        }
    }

    private static long Dropped(SourceCounters source) => source.DroppedByKernel + source.DroppedByInterface + source.DroppedByRing;
}
