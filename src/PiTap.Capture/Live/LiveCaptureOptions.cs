using System.Net;
using System.Numerics;
using PiTap.Wire.Pcap;
using static PiTap.Capture.InvariantText;

namespace PiTap.Capture.Live;

/// <summary>What a live source captures and how. The defaults run on a bare Pi.</summary>
public sealed class LiveCaptureOptions
{
    /// <summary>The Linux pseudo device that captures on all interfaces at once.</summary>
    public const string AnyInterface = "any";

    /// <summary>The smallest <see cref="KernelBufferBytes"/>.</summary>
    public const int MinKernelBufferBytes = 1024 * 1024;

    /// <summary>The largest <see cref="KernelBufferBytes"/>.</summary>
    public const int MaxKernelBufferBytes = 1024 * 1024 * 1024;

    /// <summary>The smallest <see cref="SnapLengthBytes"/>: all headers of usual packets.</summary>
    public const int MinSnapLengthBytes = 96;

    /// <summary>The largest <see cref="SnapLengthBytes"/>.</summary>
    public const int MaxSnapLengthBytes = CaptureFileParser.MaxPacketBytes;

    private const int MaxManagementPorts = 16;
    private const int MaxFilterChars = 16_384;

    /// <summary>Name of the interface: <c>wlan0</c>, or <see cref="AnyInterface"/>.</summary>
    public required string Interface { get; init; }

    /// <summary>
    /// A BPF expression (pcap-filter(7)) that the kernel applies; null or empty for all packets. Names of hosts in it are looked up by
    /// libpcap: addresses keep PiTap silent.
    /// </summary>
    public string? Filter { get; init; }

    /// <summary>The most bytes of a packet that are captured.</summary>
    public int SnapLengthBytes { get; init; } = MaxSnapLengthBytes;

    /// <summary>Size of the buffer that the kernel fills.</summary>
    public int KernelBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Whether packets for other machines are captured too. Without it the network device's own drops are not known.</summary>
    public bool Promiscuous { get; init; } = true;

    /// <summary>Size of the ring between the capturing thread and the reader; a power of two.</summary>
    public int RingBytes { get; init; } = PacketRing.DefaultBytes;

    /// <summary>
    /// TCP ports of this machine whose traffic never leaves the kernel, so that watching the tap is not part of what it sees. Empty for
    /// none.
    /// </summary>
    public IReadOnlyList<int> ManagementPorts { get; init; } = [22];

    /// <summary>The addresses that <see cref="ManagementPorts"/> are on; null for those that the interface has, now and later.</summary>
    public IReadOnlyList<IPAddress>? OwnAddresses { get; init; }

    /// <summary>Whether an interface that is not there at the start is waited for; else that is an error.</summary>
    public bool WaitsForInterface { get; init; }

    /// <summary>
    /// Is told in a sentence when the interface goes away, comes back, or its filter changes. Called on the capturing thread.
    /// </summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Checks all of it, the BPF expression by libpcap itself, before anything is opened.</summary>
    /// <exception cref="CaptureException">Something cannot be: the message says what.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Interface))
            throw new CaptureException("No interface was given to capture on.");
        Check(SnapLengthBytes is >= MinSnapLengthBytes and <= MaxSnapLengthBytes, "snap length", SnapLengthBytes, MinSnapLengthBytes, MaxSnapLengthBytes);
        Check(KernelBufferBytes is >= MinKernelBufferBytes and <= MaxKernelBufferBytes, "kernel buffer", KernelBufferBytes, MinKernelBufferBytes, MaxKernelBufferBytes);
        Check(RingBytes is >= PacketRing.MinBytes and <= PacketRing.MaxBytes, "ring", RingBytes, PacketRing.MinBytes, PacketRing.MaxBytes);
        if (!BitOperations.IsPow2(RingBytes))
            throw new CaptureException(Invariant($"A ring of {RingBytes} bytes cannot be: its size must be a power of two."));
        if (ManagementPorts.Count > MaxManagementPorts)
            throw new CaptureException(Invariant($"{ManagementPorts.Count} management ports are too many: {MaxManagementPorts} is the most there can be."));
        foreach (int port in ManagementPorts)
        {
            if (port is < 1 or > ushort.MaxValue)
                throw new CaptureException(Invariant($"{port} is no TCP port."));
        }
        if (Filter?.Length > MaxFilterChars)
            throw new CaptureException(Invariant($"The filter has {Filter.Length} characters: {MaxFilterChars} is the most there can be."));
        if (!string.IsNullOrWhiteSpace(Filter) && CaptureFilter.Check(Filter) is { } message)
            throw new CaptureException($"The filter \"{Filter}\" is not valid: {message}.");
    }

    private static void Check(bool isValid, string what, int value, int least, int most)
    {
        if (!isValid)
            throw new CaptureException(Invariant($"A {what} of {value} bytes cannot be: it must be {least} to {most}."));
    }
}
