using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Replay;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Output;

/// <summary>What a replay found, at a glance.</summary>
internal sealed class ReplaySummary
{
    private readonly RunRecord _run;
    private readonly StoreInfo _info;
    private readonly IReadOnlyList<FileOutcome> _files;
    private readonly FoundTables _found;

    private ReplaySummary(RunRecord run, StoreInfo info, IReadOnlyList<FileOutcome> files, FoundTables found)
    {
        _run = run;
        _info = info;
        _files = files;
        _found = found;
    }

    private long Packets => _files.Sum(static file => file.Packets);

    private long Bytes => _files.Sum(static file => file.Bytes);

    public static ReplaySummary Read(RecordStore store, int run, IReadOnlyList<FileOutcome> files)
    {
        using IStoreReader reader = store.CreateReader();
        RunRecord record = reader.Runs().LastOrDefault(candidate => candidate.Run == run)
            ?? new RunRecord { Run = run, Mode = "replay", StartedNs = 0 };
        StoreInfo info = reader.Info();
        return new ReplaySummary(record, info, files, FoundTables.Read(store, reader, info));
    }

    public void WriteText(Surface surface)
    {
        string what = _files.Count == 1 ? TerminalText.Clean(_files[0].Path) : $"{_files.Count} files";
        surface.Out.WriteLine($"Read {what}: {RecordTables.Count(Packets)} packets, {ByteSize.Format(Bytes)}.");
        _found.Write(surface, _info, _run.Sources, _run.Losses);
    }

    public void WriteJson(Surface surface) => RunJson.Print(surface, json =>
    {
        json.WriteNumber("run", _run.Run);
        json.WriteBoolean("complete", _run.IsComplete);
        json.WriteStartArray("files");
        foreach (FileOutcome file in _files)
        {
            json.WriteStartObject();
            json.WriteText("file", file.Path);
            json.WriteNumber("packets", file.Packets);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteText("error", file.Failure);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("packets", Packets);
        json.WriteNumber("bytes", Bytes);
        RunJson.WriteCounters(json, _run);
        RunJson.WriteStore(json, _info);
        json.WriteStartArray("devices");
        foreach (DeviceRecord device in _found.Devices)
            JsonLines.WriteDevice(json, device);
        json.WriteEndArray();
        json.WriteStartArray("topContacts");
        foreach (ContactRecord contact in _found.Contacts)
            JsonLines.WriteContact(json, contact);
        json.WriteEndArray();
    });
}
