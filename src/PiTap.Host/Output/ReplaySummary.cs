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
    private readonly StoreInfo? _info;
    private readonly IReadOnlyList<FileOutcome> _files;
    private readonly FoundTables _found;

    private ReplaySummary(RunRecord run, StoreInfo? info, IReadOnlyList<FileOutcome> files, FoundTables found)
    {
        _run = run;
        _info = info;
        _files = files;
        _found = found;
    }

    private long Packets => _files.Sum(static file => file.Packets);

    private long Bytes => _files.Sum(static file => file.Bytes);

    public static ReplaySummary Read(RecordStore store, int run, IReadOnlyList<FileOutcome> files, Who who)
    {
        using IStoreReader reader = store.CreateReader();
        RunRecord record = reader.Runs().LastOrDefault(candidate => candidate.Run == run)
            ?? new RunRecord { Run = run, Mode = "replay", StartedNs = 0 };
        StoreInfo info = reader.Info();
        return new ReplaySummary(record, info, files, FoundTables.Read(store, reader, info, who));
    }

    /// <summary>What was found without a store.</summary>
    public static ReplaySummary Of(LiveState state, IReadOnlyList<FileOutcome> files, Who who) => new(
        new RunRecord { Run = 0, Mode = "replay", StartedNs = 0, IsComplete = true, Sources = state.Sources, Losses = state.Losses },
        null, files, FoundTables.Of(state, who));

    public void WriteText(Surface surface, bool isAll)
    {
        int read = _files.Count(static file => file.Packets > 0 || file.Failure is null);
        string what = _files.Count == 1 ? _files[0].Path : read == _files.Count ? $"{read} files" : $"{read} of {_files.Count} files";
        surface.Paragraph($"Read {what}: {Numbers.Of(Packets, "packet")}, {ByteSize.Format(Bytes)}.");
        _found.Write(surface, _info, _run.Sources, _run.Losses, isAll);
    }

    public void WriteJson(Surface surface) => RunJson.Print(surface, json =>
    {
        if (_info is null)
            json.WriteNull("run");
        else
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
        if (_info is null)
            json.WriteNull("store");
        else
            RunJson.WriteStore(json, _info);
        json.WriteStartArray("devices");
        foreach (DeviceRecord device in _found.Devices.Take(FoundTables.MaxRows))
            JsonLines.WriteDevice(json, device);
        json.WriteEndArray();
        json.WriteStartArray("topContacts");
        foreach (ContactRecord contact in _found.Contacts.Take(FoundTables.MaxRows))
            JsonLines.WriteContact(json, contact);
        json.WriteEndArray();
        json.WriteStartArray("topParties");
        foreach (PartyRecord party in _found.Parties.OrderByDescending(static party => party.BytesUp + party.BytesDown)
            .Take(FoundTables.MaxRows))
        {
            JsonLines.WriteParty(json, party);
        }
        json.WriteEndArray();
    });
}
