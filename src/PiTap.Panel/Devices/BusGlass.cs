using Iot.Device.Graphics;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>What displays have in common whose commands go over a <see cref="ICommandBus"/>, which ends with them.</summary>
internal abstract class BusGlass(ICommandBus bus) : GraphicDisplay, IPanelGlass
{
    public int Width => ScreenWidth;

    public int Height => ScreenHeight;

    public abstract PixelDepth Depth { get; }

    protected ICommandBus Bus => bus;

    public void Begin()
    {
        Darken();
        Wake();
        Send(new Frame(Width, Height, Depth), new PixelArea(0, 0, Width, Height));
    }

    public abstract void Wake();

    public abstract void Send(Frame frame, PixelArea area);

    public override bool CanConvertFromPixelFormat(PixelFormat format) => format == PixelFormat.Format32bppXrgb;

    public override BitmapImage GetBackBufferCompatibleImage() => new ByteImage(ScreenWidth, ScreenHeight);

    public override void DrawBitmap(BitmapImage bm) => Send(FrameOf.Image(bm, Depth), new PixelArea(0, 0, Width, Height));

    /// <summary>From whatever state the chip is in to one in which it shows nothing.</summary>
    protected abstract void Darken();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            bus.Dispose();
        base.Dispose(disposing);
    }
}
