using System.Net.NetworkInformation;
using PiTap.Model;
using SharpPcap;
using SharpPcap.LibPcap;

namespace PiTap.Capture.Live;

/// <summary>Why an interface could not be opened.</summary>
internal enum OpenProblem : byte
{
    None = 0,
    /// <summary>There is no such interface, or it is not up: it may come.</summary>
    Absent = 1,
    /// <summary>Trying again will not help.</summary>
    Permanent = 2,
}

/// <summary>An open handle on one interface: SharpPcap opens and configures it, packets and counters come from libpcap itself.</summary>
internal sealed unsafe class LiveDevice : IDisposable
{
    /// <summary>
    /// For how long the kernel may hold a buffer block that is not full, in milliseconds: the latency of a packet on a quiet line,
    /// and twenty wake-ups a second on a busy one.
    /// </summary>
    public const int BlockTimeoutMs = 50;

    /// <summary>How often the interfaces are listed until that works.</summary>
    private const int MaxListings = 3;

    private readonly LibPcapLiveDevice _device;
    private readonly nint _handle;

    private LiveDevice(LibPcapLiveDevice device)
    {
        _device = device;
        bool isHeld = false;
        device.Handle.DangerousAddRef(ref isHeld);
        _handle = device.Handle.DangerousGetHandle();
        Link = (LinkType)(ushort)device.LinkType;
        NanosecondsPerFraction = device.TimestampResolution == TimestampResolution.Nanosecond ? 1 : 1000;
    }

    /// <summary>
    /// Header type of the packets. libpcap's DLT_ number is the file format's LINKTYPE_ for all that are supported; raw IP is 12.
    /// </summary>
    public LinkType Link { get; }

    /// <summary>The unit of <see cref="Libpcap.PacketHeader.Fraction"/>.</summary>
    public int NanosecondsPerFraction { get; }

    /// <summary>libpcap's words for what went wrong last.</summary>
    public string LastError => _device.LastError;

    /// <summary>Opens an interface.</summary>
    /// <param name="options">Which and how.</param>
    /// <param name="device">The handle; null if there is a problem.</param>
    /// <param name="sentence">What the problem is, for people.</param>
    public static OpenProblem TryOpen(LiveCaptureOptions options, out LiveDevice? device, out string sentence)
    {
        device = null;
        sentence = "";
        PcapInterface? found;
        try
        {
            found = Find(options.Interface);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            sentence = "libpcap is not installed: on Debian, Ubuntu and Raspberry Pi OS it is the package libpcap0.8.";
            return OpenProblem.Permanent;
        }
        catch (Exception error) when (IsOfListing(error))
        {
            sentence = $"The interfaces of this machine cannot be listed: {error.Message}";
            return OpenProblem.Absent;
        }
        if (found is null)
        {
            sentence = $"There is no interface {options.Interface}. {Existing()}";
            return OpenProblem.Absent;
        }
        var opening = new LibPcapLiveDevice(found);
        try
        {
            opening.Open(Configuration(options));
        }
        catch (PcapException error)
        {
            OpenProblem problem = Describe(options.Interface, opening, error, out sentence);
            opening.Dispose();
            return problem;
        }
        device = new LiveDevice(opening);
        if (LinkTypes.IsRead(device.Link))
            return OpenProblem.None;
        sentence = $"{options.Interface} delivers packets of link type {LinkTypes.Text(device.Link)}, which PiTap does not read.";
        device.Dispose();
        device = null;
        return OpenProblem.Permanent;
    }

    private static PcapInterface? Find(string name) =>
        Listed(static () => PcapInterface.GetAllPcapInterfaces()).FirstOrDefault(candidate => candidate.Name == name);

    /// <summary>The list is made from several looks at a system that may change between them: what fails for that is tried again.</summary>
    internal static T Listed<T>(Func<T> list)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return list();
            }
            catch (Exception error) when (IsOfListing(error) && tries < MaxListings)
            {
                // An interface came or went meanwhile.
            }
        }
    }

    /// <summary>What SharpPcap and the runtime throw when an interface goes while they list it.</summary>
    private static bool IsOfListing(Exception error) =>
        error is PcapException or NetworkInformationException or InvalidOperationException or ArgumentException;

    /// <summary>Gives the kernel a filter; false, and libpcap's words, where it does not take it.</summary>
    public bool TrySetFilter(string expression, out string message)
    {
        message = "";
        try
        {
            _device.Filter = expression;
            return true;
        }
        catch (PcapException error)
        {
            message = error.Message;
            return false;
        }
    }

    /// <summary>Hands over what the kernel has ready; see <see cref="Libpcap.Dispatch"/>.</summary>
    public int Dispatch(delegate* unmanaged[Cdecl]<nint, Libpcap.PacketHeader*, byte*, void> callback, nint user) =>
        Libpcap.Dispatch(_handle, callback, user);

    /// <summary>From now on <see cref="Dispatch"/> does not wait.</summary>
    public bool TryStopWaiting()
    {
        try
        {
            _device.NonBlockingMode = true;
            return true;
        }
        catch (PcapException)
        {
            return false;
        }
    }

    public bool TryGetStatistics(out Libpcap.Statistics statistics) => Libpcap.TryGetStatistics(_handle, out statistics);

    public void BreakLoop() => Libpcap.BreakLoop(_handle);

    public void Dispose()
    {
        _device.Handle.DangerousRelease();
        _device.Dispose();
    }

    private static DeviceConfiguration Configuration(LiveCaptureOptions options)
    {
        var configuration = new DeviceConfiguration
        {
            Mode = options.Promiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
            // Not the immediate mode: that wakes the process for each packet.
            ReadTimeout = BlockTimeoutMs,
            Snaplen = options.SnapLengthBytes,
            BufferSize = options.KernelBufferBytes,
            TimestampResolution = TimestampResolution.Nanosecond,
        };
        // A device without nanoseconds has microseconds: without a handler SharpPcap throws.
        configuration.ConfigurationFailed += (_, _) => { };
        return configuration;
    }

    private static OpenProblem Describe(string name, LibPcapLiveDevice opening, PcapException error, out string sentence)
    {
        string detail = opening.Opened && opening.LastError is { Length: > 0 } message ? message : error.Message;
        switch (error.Error)
        {
            case PcapError.PermissionDenied or PcapError.PromiscuousPermissionDenied:
                sentence = $"No permission to capture on {name}: that takes CAP_NET_RAW. Run pitap with sudo, or give the capability to the "
                    + $"program with `sudo setcap cap_net_raw+ep {Environment.ProcessPath}`, or in a systemd unit with `AmbientCapabilities=CAP_NET_RAW`.";
                return OpenProblem.Permanent;
            case PcapError.NoSuchDevice:
                sentence = $"There is no interface {name}. {Existing()}";
                return OpenProblem.Absent;
            case PcapError.InterfaceNotUp:
                sentence = $"The interface {name} is not up: `sudo ip link set {name} up` brings it up.";
                return OpenProblem.Absent;
            default:
                sentence = $"{name} cannot be opened: {detail}";
                return OpenProblem.Permanent;
        }
    }

    private static string Existing()
    {
        try
        {
            IEnumerable<string> names = NetworkInterface.GetAllNetworkInterfaces().Select(candidate => candidate.Name).Order(StringComparer.Ordinal);
            return $"Those that exist: {string.Join(", ", names)}; {LiveCaptureOptions.AnyInterface} is all of them.";
        }
        catch (NetworkInformationException)
        {
            return "";
        }
    }
}
