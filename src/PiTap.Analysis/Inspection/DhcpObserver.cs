using System.Buffers.Binary;
using PiTap.Analysis.Devices;
using PiTap.Analysis.Flows;
using PiTap.Analysis.Naming;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Application.Dhcp;

namespace PiTap.Analysis.Inspection;

/// <summary>Notes what devices tell of themselves by DHCP: name, vendor class and the list of wished parameters.</summary>
internal sealed class DhcpObserver(StringTable strings, DeviceTable devices)
{
    /// <summary>Characters kept of a vendor class: the longest in use name a system, its version, a processor and a board.</summary>
    private const int MaxVendorClassCharacters = 128;

    /// <summary>Numbers kept of a list of wished parameters, of which there are some 150 (RFC 2132) and systems ask for up to 30.</summary>
    private const int MaxParameters = 64;

    /// <summary>Looks at a DHCP message of IPv4; true if it was one.</summary>
    public bool Observe(Flow flow, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (DhcpView.Parse(payload, out DhcpView dhcp) != ParseStatus.Ok)
            return false;
        flow.Facts.AddAppProto(AppProtocol.Dhcp);
        if (!dhcp.IsRequest || dhcp.ClientMac.IsNone || dhcp.ClientMac.IsGroup)
            return true;
        // The message names its client itself: a relay may have sent it on.
        Device device = devices.Get(dhcp.ClientMac, flow.Client, timeNs);
        Set(device, dhcp.HostName.IsEmpty ? dhcp.FullName : dhcp.HostName, dhcp.VendorClass, dhcp.ParameterRequestList, bytesEach: 1);
        return true;
    }

    /// <summary>Looks at a DHCP message of IPv6; true if it was one.</summary>
    public bool Observe6(Flow flow, ReadOnlySpan<byte> payload)
    {
        if (Dhcp6View.Parse(payload, out Dhcp6View dhcp) != ParseStatus.Ok || !dhcp.IsPlausible)
            return false;
        flow.Facts.AddAppProto(AppProtocol.Dhcp6);
        // What a relay sent on tells of another device than the sender (RFC 8415 section 9).
        if (dhcp.IsClientMessage && payload[0] == dhcp.MessageType)
            Set(flow.Device, dhcp.FullName, dhcp.VendorClass, dhcp.OptionRequest, bytesEach: 2);
        return true;
    }

    private void Set(
        Device device, ReadOnlySpan<byte> name, ReadOnlySpan<byte> vendorClass, ReadOnlySpan<byte> parameters, int bytesEach)
    {
        Span<int> list = stackalloc int[Math.Min(parameters.Length / bytesEach, MaxParameters)];
        for (int i = 0; i < list.Length; i++)
            list[i] = bytesEach == 1 ? parameters[i] : BinaryPrimitives.ReadUInt16BigEndian(parameters[(2 * i)..]);
        device.SetDhcp(Name(name), Text(vendorClass), list);
    }

    private string? Text(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : strings.Get(bytes, MaxVendorClassCharacters);

    private static string? Name(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : DeviceNames.Text(bytes);
}
