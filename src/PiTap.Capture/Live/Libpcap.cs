using System.Runtime.InteropServices;

namespace PiTap.Capture.Live;

/// <summary>
/// The three calls of libpcap that SharpPcap has no sufficient form of: <c>pcap_dispatch</c> without a delegate and a header object
/// for each packet, <c>pcap_stats</c> with the C structure's real layout, and <c>pcap_breakloop</c>.
/// </summary>
internal static unsafe class Libpcap
{
    /// <summary>What pcap_dispatch returns for "as many as there are".</summary>
    public const int Unlimited = -1;

    /// <summary>PCAP_ERROR_BREAK: the loop was left on request.</summary>
    public const int Break = -2;

    private static readonly nint s_library = Load();

    private static readonly delegate* unmanaged[Cdecl]<nint, int, delegate* unmanaged[Cdecl]<nint, PacketHeader*, byte*, void>, nint, int> s_dispatch =
        (delegate* unmanaged[Cdecl]<nint, int, delegate* unmanaged[Cdecl]<nint, PacketHeader*, byte*, void>, nint, int>)NativeLibrary.GetExport(s_library, "pcap_dispatch");

    private static readonly delegate* unmanaged[Cdecl]<nint, Statistics*, int> s_stats =
        (delegate* unmanaged[Cdecl]<nint, Statistics*, int>)NativeLibrary.GetExport(s_library, "pcap_stats");

    private static readonly delegate* unmanaged[Cdecl]<nint, void> s_breakLoop =
        (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(s_library, "pcap_breakloop");

    /// <summary>Hands over what the kernel has ready, and waits where that is nothing.</summary>
    /// <returns>The number of packets, or a negative error.</returns>
    public static int Dispatch(nint handle, delegate* unmanaged[Cdecl]<nint, PacketHeader*, byte*, void> callback, nint user) =>
        s_dispatch(handle, Unlimited, callback, user);

    /// <summary>The handle's counters; false if they cannot be had.</summary>
    public static bool TryGetStatistics(nint handle, out Statistics statistics)
    {
        Statistics result = default;
        bool isOk = s_stats(handle, &result) == 0;
        statistics = result;
        return isOk;
    }

    /// <summary>Makes a running or the next <see cref="Dispatch"/> return; from any thread (libpcap 1.10 wakes a sleeping one).</summary>
    public static void BreakLoop(nint handle) => s_breakLoop(handle);

    private static nint Load()
    {
        foreach (string name in LibpcapNames.All)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
                return library;
        }
        throw new DllNotFoundException("libpcap");
    }

    /// <summary>struct pcap_pkthdr on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PacketHeader
    {
        public long Seconds;
        public long Fraction;
        public uint CapturedLength;
        public uint OriginalLength;
    }

    /// <summary>
    /// struct pcap_stat: three C unsigned ints. SharpPcap 6.3.1 reads them as pointers, and so takes the third for the second.
    /// </summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Statistics
    {
        public uint Received;
        public uint DroppedByKernel;
        public uint DroppedByInterface;
    }
}
