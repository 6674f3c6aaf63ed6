using PiTap.Analysis.Attribution;
using PiTap.Export;
using PiTap.Host.Arguments;
using PiTap.Host.Platform;
using PiTap.Model;
using PiTap.Store;

namespace PiTap.Host.Output;

/// <summary>What a run found, at a glance: devices, who they talked to, what was lost, where it is kept.</summary>
/// <param name="Devices">The devices to show.</param>
/// <param name="AllDevices">How many there are.</param>
/// <param name="Contacts">The contacts, most bytes first, with those of the local network.</param>
/// <param name="Parties">The parties to show.</param>
/// <param name="Who">What countries are called.</param>
internal sealed record FoundTables(IReadOnlyList<DeviceRecord> Devices, long AllDevices, IReadOnlyList<ContactRecord> Contacts,
    IReadOnlyList<PartyRecord> Parties, Who Who)
{
    /// <summary>Rows of each table.</summary>
    public const int MaxRows = 20;

    /// <summary>Contacts of which these rows are chosen, and the local network's are summed up.</summary>
    public const int MaxContacts = 4096;

    /// <summary>What was found without a store.</summary>
    public static FoundTables Of(LiveState state, Who who) => new(
        [.. state.Devices.Select(device => who.Attribute(device.Record)).OrderBy(static device => device.FirstSeenNs)],
        state.Totals.Devices + state.Totals.DevicesEvicted,
        [.. state.Contacts.OrderByDescending(static contact => contact.Bytes).Select(contact => who.Attribute(contact.Record))],
        ByDevice(state.Parties.Select(static party => party.Record)), who);

    /// <summary>What the store holds at the end of a run.</summary>
    public static FoundTables Read(RecordStore store, IStoreReader reader, StoreInfo info, Who who)
    {
        ContactRecord[] contacts = [.. store.TopContacts(MaxContacts).Select(who.Attribute)];
        return new FoundTables(
            [.. reader.Devices(StoreQuery.All).Take(MaxContacts).Select(who.Attribute)], info.Devices, contacts,
            ByDevice(PartyRollup.Of(contacts)), who);
    }

    /// <summary>
    /// Devices with the most bytes first: a thousand that somebody made up must not push a phone's parties out of the rows.
    /// </summary>
    private static PartyRecord[] ByDevice(IEnumerable<PartyRecord> parties) =>
    [
        .. parties.GroupBy(static party => party.Device)
            .OrderByDescending(static device => device.Sum(static party => party.BytesUp + party.BytesDown))
            .ThenBy(static device => device.Key, StringComparer.Ordinal)
            .SelectMany(static device => device.Order(PartyOrder.ByRole)),
    ];

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
        // With the profile: without it the same store tells other roles.
        string options = db + (Who.Profile is null ? "" : " --profile " + CommandName.Quoted(Who.Profile));
        WriteParties(surface, roster, isAll, info is null ? "--all" : $"'pitap parties --all{options}'");
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
            surface.Paragraph($"Why each flow counts as readable, encrypted or opaque: 'pitap flows{options}'. "
                + "Look closer with parties, contacts, devices, names and stats.");
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

    private void WriteParties(Surface surface, Roster roster, bool isAll, string all)
    {
        LocalTraffic local = new(roster);
        List<PartyRecord> rows = [];
        foreach (PartyRecord party in Parties)
        {
            if (!isAll && party.Attribution.IsSignalling)
                local.Add(party);
            else
                rows.Add(party);
        }
        WriteHeading(surface, "Who they talked to", Math.Min(rows.Count, MaxRows), rows.Count, Contacts.Count == MaxContacts);
        using (PartyTable table = new(surface, roster, Who.CountryName))
        {
            foreach (PartyRecord party in rows.Take(MaxRows))
                table.Write(party);
        }
        foreach (string sentence in UndeclaredText.Lines(Contacts, Who.CountryName))
            surface.Paragraph(sentence);
        if (local.Line("party", all) is string line)
            surface.Paragraph(line);
        if (rows.Count > 0)
            surface.Paragraph(PartyTable.Legend);
    }

    private static void WriteHeading(Surface surface, string heading, int shown, long all, bool isLeast = false) =>
        surface.Out.WriteLine(surface.Bold(
            heading + (all > shown ? $" (the first {shown} of {(isLeast ? "at least " : "")}{Numbers.Count(all)})" : "")));
}
