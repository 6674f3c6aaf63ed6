using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;

namespace PiTap.Analysis.Inspection;

/// <summary>Those who note what inspectors find, whichever way it came.</summary>
internal sealed class Observers(NameTables tables, FactBudget facts, LookupLedger lookups, DeviceTable devices)
{
    public StringTable Strings { get; } = tables.Strings;

    public LookupLedger Lookups { get; } = lookups;

    public HelloRecorder Hellos { get; } = new(tables.Strings, tables.Ech, facts);

    public RequestRecorder Requests { get; } = new(tables.Strings, facts);

    public DhcpObserver Dhcp { get; } = new(tables.Strings, devices);
}
