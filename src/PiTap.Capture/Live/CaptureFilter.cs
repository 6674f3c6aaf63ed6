using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using SharpPcap;
using SharpPcap.LibPcap;
using static PiTap.Capture.InvariantText;

namespace PiTap.Capture.Live;

/// <summary>The expressions that the kernel filters by (pcap-filter(7)).</summary>
internal static class CaptureFilter
{
    /// <summary>
    /// The most own addresses that the management filter names: the kernel takes 4,096 instructions, and each address costs up to 40.
    /// </summary>
    public const int MaxOwnAddresses = 48;

    /// <summary>What libpcap has against an expression, in its own words; null if it is valid.</summary>
    /// <exception cref="CaptureException">There is no libpcap.</exception>
    public static string? Check(string expression)
    {
        try
        {
            return PcapDevice.CheckFilter(expression, out string? message) ? null : message;
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            throw new CaptureException("libpcap is not installed: on Debian, Ubuntu and Raspberry Pi OS it is the package libpcap0.8.", error);
        }
        catch (PcapException error)
        {
            return error.Message;
        }
    }

    /// <summary>
    /// The user's expression without the management traffic of these addresses; empty if neither is there. The management part
    /// comes first: keywords such as vlan in an expression shift the offsets of what follows them.
    /// </summary>
    public static string Combine(string? expression, IReadOnlyList<IPAddress> own, IReadOnlyList<int> ports)
    {
        string? user = string.IsNullOrWhiteSpace(expression) ? null : expression;
        if (own.Count == 0 || ports.Count == 0)
            return user ?? "";
        string management = Invariant($"not ({Side("src", own, ports)} or {Side("dst", own, ports)})");
        return user is null ? management : $"{management} and ({user})";
    }

    /// <summary>
    /// The addresses that an interface has now, in a fixed order, at most <see cref="MaxOwnAddresses"/>; those of all interfaces for the
    /// pseudo device "any".
    /// </summary>
    public static IReadOnlyList<IPAddress> AddressesOf(string name)
    {
        var addresses = new List<IPAddress>();
        try
        {
            foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
            {
                if (name != LiveCaptureOptions.AnyInterface && candidate.Name != name)
                    continue;
                foreach (UnicastIPAddressInformation address in candidate.GetIPProperties().UnicastAddresses)
                    addresses.Add(WithoutScope(address.Address));
            }
        }
        catch (NetworkInformationException)
        {
            // The interface went away while it was asked: it has no addresses then.
        }
        return [.. addresses.Distinct().OrderBy(address => address.ToString(), StringComparer.Ordinal).Take(MaxOwnAddresses)];
    }

    private static IPAddress WithoutScope(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address;

    private static string Side(string direction, IReadOnlyList<IPAddress> own, IReadOnlyList<int> ports)
    {
        var text = new StringBuilder("((");
        for (int i = 0; i < own.Count; i++)
            text.Append(i == 0 ? "" : " or ").Append(Invariant($"{direction} host {own[i]}"));
        text.Append(") and (");
        for (int i = 0; i < ports.Count; i++)
            text.Append(i == 0 ? "" : " or ").Append(Invariant($"tcp {direction} port {ports[i]}"));
        return text.Append("))").ToString();
    }
}
