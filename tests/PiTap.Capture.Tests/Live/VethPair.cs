using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace PiTap.Capture.Tests.Live;

/// <summary>A namespace "phone" and a pair of interfaces between it and this one, made for a test and removed after it.</summary>
internal sealed class VethPair : IDisposable
{
    // From the block for benchmarks of network devices (RFC 2544 appendix C.2.2): addresses that belong to nobody.
    private static int s_next = Random.Shared.Next(0, 16_000);

    private readonly int _number = Interlocked.Increment(ref s_next);

    public VethPair()
    {
        Namespace = Invariant($"pitap{_number}");
        Name = Invariant($"ptap{_number}a");
        PeerName = Invariant($"ptap{_number}b");
        Address = IPAddress.Parse(Invariant($"198.18.{_number / 64}.{_number % 64 * 4 + 1}"));
        PeerAddress = IPAddress.Parse(Invariant($"198.18.{_number / 64}.{_number % 64 * 4 + 2}"));
        Ip("netns", "add", Namespace);
        CreateLink();
    }

    public string Namespace { get; }

    /// <summary>The end in this namespace.</summary>
    public string Name { get; }

    public string PeerName { get; }

    /// <summary>The address of the end in this namespace.</summary>
    public IPAddress Address { get; }

    public IPAddress PeerAddress { get; }

    /// <summary>Skips the test where it cannot make interfaces.</summary>
    public static void RequireRoot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Making network interfaces takes root on Linux.");
        Assert.SkipUnless(File.Exists("/sbin/ip") || File.Exists("/usr/sbin/ip") || File.Exists("/usr/bin/ip"),
            "ip (iproute2) is not installed.");
    }

    public void CreateLink()
    {
        Ip("link", "add", Name, "type", "veth", "peer", "name", PeerName, "netns", Namespace);
        // Without IPv6 nobody sends anything but the test.
        File.WriteAllText($"/proc/sys/net/ipv6/conf/{Name}/disable_ipv6", "1");
        Ip("netns", "exec", Namespace, "sysctl", "-q", "-w", $"net.ipv6.conf.{PeerName}.disable_ipv6=1");
        Ip("addr", "add", $"{Address}/30", "dev", Name);
        Ip("-n", Namespace, "addr", "add", $"{PeerAddress}/30", "dev", PeerName);
        Ip("-n", Namespace, "link", "set", PeerName, "up");
        Ip("link", "set", Name, "up");
    }

    public void DeleteLink() => Ip("link", "del", Name);

    /// <summary>Runs a shell command in the namespace "phone".</summary>
    public void RunInNamespace(string command) => Ip("netns", "exec", Namespace, "bash", "-c", command);

    public void Dispose()
    {
        // Removing the namespace removes both ends.
        Ip("netns", "del", Namespace);
    }

    public static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })
            ?? throw new Win32Exception();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: {error}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
