using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>The address that a network without IPv4 stands for: what is known of a server is known of that one.</summary>
internal static class TranslatedAddress
{
    /// <summary>64:ff9b::/96, behind which such a network puts an IPv4 address (RFC 6052 section 2.1).</summary>
    private const ulong Prefix = 0x0064_ff9b_0000_0000;

    /// <summary>The IPv4 address behind the prefix; any other address as it is.</summary>
    public static IpAddress Of(IpAddress address) =>
        address.High == Prefix && address.Low <= uint.MaxValue ? IpAddress.FromV4((uint)address.Low) : address;
}
