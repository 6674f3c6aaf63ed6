using PiTap.Analysis.Devices;
using PiTap.Model;
using PiTap.Wire;
using PiTap.Wire.Frames;
using PiTap.Wire.Transport;

namespace PiTap.Analysis.Flows;

/// <summary>
/// Which side is the client, and which one the device. The client opened the flow; if that was not seen, it is the local side of a local
/// and a public one, the side on this side of the gateway, the side without a well-known port, or the sender of the first packet, in this
/// order.
/// </summary>
internal static class Roles
{
    private const ushort FirstUserPort = 1_024;
    private const ushort DhcpServer = 67;
    private const ushort DhcpClient = 68;
    private const ushort Dhcp6Client = 546;
    private const ushort Dhcp6Server = 547;
    private const ushort Dns = 53;
    private const ushort MulticastDns = 5_353;

    public static void Assign(Flow flow, in Frame frame, bool fromLow, DeviceTable devices)
    {
        bool? senderIsClient = SenderIsClient(frame, devices);
        flow.AreRolesSure = senderIsClient is not null;
        flow.ClientIsLow = (senderIsClient ?? GuessSenderIsClient(frame, devices)) == fromLow;
    }

    /// <summary>
    /// The device is the client, unless a public address contacts a local one: then it is the local side. Devices have public addresses
    /// too, with IPv6: then it is the side whose address is known to be on this link, else the one that is not behind the MAC by which
    /// local addresses reach public ones. A group address belongs to no device.
    /// </summary>
    public static void AssignDevice(Flow flow, in Frame frame, bool fromLow, long timeNs, DeviceTable devices)
    {
        bool deviceIsLow = flow.ClientIsLow;
        IpAddress client = flow.Client;
        IpAddress server = flow.Server;
        bool fromClient = flow.ClientIsLow == fromLow;
        MacAddress clientMac = fromClient ? frame.SourceMac : frame.DestinationMac;
        MacAddress serverMac = fromClient ? frame.DestinationMac : frame.SourceMac;
        bool isServerGroup = server.IsMulticast || server.IsLimitedBroadcast;
        bool isClientGroup = clientMac.IsGroup || client.IsMulticast || client.IsLimitedBroadcast;
        // Of one prefix both are on the link, or both are beyond it.
        bool isOneLink = !client.IsV4 && client.High == server.High;
        bool clientIsHere = devices.IsHere(client);
        bool serverIsHere = devices.IsHere(server);
        bool isInbound = !clientIsHere && !client.IsUnspecified && !isOneLink && (serverIsHere
            || (devices.IsGateway(clientMac) && !devices.IsGateway(serverMac))
            || (!isServerGroup && ComesFromOutside(frame, fromClient, client, server)));
        if (clientIsHere && !serverIsHere && !isServerGroup && !isOneLink)
            devices.NoteGateway(serverMac);
        else if (isInbound && serverIsHere && !isClientGroup)
            devices.NoteGateway(clientMac);
        if (isInbound || isClientGroup)
            deviceIsLow = !deviceIsLow;
        MacAddress mac = deviceIsLow == fromLow ? frame.SourceMac : frame.DestinationMac;
        SetDevice(flow, mac, deviceIsLow, timeNs, devices);
        // A public address of IPv6 that is a device's here may be contacted next.
        if (mac.IsNone)
            flow.Device.IsMacExpected |= !frame.SourceMac.IsNone;
        else if (flow.AreRolesSure && !flow.DeviceAddress.IsV4 && !devices.IsGateway(mac))
            devices.NoteAddress(flow.DeviceAddress, flow.Device);
    }

    /// <summary>Makes the device behind one side of a flow the flow's: it is met by its MAC, or by that side's address.</summary>
    public static void SetDevice(Flow flow, MacAddress mac, bool isLow, long timeNs, DeviceTable devices)
    {
        IpAddress address = isLow ? flow.Key.Low : flow.Key.High;
        flow.SetDevice(devices.Get(mac, address, timeNs), mac, isLow);
        flow.Device.AddAddress(address);
    }

