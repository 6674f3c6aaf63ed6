using PiTap.Model;

namespace PiTap.Store.Blocks;

/// <summary>The conditions of a <see cref="StoreQuery"/>, one by one.</summary>
internal static class QueryMatch
{
    public static bool Time(StoreQuery query, long startNs, long endNs) =>
        (query.FromNs is not { } from || endNs >= from) && (query.ToNs is not { } to || startNs < to);

    public static bool Device(StoreQuery query, string device) =>
        query.Device is null || string.Equals(query.Device, device, StringComparison.Ordinal);

    /// <summary>The name itself and names below it; DNS names compare without case (RFC 4343).</summary>
    public static bool Host(StoreQuery query, string? host)
    {
        if (query.HostSuffix is not { } suffix)
            return true;
        if (host is null || !host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            return false;
        return host.Length == suffix.Length || host[host.Length - suffix.Length - 1] == '.';
    }
}
