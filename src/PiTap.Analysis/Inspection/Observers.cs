using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;

namespace PiTap.Analysis.Inspection;

/// <summary>Those who note what inspectors find, whichever way it came.</summary>
internal sealed class Observers(
    NameTables tables, FactBudget facts, LookupLedger lookups, DeviceTable devices, WorkGate work, QuicMigrations migrations)
{
    public DeviceTable Devices { get; } = devices;

    public StringTable Strings { get; } = tables.Strings;

    public WorkGate Work { get; } = work;

    public LookupLedger Lookups { get; } = lookups;

    public QuicMigrations Migrations { get; } = migrations;

    public HelloRecorder Hellos { get; } = new(tables.Strings, tables.Ech, facts, work);

    public RequestRecorder Requests { get; } = new(tables.Strings, facts, work);

    public DhcpObserver Dhcp { get; } = new(tables.Strings, devices);
}