    /// <summary>
    /// What IPv6 itself shows where nothing is known of either side. A packet that many routers passed on came from afar. Else, for a
    /// service that has no port of its own, the addresses: one of a few digits was given by hand, as servers and routers have it, and
    /// random ones devices choose for themselves (RFC 7707 section 4.1).
    /// </summary>
    private static bool ComesFromOutside(in Frame frame, bool fromClient, IpAddress client, IpAddress server)
    {
        const int NearbyHops = 4;
        const ulong HighestByHand = uint.MaxValue, LowestChosen = 1UL << 48;
        if (client.IsV4)
            return false;
        int hops = HopsOf(frame.HopLimit);
        if (fromClient && hops > NearbyHops)
            return true;
        ushort serverPort = fromClient ? frame.DestinationPort : frame.SourcePort;
        return frame.HasTransport && serverPort >= FirstUserPort && client.Low <= HighestByHand && server.Low >= LowestChosen;
    }

    /// <summary>How many routers passed a packet on: senders begin with 64, 128 or 255.</summary>
    private static int HopsOf(byte hopLimit) => (hopLimit <= 64 ? 64 : hopLimit <= 128 ? 128 : 255) - hopLimit;

    /// <summary>What the packet itself proves: SYN (RFC 9293 section 3.5), a fixed port, a group that is spoken to.</summary>
    private static bool? SenderIsClient(in Frame frame, DeviceTable devices)
    {
        if (frame.Protocol == IpProtocols.Tcp && (frame.TcpFlags & TcpFlags.Syn) != 0)
            return (frame.TcpFlags & TcpFlags.Ack) == 0;
        if (frame.Protocol == IpProtocols.Udp)
        {
            if (PortsSaySenderIsClient(frame) is { } isClient && !IsServerHereOfSomebodyAfar(frame, isClient, devices))
                return isClient;
            if (frame.DestinationPort == MulticastDns && frame.Destination.IsMulticast)
                return true;
        }
        if (frame.Destination.IsMulticast || frame.Destination.IsLimitedBroadcast)
            return true;
        return null;
    }

    /// <summary>The fixed ports of DHCP (RFC 2131 section 4.1, RFC 8415 section 7.2) and of DNS.</summary>
    private static bool? PortsSaySenderIsClient(in Frame frame) => (frame.SourcePort, frame.DestinationPort) switch
    {
        (DhcpClient, DhcpServer) or (Dhcp6Client, Dhcp6Server) => true,
        (DhcpServer, DhcpClient) or (Dhcp6Server, Dhcp6Client) => false,
        (Dns, Dns) => null,
        (_, Dns) => true,
        (Dns, _) => false,
        _ => null,
    };

    /// <summary>
    /// Networks of homes answer nobody afar. Which port it sends from an app chooses itself: that must not make its server one that
    /// contacted the device, of which no name is told.
    /// </summary>
    private static bool IsServerHereOfSomebodyAfar(in Frame frame, bool senderIsClient, DeviceTable devices)
    {
        (IpAddress client, IpAddress server) = senderIsClient ? (frame.Source, frame.Destination) : (frame.Destination, frame.Source);
        return devices.IsHere(server) && !devices.IsHere(client) && !LocalSignals.IsForAll(client);
    }

    private static bool GuessSenderIsClient(in Frame frame, DeviceTable devices)
    {
        bool sourceIsLocal = devices.IsHere(frame.Source) || frame.Source.IsUnspecified;
        bool destinationIsLocal = devices.IsHere(frame.Destination);
        if (sourceIsLocal != destinationIsLocal)
            return sourceIsLocal;
        bool sourceIsGateway = devices.IsGateway(frame.SourceMac);
        if (!sourceIsLocal && sourceIsGateway != devices.IsGateway(frame.DestinationMac))
            return !sourceIsGateway;
        bool sourceIsWellKnown = frame.SourcePort < FirstUserPort;
        bool destinationIsWellKnown = frame.DestinationPort < FirstUserPort;
        if (frame.HasTransport && sourceIsWellKnown != destinationIsWellKnown)
            return destinationIsWellKnown;
        return true;
    }
}
