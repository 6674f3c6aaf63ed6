using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>A display that frames are sent to. What its bus says of a failure is an <see cref="IOException"/>.</summary>
internal interface IPanelGlass : IDisposable
{
    /// <summary>Pixels across, as pages are read.</summary>
    int Width { get; }

    /// <summary>Pixels down, as pages are read.</summary>
    int Height { get; }

    /// <summary>Colours that there are.</summary>
    PixelDepth Depth { get; }

    /// <summary>Brings the chip from whatever state it is in, also from having lost its power, to where it takes pictures.</summary>
    void Begin();

    /// <summary>
    /// The same without going dark, for a chip that may have lost its power unnoticed; whatever it shows is to be sent anew.
    /// </summary>
    void Wake();

    /// <summary>Sends one rectangle of a frame of the display's size.</summary>
    void Send(Frame frame, PixelArea area);
}
