using PiTap.Model;

namespace PiTap.Catalogue.Addresses;

/// <summary>What is known of addresses, from all sets. Immutable; a lookup allocates nothing.</summary>
public sealed class AddressTable
{
    private readonly CountrySet _hosted;
    private readonly CountrySet _hostedSecond;
    private readonly NetworkSet _networks;
    private readonly NetworkCountrySet _networkCountries;
    private readonly AnycastTable _anycast;

    internal AddressTable(
        CountrySet hosted, CountrySet hostedSecond, NetworkSet networks, NetworkCountrySet networkCountries, AnycastTable anycast)
    {
        _hosted = hosted;
        _hostedSecond = hostedSecond;
        _networks = networks;
        _networkCountries = networkCountries;
        _anycast = anycast;
    }

    /// <summary>
    /// What is known of an address; nothing for one that means something in a local network only, and of one that is reserved for what.
    /// </summary>
    public AddressFacts Find(IpAddress address)
    {
        if (ReservedAddresses.TryFind(address, out ReservedRow? reserved))
            return new AddressFacts(new HostedIn(null, null, null) { Reserved = reserved }, default);
        _anycast.TryFind(address, out AnycastRow? anycast);
        HostedIn hostedIn = new(_hosted.Find(address), _hostedSecond.Find(address), anycast);
        RegisteredTo registeredTo = _networks.TryFind(address, out uint number, out ReadOnlyMemory<byte> organisation)
            ? new RegisteredTo(number, organisation, _networkCountries.Find(number))
            : default;
        return new AddressFacts(hostedIn, registeredTo);
    }
}
