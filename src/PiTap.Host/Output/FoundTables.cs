using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Output;

/// <summary>What a run found, at a glance: devices, who they talked to, what was lost, where it is kept.</summary>
/// <param name="Devices">The devices to show.</param>
/// <param name="AllDevices">How many there are.</param>
/// <param name="Contacts">The contacts to show, most bytes first.</param>
/// <param name="AllContacts">How many there are.</param>
internal sealed record FoundTables(IReadOnlyList<DeviceRecord> Devices, long AllDevices, IReadOnlyList<ContactRecord> Contacts,
    long AllContacts)
{
    /// <summary>Rows of each table.</summary>
    public const int MaxRows = 20;

    /// <summary>What the store holds at the end of a run.</summary>
    public static FoundTables Read(RecordStore store, IStoreReader reader, StoreInfo info) => new(
        [.. reader.Devices(StoreQuery.All).Take(MaxRows)], info.Devices, store.TopContacts(MaxRows), info.Contacts);

    public void Write(Surface surface, StoreInfo info, IReadOnlyList<SourceCounters> sources, IReadOnlyList<LossCounter> losses)
    {
        TextWriter output = surface.Out;
        output.WriteLine();
        WriteDevices(surface);
        output.WriteLine();
        WriteContacts(surface);
        output.WriteLine();
        foreach (string line in LossText.Lines(sources, losses))
            output.WriteLine(TerminalText.Clean(line));
        output.WriteLine(TerminalText.Clean(
            $"Stored in {info.Path}: {RecordTables.Count(info.Flows)} flows, {RecordTables.Count(info.Lookups)} name lookups, {ByteSize.Format(info.SizeBytes)}."));
        output.WriteLine($"Look closer with: pitap flows{DbHint(info)} (or contacts, devices, names, stats).");
        output.Flush();
    }

    private void WriteDevices(Surface surface)
    {
        surface.Out.WriteLine("Devices" + Rest(Devices.Count, AllDevices));
        using IRecordWriter<DeviceRecord> table = RecordTables.Devices(surface);
        foreach (DeviceRecord device in Devices)
            table.Write(device);
    }

    private void WriteContacts(Surface surface)
    {
        surface.Out.WriteLine("Who they talked to, most bytes first" + Rest(Contacts.Count, AllContacts));
        Table table = new(surface,
        [
            new("Device"), new("Host"), new("Known by"), new("Protocol"), new("Flows", true), new("Encrypted", true), new("Readable", true),
            new("Opaque", true), new("Up", true), new("Down", true),
        ]);
        Dictionary<string, string> names = Devices.ToDictionary(static device => device.Id, static device => device.DisplayName);
        foreach (ContactRecord contact in Contacts)
        {
            table.Add(
                names.GetValueOrDefault(contact.Device, contact.Device), contact.Host, contact.HostSource.Text(),
                RecordTables.AppProtos(contact),
                RecordTables.Count(contact.Flows), RecordTables.Count(contact.FlowsEncrypted), RecordTables.Count(contact.FlowsReadable),
                RecordTables.Count(contact.FlowsOpaque), ByteSize.Format(contact.BytesUp), ByteSize.Format(contact.BytesDown));
        }
        table.End();
    }

    private static string Rest(int shown, long all) => all > shown ? $" (the first {shown} of {RecordTables.Count(all)})" : "";

    private static string DbHint(StoreInfo info) => info.Path == DefaultPaths.Database() ? "" : TerminalText.Clean($" --db {info.Path}");
}
