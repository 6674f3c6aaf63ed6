using Iot.Device.Graphics;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>
/// An SH1106 of 128x64 (Sino Wealth, data sheet version 2.3). Its memory is 132 columns wide, of which the glass shows those from the third
/// on, and it counts columns alone: each page is addressed by itself.
/// </summary>
internal sealed class Sh1106Glass : BusGlass
{
    private const int FirstColumn = 2;
    private const byte PageAddress = 0xB0;
    private const byte LowColumn = 0x00;
    private const byte HighColumn = 0x10;

    private readonly bool _isUpsideDown;

    public Sh1106Glass(ICommandBus bus, bool isUpsideDown)
        : base(bus)
    {
        _isUpsideDown = isUpsideDown;
        Begin();
    }

    public override PixelDepth Depth => PixelDepth.OneBit;

    public override int ScreenWidth => 128;

    public override int ScreenHeight => 64;

    public override PixelFormat NativePixelFormat => PixelFormat.Format1bppBw;

    /// <summary>In the order of the data sheet's commands; with what each stands for.</summary>
    public override void Wake()
    {
        Command(0xE3, 0xE3, 0xE3); // nothing: closes what a message that broke off left open
        Command(0xD5, 0x80); // clock: as after a reset
        Command(0xA8, 0x3F); // multiplex ratio: 64 rows
        Command(0xD3, 0x00); // display offset: none
        Command(0x40); // start line: 0
        Command(0xAD, 0x8B); // DC-DC converter on
        Command(_isUpsideDown ? (byte)0xA0 : (byte)0xA1); // segment remap
        Command(_isUpsideDown ? (byte)0xC0 : (byte)0xC8); // direction of the rows
        Command(0xDA, 0x12); // pins of the rows: alternating
        Command(0x81, 0x80); // contrast: half
        Command(0xD9, 0x22); // pre-charge period
        Command(0xDB, 0x35); // VCOM deselect level
        Command(0xA4); // show the memory
        Command(0xA6); // lit is lit
        Command(0xAF); // display on
    }

    public override void Send(Frame frame, PixelArea area)
    {
        (int first, int last) = Columns.Pages(area);
        int column = area.X + FirstColumn;
        for (int page = first; page <= last; page++)
        {
            Command((byte)(PageAddress + page), (byte)(LowColumn + (column & 15)), (byte)(HighColumn + (column >> 4)));
            Bus.Data(Columns.Page(frame, page, area.X, area.Width));
        }
    }

    protected override void Darken() => Command(0xAE); // display off

    private void Command(params ReadOnlySpan<byte> bytes) => Bus.Command(bytes);
}
