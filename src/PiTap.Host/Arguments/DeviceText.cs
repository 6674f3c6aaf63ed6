using PiTap.Model;

namespace PiTap.Host.Arguments;

/// <summary>Identifiers of devices as people write them.</summary>
internal static class DeviceText
{
    /// <summary>Identifiers are stored in one form; people write others. Null stays null.</summary>
    public static string? Id(string? text) =>
        MacAddress.TryParse(text, out MacAddress mac) ? mac.ToString()
        : IpAddress.TryParse(text, out IpAddress address) ? address.ToString()
        : text?.ToLowerInvariant();

    /// <summary>True if it can only be an identifier, not a name.</summary>
    public static bool IsId(string text) => MacAddress.TryParse(text, out _) || IpAddress.TryParse(text, out _);
}
