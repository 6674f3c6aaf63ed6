using PiTap.Analysis.Flows;
using PiTap.Analysis.Search;
using PiTap.Wire;

namespace PiTap.Analysis.Inspection;

/// <summary>Which flows are looked into, and by which inspector.</summary>
/// <param name="buffers">Memory that all of them share.</param>
/// <param name="observers">Those who note what they find.</param>
/// <param name="search">Shows the searcher what flows carry; null without one.</param>
internal sealed class Inspectors(InspectionBuffers buffers, Observers observers, PayloadSearch? search)
{
    /// <summary>An inspector for a flow; null if nothing looks into its protocol.</summary>
    public Inspector? Create(Flow flow)
    {
        switch (flow.Key.Protocol)
        {
            case IpProtocols.Tcp:
                return new TcpInspector(buffers, observers, search?.Open(flow), search?.Budget);
            case IpProtocols.Udp:
                SearchTap? tap = search?.Open(flow);
                return tap is null ? new UdpInspector(buffers, observers) : new SearchedDatagrams(buffers, observers, tap);
            case IpProtocols.Gre or IpProtocols.Ipv4 or IpProtocols.Ipv6:
                return new IpTunnelInspector();
            case IpProtocols.Icmp6:
                return new NeighbourInspector(observers.Devices);
            default:
                return null;
        }
    }
}
