using System.Text;

namespace PiTap.TestKit;

/// <summary>Builds a small ClientHello (RFC 8446 section 4.1.2) with a server name, in one TLS record.</summary>
public static class HelloBytes
{
    /// <summary>A hello with a server name, and further extensions as bytes.</summary>
    public static byte[] Client(string serverName, params byte[] further)
    {
        byte[] name = Encoding.ASCII.GetBytes(serverName);
        byte[] names = [0, .. DnsBytes.Vector16(name)];
        byte[] extension = [0, 0, .. DnsBytes.Vector16(DnsBytes.Vector16(names))];
        byte[] body = [3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, .. DnsBytes.Vector16([.. extension, .. further])];
        byte[] message = [1, 0, .. DnsBytes.Vector16(body)];
        return [0x16, 3, 1, .. DnsBytes.Vector16(message)];
    }
}
