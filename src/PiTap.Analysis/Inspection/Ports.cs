namespace PiTap.Analysis.Inspection;

/// <summary>UDP ports that protocols are bound to (IANA "Service Name and Transport Protocol Port Number Registry").</summary>
internal static class Ports
{
    public const ushort Dns = 53;
    public const ushort DhcpServer = 67;
    public const ushort DhcpClient = 68;
    public const ushort Ntp = 123;
    public const ushort Nbns = 137;
    public const ushort Dhcp6Client = 546;
    public const ushort Dhcp6Server = 547;
    public const ushort Ike = 500;
    public const ushort Ssdp = 1_900;
    public const ushort GtpU = 2_152;
    public const ushort Teredo = 3_544;
    public const ushort IpsecNat = 4_500;
    public const ushort Vxlan = 4_789;
    public const ushort VxlanGeneric = 4_790;
    public const ushort MulticastDns = 5_353;
    public const ushort Llmnr = 5_355;
    public const ushort Geneve = 6_081;

    public const ushort Tzsp = 37_008;

    /// <summary>Linux took this port for VXLAN before one was assigned.</summary>
    public const ushort LinuxVxlan = 8_472;
}
