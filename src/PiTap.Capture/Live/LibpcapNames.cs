namespace PiTap.Capture.Live;

/// <summary>How the distributions name the library that captures.</summary>
public static class LibpcapNames
{
    /// <summary>In the order in which they are tried; the last one is there where the development package is.</summary>
    public static IReadOnlyList<string> All { get; } = ["libpcap.so.0.8", "libpcap.so.1", "libpcap.so.0", "libpcap.so"];
}
