using System.Globalization;
using System.Runtime.InteropServices;
using PiTap.Capture.Live;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Store.Files;

namespace PiTap.Host.Machine;

/// <summary>Looks at this machine. It changes nothing on it, and what cannot be read counts as not there.</summary>
internal static class MachineProbe
{
    private const int NetRawBit = 13;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint LibraryVersion();

    public static MachineFacts Look(string storePath, TimeProvider clock)
    {
        string path = Path.GetFullPath(storePath);
        return new MachineFacts
        {
            Runtime = $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            LibpcapVersion = LibpcapVersion(),
            HasNetRaw = HasNetRaw(Lines("/proc/self/status")),
            Interfaces = Interfaces("/sys/class/net"),
            StorePath = path,
            StoreProblem = StoreProblem(path),
            IsStoreHeld = new SocketStoreReader(path).CanConnect(),
            FreeBytes = FreeBytes(path),
            Now = clock.GetUtcNow(),
            GpioNodes = Nodes("gpiochip*"),
            I2cNodes = Nodes("i2c-*"),
            SpiNodes = Nodes("spidev*"),
        };
    }

    /// <summary>Reads the effective capabilities out of /proc/PID/status (capabilities(7)).</summary>
    public static bool HasNetRaw(IEnumerable<string> status)
    {
        const string Effective = "CapEff:";
        string? line = status.FirstOrDefault(static line => line.StartsWith(Effective, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(line.AsSpan(Effective.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out ulong bits)
            && (bits >> NetRawBit & 1) != 0;
    }

    /// <summary>The folder that is there already and would hold the file.</summary>
    public static string ExistingFolder(string path)
    {
        string? folder = Path.GetDirectoryName(path);
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        return folder ?? "/";
    }

    private static string? StoreProblem(string path)
    {
        if (FileKinds.Obstacle(FileKinds.Of(path)) is { } obstacle)
            return "it is " + obstacle;
        if (File.Exists(path))
            return MayWrite(path) && MayWrite(ExistingFolder(path)) ? null : "the file or its folder is read-only for this user";
        string folder = ExistingFolder(path);
        return MayWrite(folder) ? null : $"the folder {folder} is read-only for this user";
    }

    private static bool MayWrite(string path) => NativeMethods.Access(path, NativeMethods.WriteAccess) == 0;

    private static string? LibpcapVersion()
    {
        foreach (string name in LibpcapNames.All)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            if (NativeLibrary.TryGetExport(library, "pcap_lib_version", out nint function))
                return Marshal.PtrToStringUTF8(Marshal.GetDelegateForFunctionPointer<LibraryVersion>(function)());
        }
        return null;
    }

    private static InterfaceFact[] Interfaces(string folder)
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(folder)
                    .Where(static entry => File.Exists(Path.Combine(entry, "operstate")))
                    .Select(static entry =>
                        new InterfaceFact(Path.GetFileName(entry), Lines(Path.Combine(entry, "operstate")).FirstOrDefault("unknown")))
                    .OrderBy(static fact => fact.Name, StringComparer.Ordinal),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long? FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(ExistingFolder(path)).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string[] Nodes(string pattern)
    {
        try
        {
            return [.. Directory.EnumerateFiles("/dev", pattern).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
