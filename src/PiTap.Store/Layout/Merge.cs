using PiTap.Model;

namespace PiTap.Store.Layout;

/// <summary>How what a batch brings is joined with what is there.</summary>
internal static class Merge
{
    public static DeviceRecord Join(DeviceRecord stored, DeviceRecord state)
    {
        // A replay of an old capture knows older names than the store may have by now.
        (DeviceRecord older, DeviceRecord newer) = state.LastSeenNs >= stored.LastSeenNs ? (stored, state) : (state, stored);
        return newer with
        {
            IsMacRandomised = stored.IsMacRandomised || state.IsMacRandomised,
            DhcpName = newer.DhcpName ?? older.DhcpName,
            DhcpVendorClass = newer.DhcpVendorClass ?? older.DhcpVendorClass,
            DhcpParameters = newer.DhcpParameters.Count > 0 ? newer.DhcpParameters : older.DhcpParameters,
            MdnsName = newer.MdnsName ?? older.MdnsName,
            NetBiosName = newer.NetBiosName ?? older.NetBiosName,
            Addresses = Join(older.Addresses, newer.Addresses),
            FirstSeenNs = Math.Min(stored.FirstSeenNs, state.FirstSeenNs),
        };
    }

    /// <summary>
    /// The newer ones last; where there are too many, the oldest are left out. Mostly the newer state has them all: nothing is made then.
    /// </summary>
    private static IReadOnlyList<IpAddress> Join(IReadOnlyList<IpAddress> older, IReadOnlyList<IpAddress> newer)
    {
        Span<int> missing = stackalloc int[DeviceRecord.MaxAddresses];
        int room = DeviceRecord.MaxAddresses - newer.Count;
        int count = 0;
        for (int i = older.Count - 1; i >= 0 && count < room; i--)
        {
            if (!newer.Contains(older[i]))
                missing[count++] = i;
        }
        if (count == 0)
            return newer;
        IpAddress[] joined = new IpAddress[count + newer.Count];
        for (int i = 0; i < count; i++)
            joined[i] = older[missing[count - 1 - i]];
        for (int i = 0; i < newer.Count; i++)
            joined[count + i] = newer[i];
        return joined;
    }
}
