using System.Device.I2c;
using Iot.Device.Graphics;
using Iot.Device.Ssd13xx;
using Iot.Device.Ssd13xx.Commands;
using Iot.Device.Ssd13xx.Commands.Ssd1306Commands;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>
/// An SSD1306 of 128x32 or 128x64 (Solomon Systech, data sheet revision 1.1) by the package's driver. That one is made for 32 rows,
/// whatever height is given: for 64 the multiplex ratio, the pins of the rows and the pages are set here.
/// </summary>
internal sealed class Ssd1306Glass : Ssd1306, IPanelGlass
{
    private const int TallHeight = 64;

    /// <summary>What goes into one message: some adapters refuse longer ones.</summary>
    private const int ChunkBytes = 16;

    private readonly bool _isUpsideDown;

    public Ssd1306Glass(I2cDevice device, int height, bool isUpsideDown)
        : base(device, 128, height)
    {
        _isUpsideDown = isUpsideDown;
        Begin();
    }

    public int Width => ScreenWidth;

    public int Height => ScreenHeight;

    public PixelDepth Depth => PixelDepth.OneBit;

    public void Begin()
    {
        SendCommand(new SetDisplayOff());
        Wake();
        Send(new Frame(Width, Height, Depth), new PixelArea(0, 0, Width, Height));
    }

    /// <summary>As the base class does when it is made, and what it leaves out.</summary>
    public void Wake()
    {
        bool isTall = ScreenHeight == TallHeight;
        I2cDevice!.Write(NoOperations);
        SendCommand(new SetDisplayClockDivideRatioOscillatorFrequency(0x00, 0x08));
        SendCommand(new SetMultiplexRatio((byte)(ScreenHeight - 1)));
        SendCommand(new SetDisplayOffset(0x00));
        SendCommand(new SetDisplayStartLine(0x00));
        SendCommand(new SetChargePump(true));
        SendCommand(new SetMemoryAddressingMode(SetMemoryAddressingMode.AddressingMode.Horizontal));
        SendCommand(new SetSegmentReMap(!_isUpsideDown));
        SendCommand(new SetComOutputScanDirection(_isUpsideDown));
        SendCommand(new SetComPinsHardwareConfiguration(isTall, false));
        SendCommand(new SetContrastControlForBank0(0x8F));
        SendCommand(new SetPreChargePeriod(0x01, 0x0F));
        SendCommand(new SetVcomhDeselectLevel(SetVcomhDeselectLevel.DeselectLevel.Vcc1_00));
        SendCommand(new EntireDisplayOn(false));
        SendCommand(new SetNormalDisplay());
        SendCommand(new SetDisplayOn());
    }

    /// <summary>A control byte, then commands that do nothing: what a message that broke off left open is closed by them.</summary>
    private static ReadOnlySpan<byte> NoOperations => [0x00, 0xE3, 0xE3, 0xE3];

    public void Send(Frame frame, PixelArea area)
    {
        (int first, int last) = Columns.Pages(area);
        SendCommand(new SetColumnAddress((byte)area.X, (byte)(area.X + area.Width - 1)));
        SendCommand(new SetPageAddress((PageAddress)first, (PageAddress)last));
        for (int page = first; page <= last; page++)
        {
            byte[] bytes = Columns.Page(frame, page, area.X, area.Width);
            for (int at = 0; at < bytes.Length; at += ChunkBytes)
                SendData(bytes.AsSpan(at, Math.Min(ChunkBytes, bytes.Length - at)));
        }
    }

    /// <summary>The base class draws when it is made: all pages, of whatever height.</summary>
    public override void DrawBitmap(BitmapImage image) =>
        Send(FrameOf.Image(image, Depth), new PixelArea(0, 0, Width, Height));
}
