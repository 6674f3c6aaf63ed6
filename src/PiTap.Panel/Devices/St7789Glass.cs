using System.Buffers.Binary;
using Iot.Device.Graphics;
using PiTap.Panel.Drawing;

namespace PiTap.Panel.Devices;

/// <summary>
/// An ST7789 (Sitronix, data sheet version 1.4) behind a glass of 240x240, 135x240 or 240x320 pixels. Its memory has 240 columns and 320
/// rows; where the glass stands in it, and how it is turned, gives the offsets.
/// </summary>
internal sealed class St7789Glass : BusGlass
{
    private const int MemoryColumns = 240;
    private const int MemoryRows = 320;

    private const byte SoftwareReset = 0x01;
    private const byte SleepOut = 0x11;
    private const byte NormalMode = 0x13;
    private const byte InversionOn = 0x21;
    private const byte DisplayOn = 0x29;
    private const byte ColumnAddressSet = 0x2A;
    private const byte RowAddressSet = 0x2B;
    private const byte MemoryWrite = 0x2C;
    private const byte AccessControl = 0x36;
    private const byte PixelFormatSet = 0x3A;
    private const byte Rgb565Pixels = 0x55;

    private const byte MirrorRows = 0x80;
    private const byte MirrorColumns = 0x40;
    private const byte ExchangeRowsAndColumns = 0x20;

    /// <summary>Section 9.1.2: so long after a reset before it leaves sleep.</summary>
    private static readonly TimeSpan s_afterReset = TimeSpan.FromMilliseconds(120);

    /// <summary>Section 9.1.12: so long before the next command.</summary>
    private static readonly TimeSpan s_afterSleep = TimeSpan.FromMilliseconds(5);

    private readonly Action<TimeSpan> _pause;
    private readonly byte _access;
    private readonly int _xOffset;
    private readonly int _yOffset;

    /// <summary>Begins at once.</summary>
    /// <param name="bus">Where the chip is.</param>
    /// <param name="width">Pixels across, as pages are read.</param>
    /// <param name="height">Pixels down, as pages are read.</param>
    /// <param name="rotation">How the display is turned in its case, degrees clockwise.</param>
    /// <param name="pause">Waits while the chip begins.</param>
    public St7789Glass(ICommandBus bus, int width, int height, int rotation, Action<TimeSpan> pause)
        : base(bus)
    {
        (_pause, ScreenWidth, ScreenHeight) = (pause, width, height);
        bool isTurned = rotation % 180 != 0;
        (int columns, int rows) = isTurned ? (height, width) : (width, height);
        // A glass narrower than the memory stands in the middle of it; a square one at its first rows.
        int left = (MemoryColumns - columns) / 2, top = columns == MemoryColumns ? 0 : (MemoryRows - rows) / 2;
        _access = rotation switch
        {
            90 => ExchangeRowsAndColumns | MirrorRows,
            180 => MirrorColumns | MirrorRows,
            270 => ExchangeRowsAndColumns | MirrorColumns,
            _ => 0,
        };
        int columnOffset = (_access & MirrorColumns) == 0 ? left : MemoryColumns - left - columns;
        int rowOffset = (_access & MirrorRows) == 0 ? top : MemoryRows - top - rows;
        (_xOffset, _yOffset) = isTurned ? (rowOffset, columnOffset) : (columnOffset, rowOffset);
        Begin();
    }

    public override PixelDepth Depth => PixelDepth.Rgb565;

    public override int ScreenWidth { get; }

    public override int ScreenHeight { get; }

    public override PixelFormat NativePixelFormat => PixelFormat.Format16bppRgb565;

    public override void Wake()
    {
        Command(SleepOut);
        _pause(s_afterSleep);
        Command(PixelFormatSet, Rgb565Pixels);
        Command(AccessControl, _access);
        // The liquid crystal of these glasses is dark without voltage: inverted for the chip.
        Command(InversionOn);
        Command(NormalMode);
        Command(DisplayOn);
    }

    public override void Send(Frame frame, PixelArea area)
    {
        Window(ColumnAddressSet, _xOffset + area.X, area.Width);
        Window(RowAddressSet, _yOffset + area.Y, area.Height);
        byte[] bytes = new byte[area.Width * area.Height * 2];
        int at = 0;
        for (int y = area.Y; y < area.Y + area.Height; y++)
        {
            for (int x = area.X; x < area.X + area.Width; x++, at += 2)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), frame[x, y]);
        }
        Command(MemoryWrite, bytes);
    }

    protected override void Darken()
    {
        Command(SoftwareReset);
        _pause(s_afterReset);
    }

    private void Window(byte command, int first, int count)
    {
        Span<byte> window = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(window, (ushort)first);
        BinaryPrimitives.WriteUInt16BigEndian(window[2..], (ushort)(first + count - 1));
        Command(command, window);
    }

    private void Command(byte command, params ReadOnlySpan<byte> parameters)
    {
        Bus.Command([command]);
        if (!parameters.IsEmpty)
            Bus.Data(parameters);
    }
}
