using PiTap.Model;

namespace PiTap.Catalogue.Import;

/// <summary>Addresses of one family, and what a file says of them.</summary>
/// <param name="First">The lowest one, as a number of 32 or 128 bits.</param>
/// <param name="Last">The highest one.</param>
/// <param name="Value">0: nothing is known.</param>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last, uint Value)
{
    /// <summary>An address as a number of its family: 32 bits for IPv4, 128 for IPv6.</summary>
    public static UInt128 NumberOf(IpAddress address) => address.IsV4 ? address.V4 : new UInt128(address.High, address.Low);
}
