using PiTap.Catalogue.Packed;
using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>Values of addresses of both families: IPv4 by address, IPv6 by /64.</summary>
internal sealed class FamilySteps
{
    private readonly StepTable _v4;
    private readonly StepTable _v6;

    private FamilySteps(StepTable v4, StepTable v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>Reads four sections: index and rows of IPv4, index and rows of IPv6.</summary>
    public static FamilySteps? Parse(PackedSet set, int firstSection, out string? error)
    {
        StepTable? v4 = StepTable.ForV4(set.Section(firstSection), set.Section(firstSection + 1), out error);
        StepTable? v6 = v4 is null ? null : StepTable.ForV6(set.Section(firstSection + 2), set.Section(firstSection + 3), out error);
        return v6 is null ? null : new FamilySteps(v4!, v6);
    }

    /// <summary>The value that holds for the address; 0 where none does, and for one that only means something locally.</summary>
    public uint Find(IpAddress address)
    {
        address = TranslatedAddress.Of(address);
        if (address.IsLocal || address.IsMulticast || address.IsUnspecified || address.IsLimitedBroadcast)
            return 0;
        return address.IsV4 ? _v4.Find(address.V4) : _v6.Find(address.High);
    }
}
