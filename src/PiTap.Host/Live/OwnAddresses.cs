using System.Net;
using System.Net.NetworkInformation;
using PiTap.Model;

namespace PiTap.Host.Live;

/// <summary>The addresses of this machine's interfaces, as they are when it is asked. For one thread.</summary>
internal sealed class OwnAddresses
{
    private readonly HashSet<IpAddress> _addresses = [];
    private bool _isStale = true;

    public OwnAddresses() => NetworkChange.NetworkAddressChanged += (_, _) => Volatile.Write(ref _isStale, true);

    public bool Contains(IpAddress address)
    {
        if (Volatile.Read(ref _isStale))
            Refresh();
        return _addresses.Contains(address);
    }

    /// <summary>Where they cannot be listed, as an interface went meanwhile, those of before hold until the next change.</summary>
    private void Refresh()
    {
        Volatile.Write(ref _isStale, false);
        try
        {
            IpAddress[] now = [.. NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(static device => device.GetIPProperties().UnicastAddresses)
                .Select(static address => Of(address.Address))];
            _addresses.Clear();
            _addresses.UnionWith(now);
        }
        catch (NetworkInformationException)
        {
            // The next change of addresses is told as well.
        }
    }

    private static IpAddress Of(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? IpAddress.ReadV4(bytes) : IpAddress.ReadV6(bytes);
    }
}
