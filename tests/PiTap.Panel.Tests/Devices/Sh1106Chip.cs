namespace PiTap.Panel.Tests.Devices;

/// <summary>An SH1106 behind a glass of 128x64, by its table of commands.</summary>
internal sealed class Sh1106Chip(Plug plug) : OneBitChip(plug, 64, 132)
{
    private int _column;
    private int _page;

    protected override int SegmentOffset => 2;

    protected override int Parameters(byte command) => command switch
    {
        0x81 or 0xA8 or 0xAD or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB => 1,
        _ => 0,
    };

    protected override void Execute(byte command, ReadOnlySpan<byte> parameters)
    {
        switch (command)
        {
            case <= 0x0F:
                _column = _column & 0xF0 | command;
                break;
            case <= 0x1F:
                _column = _column & 0x0F | (command & 15) << 4;
                break;
            case 0xAD:
                HasVoltage = parameters[0] == 0x8B;
                break;
            case >= 0xB0 and <= 0xB7:
                _page = command - 0xB0;
                break;
            case >= 0xC0 and <= 0xCF:
                IsRowRemapped = command >= 0xC8;
                break;
            default:
                base.Execute(command, parameters);
                break;
        }
    }

    /// <summary>The column stops at the end: it neither begins anew nor turns the page.</summary>
    protected override void Store(byte value)
    {
        if (_column < 132)
            Memory[_page, _column++] = value;
    }
}
