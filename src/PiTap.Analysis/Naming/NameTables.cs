using PiTap.Analysis.Core;

namespace PiTap.Analysis.Naming;

/// <summary>The tables shared by all who read or give names.</summary>
internal sealed class NameTables
{
    public NameTables(EngineClock clock, Losses losses, IgnoreList ignored)
    {
        Addresses = new AddressNames(clock, losses);
        Ech = new EchNames(Strings, losses);
        Ignored = ignored;
    }

    public StringTable Strings { get; } = new();

    public AddressNames Addresses { get; }

    /// <summary>Public names by which a real Encrypted Client Hello is told.</summary>
    public EchNames Ech { get; }

    /// <summary>Host names that are not kept.</summary>
    public IgnoreList Ignored { get; }
}
