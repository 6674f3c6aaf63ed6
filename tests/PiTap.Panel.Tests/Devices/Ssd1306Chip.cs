namespace PiTap.Panel.Tests.Devices;

/// <summary>An SSD1306 behind a glass of 128 columns, by its table of commands (section 9).</summary>
internal sealed class Ssd1306Chip(Plug plug, int height) : OneBitChip(plug, height, 128)
{
    private int _mode = 2;
    private (int First, int Last) _columns = (0, 127);
    private (int First, int Last) _pages = (0, 7);
    private int _column;
    private int _page;

    protected override int SegmentOffset => 0;

    protected override int Parameters(byte command) => command switch
    {
        0x20 or 0x81 or 0x8D or 0xA8 or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB => 1,
        0x21 or 0x22 or 0xA3 => 2,
        0x29 or 0x2A => 5,
        0x26 or 0x27 => 6,
        _ => 0,
    };

    protected override void Execute(byte command, ReadOnlySpan<byte> parameters)
    {
        switch (command)
        {
            case 0x20:
                _mode = parameters[0] & 3;
                break;
            case 0x21:
                (_columns, _column) = ((parameters[0] & 127, parameters[1] & 127), parameters[0] & 127);
                break;
            case 0x22:
                (_pages, _page) = ((parameters[0] & 7, parameters[1] & 7), parameters[0] & 7);
                break;
            case 0x8D:
                HasVoltage = (parameters[0] & 4) != 0;
                break;
            case 0xC0 or 0xC8:
                IsRowRemapped = command == 0xC8;
                break;
            default:
                base.Execute(command, parameters);
                break;
        }
    }

    protected override void Store(byte value)
    {
        Memory[_page, _column] = value;
        if (_column++ != _columns.Last)
        {
            _column &= 127;
            return;
        }
        _column = _columns.First;
        if (_mode == 0)
            _page = _page == _pages.Last ? _pages.First : (_page + 1) & 7;
    }
}
