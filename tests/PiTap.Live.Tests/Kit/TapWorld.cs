using System.Globalization;
using System.Net;
using System.Runtime.ExceptionServices;

namespace PiTap.Live.Tests.Kit;

/// <summary>
/// Three network namespaces in a row: a phone, the tap that forwards and watches, the internet. Nothing leaves them, and all of it is gone
/// after the test.
/// </summary>
internal sealed class TapWorld : IDisposable
{
    /// <summary>The tap's interface towards the phone: the one that is watched.</summary>
    public const string Watched = "down0";

    // From the blocks for benchmarks of network devices (RFC 2544 appendix C.2.2) and for documentation (RFC 3849): nobody's addresses.
    public static readonly IPAddress PhoneAddress = IPAddress.Parse("198.18.1.2");
    public static readonly IPAddress OtherPhoneAddress = IPAddress.Parse("198.18.1.3");
    public static readonly IPAddress TapAddress = IPAddress.Parse("198.18.1.1");
    public static readonly IPAddress ServerAddress = IPAddress.Parse("198.18.2.2");
    public static readonly IPAddress ServerAddress6 = IPAddress.Parse("2001:db8:2::2");

    /// <summary>What only these tests send; what the kernels send of their own accord comes when it likes.</summary>
    public const string OwnTraffic = "(ip net 198.18.0.0/15 or ip6 net 2001:db8::/32) and not igmp and not icmp6";

    private const string Prefix = "pitaplive-";
    private static int s_worlds;

    private readonly string _name =
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_worlds)}");
    private readonly List<string> _mounts = [];

    public TapWorld()
    {
        RemoveLeftovers();
        Folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        try
        {
            foreach (string space in (string[])[Phone, Tap, Internet])
            {
                Tools.Run("ip", "netns", "add", space);
                Tools.Run("ip", "-n", space, "link", "set", "lo", "up");
                // Kernels that announce themselves would be traffic that no test sent.
                In(space, static () =>
                {
                    Set("ipv6/conf/default/addr_gen_mode", "1");
                    Set("ipv6/conf/default/router_solicitations", "0");
                    Set("ipv6/conf/default/accept_dad", "0");
                    return 0;
                });
            }
            CreateWatchedLink();
            Ip($"-n {Tap} link add up0 type veth peer name net0 netns {Internet}");
            Up(Tap, "up0", "198.18.2.1/24", "2001:db8:2::1/64");
            Up(Internet, "net0", "198.18.2.2/24", "2001:db8:2::2/64");
            Ip($"-n {Internet} route add default via 198.18.2.1");
            if (HasIpv6)
                Ip($"-n {Internet} -6 route add default via 2001:db8:2::1");
            In(Tap, static () =>
            {
                Set("ipv4/ip_forward", "1");
                Set("ipv6/conf/all/forwarding", "1");
                return 0;
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool HasIpv6 => File.Exists("/proc/net/if_inet6");

    public string Phone => _name + "-phone";

    public string Tap => _name + "-tap";

    public string Internet => _name + "-internet";

    /// <summary>For the test's files; gone with it.</summary>
    public string Folder { get; }

    public string FileNamed(string name) => Path.Combine(Folder, name);

    /// <summary>Makes the link between phone and tap.</summary>
    public void CreateWatchedLink()
    {
        Ip($"-n {Tap} link add {Watched} type veth peer name phone0 netns {Phone}");
        Up(Tap, Watched, "198.18.1.1/24", "2001:db8:1::1/64");
        Up(Phone, "phone0", "198.18.1.2/24", "2001:db8:1::2/64");
        Ip($"-n {Phone} addr add 198.18.1.3/24 dev phone0");
        Ip($"-n {Phone} route add default via 198.18.1.1");
        if (HasIpv6)
            Ip($"-n {Phone} -6 route add default via 2001:db8:1::1");
    }

    public void DeleteWatchedLink() => Ip($"-n {Tap} link del {Watched}");

    /// <summary>Sets the watched interface <c>up</c> or <c>down</c>; it is there all the time.</summary>
    public void SetWatchedLink(string state) => Ip($"-n {Tap} link set {Watched} {state}");

    /// <summary>A file system of its own, of so many kibibytes.</summary>
    public string MountTmpfs(string name, int kibibytes, bool isReadOnly = false)
    {
        string path = Directory.CreateDirectory(FileNamed(name)).FullName;
        string options = string.Create(CultureInfo.InvariantCulture, $"size={kibibytes}k{(isReadOnly ? ",ro" : "")}");
        Tools.Run("mount", "-t", "tmpfs", "-o", options, "pitap-test", path);
        _mounts.Add(path);
        return path;
    }

    /// <summary>Runs in a namespace, on a thread that ends there: sockets made in it stay there.</summary>
    public static T In<T>(string space, Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Native.EnterNamespace(space);
                result = work();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    public static Running Start(
        string space, string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        new("ip", ["netns", "exec", space, file, .. arguments], environment);

    public void Dispose()
    {
        foreach (string mount in _mounts)
            Tools.Run("umount", "-l", mount);
        foreach (string space in (string[])[Phone, Tap, Internet])
        {
            if (File.Exists("/run/netns/" + space))
                Tools.Run("ip", "netns", "del", space);
        }
        Directory.Delete(Folder, recursive: true);
    }

    private static void Up(string space, string name, string address, string address6)
    {
        Ip($"-n {space} addr add {address} dev {name}");
        Ip($"-n {space} link set {name} up");
        if (!HasIpv6)
            return;
        Ip($"-n {space} addr add {address6} dev {name} nodad");
        // A router asks for its neighbours from an address of the link (RFC 4861 section 7.2.2).
        Ip($"-n {space} addr add fe80::{address6[(address6.LastIndexOf(':') + 1)..]} dev {name} nodad");
    }

    private static void Ip(string line) => Tools.Run("ip", line.Split(' '));

    private static void Set(string name, string value)
    {
        string path = "/proc/sys/net/" + name;
        if (File.Exists(path))
            File.WriteAllText(path, value);
    }

    /// <summary>A run that was killed leaves its namespaces.</summary>
    private static void RemoveLeftovers()
    {
        if (!Directory.Exists("/run/netns"))
            return;
        foreach (string path in Directory.EnumerateFiles("/run/netns", Prefix + "*"))
        {
            string[] parts = Path.GetFileName(path).Split('-');
            if (parts.Length > 1 && !Directory.Exists("/proc/" + parts[1]))
                Tools.Run("ip", "netns", "del", Path.GetFileName(path));
        }
    }
}
