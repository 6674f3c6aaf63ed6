using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Platform;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Output;

/// <summary>What a run found, at a glance: devices, who they talked to, what was lost, where it is kept.</summary>
/// <param name="Devices">The devices to show.</param>
/// <param name="AllDevices">How many there are.</param>
/// <param name="Contacts">The contacts to show, most bytes first, with those of the local network.</param>
/// <param name="AllContacts">How many there are.</param>
internal sealed record FoundTables(IReadOnlyList<DeviceRecord> Devices, long AllDevices, IReadOnlyList<ContactRecord> Contacts,
    long AllContacts)
{
    /// <summary>Rows of each table.</summary>
    public const int MaxRows = 20;

    /// <summary>Contacts of which these rows are chosen, and the local network's are summed up.</summary>
    public const int MaxContacts = 4096;

    /// <summary>What was found without a store.</summary>
    public static FoundTables Of(LiveState state) => new(
        [.. state.Devices.Select(static device => device.Record).OrderBy(static device => device.FirstSeenNs)],
        state.Totals.Devices + state.Totals.DevicesEvicted,
        [.. state.Contacts.OrderByDescending(static contact => contact.Bytes).Select(static contact => contact.Record)],
        state.Totals.Contacts + state.Totals.ContactsEvicted);

    /// <summary>What the store holds at the end of a run.</summary>
    public static FoundTables Read(RecordStore store, IStoreReader reader, StoreInfo info) => new(
        [.. reader.Devices(StoreQuery.All).Take(MaxContacts)], info.Devices, store.TopContacts(MaxContacts), info.Contacts);

    /// <param name="surface">Where to.</param>
    /// <param name="info">The store; null if nothing was stored.</param>
    /// <param name="sources">What was read.</param>
    /// <param name="losses">What was lost.</param>
    /// <param name="isAll">True to show the local network's own traffic row by row.</param>
    public void Write(
        Surface surface, StoreInfo? info, IReadOnlyList<SourceCounters> sources, IReadOnlyList<LossCounter> losses, bool isAll = false)
    {
        Roster roster = new(Devices);
        surface.Out.WriteLine();
        WriteDevices(surface, roster);
        surface.Out.WriteLine();
        string db = info is null || info.Path == DefaultPaths.Database() ? "" : " --db " + CommandName.Quoted(info.Path);
        WriteContacts(surface, roster, isAll, info is null ? "--all" : $"'pitap contacts --all{db}'");
        surface.Out.WriteLine();
        foreach (string line in LossText.Lines(sources, losses))
            surface.Paragraph(line);
        if (info is null)
        {
            surface.Paragraph("Nothing was stored, as asked.");
        }
        else
        {
            surface.Paragraph($"Stored in {info.Path}: {Numbers.Of(info.Flows, "flow")}, {Numbers.Of(info.Lookups, "name lookup")}, "
                + $"{ByteSize.Format(info.SizeBytes)}.");
            surface.Paragraph($"Why each flow counts as readable, encrypted or opaque: 'pitap flows{db}'. "
                + "Look closer with contacts, devices, names and stats.");
        }
        surface.Out.Flush();
    }

    private void WriteDevices(Surface surface, Roster roster)
    {
        WriteHeading(surface, "Devices", Math.Min(Devices.Count, MaxRows), AllDevices);
        using IRecordWriter<DeviceRecord> table = RecordTables.Devices(surface, roster);
        foreach (DeviceRecord device in Devices.Take(MaxRows))
            table.Write(device);
    }

    private void WriteContacts(Surface surface, Roster roster, bool isAll, string all)
    {
        LocalTraffic local = new(roster);
        List<ContactRecord> rows = [];
        foreach (ContactRecord contact in Contacts)
        {
            if (!isAll && local.Has(contact))
                local.Add(contact);
            else
                rows.Add(contact);
        }
        int folded = Contacts.Count - rows.Count;
        WriteHeading(surface, "Who they talked to, most bytes first", Math.Min(rows.Count, MaxRows), AllContacts - folded);
        Table table = new(surface, RecordTables.ContactColumns());
        foreach (ContactRecord contact in rows.Take(MaxRows))
            table.Add(RecordTables.ContactCells(contact, roster.Label(contact.Device)));
        table.End();
        if (local.Line("contact", all) is string line)
            surface.Paragraph(line);
        surface.Paragraph(RecordTables.Legend);
    }

    private static void WriteHeading(Surface surface, string heading, int shown, long all) =>
        surface.Out.WriteLine(surface.Bold(heading + (all > shown ? $" (the first {shown} of {Numbers.Count(all)})" : "")));
}
