using PiTap.TestKit;
using PiTap.Wire;
using PiTap.Wire.Application.Dhcp;
using PiTap.Wire.Application.Ntp;

namespace PiTap.Fuzz.Targets;

/// <summary>DHCP for IPv4.</summary>
internal sealed class DhcpTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (DhcpView.Parse(data, out DhcpView dhcp) != ParseStatus.Ok)
            return;
        Property.IsInside(dhcp.HostName, data);
        Property.IsInside(dhcp.VendorClass, data);
        Property.IsInside(dhcp.ParameterRequestList, data);
        Property.IsInside(dhcp.ClientId, data);
        Property.IsInside(dhcp.FullName, data);
        Property.Holds(dhcp.YourAddress.IsV4 && dhcp.ClientAddress.IsV4, "the fixed addresses are of IPv4");
        Property.Holds(dhcp.RequestedAddress.IsV4 || dhcp.RequestedAddress == default, "the address asked for is of IPv4");
        Property.Holds(dhcp.ClientMac.Value >> 48 == 0 && dhcp.TransactionId + dhcp.MessageType >= 0, "a MAC has six bytes");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        yield return DhcpBytes.Message(
            true, Packets.PhoneMac, default, DhcpBytes.Option(53, 3), DhcpBytes.Option(12, "Annas-phone"u8),
            DhcpBytes.Option(50, 10, 42, 0, 2),
            DhcpBytes.Option(55, 1, 3, 6, 15, 26, 28, 51), DhcpBytes.Option(60, "android-dhcp-14"u8),
            DhcpBytes.Option(61, 1, 2, 0, 0, 0, 0, 1),
            DhcpBytes.Option(81, [4, 0, 0, .. DnsBytes.Name("phone.example.com")]));
        byte[] overloaded = DhcpBytes.Message(true, Packets.PhoneMac, default, DhcpBytes.Option(53, 1), DhcpBytes.Option(52, 3),
            DhcpBytes.Option(81, [0, 0, 0, .. "a.b."u8]));
        DhcpBytes.Option(12, "in-file"u8).CopyTo(overloaded, DhcpBytes.FileOffset);
        DhcpBytes.Option(12, "-and-name"u8).CopyTo(overloaded, DhcpBytes.ServerNameOffset);
        yield return overloaded;
        yield return DhcpBytes.Message(false, Packets.PhoneMac, Packets.Ip("10.42.0.7"), DhcpBytes.Option(53, 5));
    }
}

/// <summary>DHCP for IPv6.</summary>
internal sealed class Dhcp6Target : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (Dhcp6View.Parse(data, out Dhcp6View dhcp) != ParseStatus.Ok)
            return;
        Property.IsInside(dhcp.ClientId, data);
        Property.IsInside(dhcp.VendorClass, data);
        Property.IsInside(dhcp.OptionRequest, data);
        Property.IsInside(dhcp.FullName, data);
        Property.Holds(dhcp.TransactionId <= 0xff_ffff && dhcp.ClientMac.Value >> 48 == 0, "a field beyond its size");
        Property.Holds(dhcp.MessageType is not (0 or 12 or 13), "what a relay sent on is unwrapped");
    }

    public static IEnumerable<byte[]> Seeds()
    {
        byte[] solicit = DhcpBytes.Message6(
            1, DhcpBytes.Option6(1, 0, 1, 0, 1, 0x2c, 0, 0, 1, 2, 0, 0, 0, 0, 1), DhcpBytes.Option6(6, 0, 23, 0, 24),
            DhcpBytes.Option6(16, [0, 0, 1, 0x37, .. DnsBytes.Vector16([.. "MSFT 5.0"u8])]),
                DhcpBytes.Option6(39, [0, .. DnsBytes.Name("pc.home.arpa")]));
        yield return solicit;
        yield return DhcpBytes.Relayed(DhcpBytes.Relayed(solicit), 1);
    }
}

/// <summary>NTP.</summary>
internal sealed class NtpTarget : IFuzzTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (NtpView.Parse(data, out NtpView ntp) == ParseStatus.Ok)
            Property.Holds(ntp.Version is > 0 and < 5 && ntp.Mode is > 0 and < 6 && ntp.Stratum <= 16, "a field beyond its size");
    }

    public static IEnumerable<byte[]> Seeds() => [TunnelBytes.Ntp(), TunnelBytes.Ntp(0x1c, 2), [.. TunnelBytes.Ntp(), .. new byte[20]]];
}
