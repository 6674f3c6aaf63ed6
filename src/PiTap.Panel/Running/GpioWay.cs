namespace PiTap.Panel.Running;

/// <summary>The ways to the pins.</summary>
internal enum GpioWay
{
    /// <summary>libgpiod 2, which ships as libgpiod.so.3 (Debian 13).</summary>
    LibGpiod2,

    /// <summary>libgpiod 1, which ships as libgpiod.so.2 (Debian 12).</summary>
    LibGpiod1,

    /// <summary>The processor's registers through /dev/gpiomem: up to the Pi 4.</summary>
    Memory,
}

/// <summary>Which way is taken on which machine.</summary>
internal static class GpioWays
{
    /// <summary>The chip whose lines are on the header of a Pi 5 has this many, and no other chip of it has.</summary>
    public const int HeaderChipLines = 54;

    /// <summary>
    /// In the order in which they are tried. The library's own choice insists on libgpiod 1 on a Pi 5 and finds none on Debian 13
    /// (dotnet/iot issues 2396 and 2441), so it is never asked.
    /// </summary>
    /// <param name="model">What the device tree calls the machine: <c>Raspberry Pi 5 Model B Rev 1.0</c>; empty if it has none.</param>
    public static IReadOnlyList<GpioWay> Of(string model)
    {
        string[] words = model.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isPi = model.StartsWith("Raspberry Pi ", StringComparison.Ordinal);
        bool hasOwnPinChip = words is [_, _, "5" or "500", ..] || model.Contains("Compute Module 5", StringComparison.Ordinal);
        return isPi && !hasOwnPinChip
            ? [GpioWay.Memory, GpioWay.LibGpiod2, GpioWay.LibGpiod1]
            : [GpioWay.LibGpiod2, GpioWay.LibGpiod1];
    }
}
