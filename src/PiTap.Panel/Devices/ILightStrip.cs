namespace PiTap.Panel.Devices;

/// <summary>Lights in a row. What their bus says of a failure is an <see cref="IOException"/>.</summary>
internal interface ILightStrip : IDisposable
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>Sets all of them: red, green and blue of each, 0 to 255.</summary>
    void Show(ReadOnlySpan<(byte Red, byte Green, byte Blue)> colours);
}
