using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Commands;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Output;

/// <summary>What a replay found, at a glance.</summary>
internal sealed class ReplaySummary
{
    /// <summary>Rows of each table.</summary>
    private const int MaxRows = 20;

    private readonly RunRecord _run;
    private readonly StoreInfo _info;
    private readonly IReadOnlyList<FileOutcome> _files;
    private readonly IReadOnlyList<DeviceRecord> _devices;
    private readonly IReadOnlyList<ContactRecord> _contacts;

    private ReplaySummary(
        RunRecord run, StoreInfo info, IReadOnlyList<FileOutcome> files,
        IReadOnlyList<DeviceRecord> devices, IReadOnlyList<ContactRecord> contacts)
    {
        _run = run;
        _info = info;
        _files = files;
        _devices = devices;
        _contacts = contacts;
    }

    private long Packets => _files.Sum(static file => file.Packets);

    private long Bytes => _files.Sum(static file => file.Bytes);

    public static ReplaySummary Read(RecordStore store, int run, IReadOnlyList<FileOutcome> files)
    {
        using IStoreReader reader = store.CreateReader();
        RunRecord record = reader.Runs().LastOrDefault(candidate => candidate.Run == run)
            ?? new RunRecord { Run = run, Mode = "replay", StartedNs = 0 };
        return new ReplaySummary(record, reader.Info(), files, [.. reader.Devices(StoreQuery.All).Take(MaxRows)], store.TopContacts(MaxRows));
    }

    public void WriteText(Surface surface)
    {
        TextWriter output = surface.Out;
        string what = _files.Count == 1 ? TerminalText.Clean(_files[0].Path) : $"{_files.Count} files";
        output.WriteLine($"Read {what}: {RecordTables.Count(Packets)} packets, {ByteSize.Format(Bytes)}.");
        output.WriteLine();
        WriteDevices(surface);
        output.WriteLine();
        WriteContacts(surface);
        output.WriteLine();
        foreach (string line in LossText.Lines(_run))
            output.WriteLine(TerminalText.Clean(line));
        output.WriteLine(TerminalText.Clean(
            $"Stored in {_info.Path}: {RecordTables.Count(_info.Flows)} flows, {RecordTables.Count(_info.Lookups)} name look-ups, {ByteSize.Format(_info.SizeBytes)}."));
        output.WriteLine($"Look closer with: pitap flows{DbHint()} (or contacts, devices, names, stats).");
        output.Flush();
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
        foreach (DeviceRecord device in _devices)
            JsonLines.WriteDevice(json, device);
        json.WriteEndArray();
        json.WriteStartArray("topContacts");
        foreach (ContactRecord contact in _contacts)
            JsonLines.WriteContact(json, contact);
        json.WriteEndArray();
    });

    private void WriteDevices(Surface surface)
    {
        surface.Out.WriteLine("Devices" + Rest(_devices.Count, _info.Devices));
        using IRecordWriter<DeviceRecord> table = RecordTables.Devices(surface);
        foreach (DeviceRecord device in _devices)
            table.Write(device);
    }

    private void WriteContacts(Surface surface)
    {
        surface.Out.WriteLine("Who they talked to, most bytes first" + Rest(_contacts.Count, _info.Contacts));
        Table table = new(surface,
        [
            new("Device"), new("Host"), new("Known by"), new("Protocol"), new("Flows", true), new("Encrypted", true), new("Readable", true),
            new("Opaque", true), new("Up", true), new("Down", true),
        ]);
        Dictionary<string, string> names = _devices.ToDictionary(static device => device.Id, static device => device.DisplayName);
        foreach (ContactRecord contact in _contacts)
        {
            table.Add(
                names.GetValueOrDefault(contact.Device, contact.Device), contact.Host, contact.HostSource.Text(), RecordTables.AppProtos(contact),
                RecordTables.Count(contact.Flows), RecordTables.Count(contact.FlowsEncrypted), RecordTables.Count(contact.FlowsReadable),
                RecordTables.Count(contact.FlowsOpaque), ByteSize.Format(contact.BytesUp), ByteSize.Format(contact.BytesDown));
        }
        table.End();
    }

    private static string Rest(int shown, long all) => all > shown ? $" (the first {shown} of {RecordTables.Count(all)})" : "";

    private string DbHint() => _info.Path == DefaultPaths.Database() ? "" : TerminalText.Clean($" --db {_info.Path}");
}
