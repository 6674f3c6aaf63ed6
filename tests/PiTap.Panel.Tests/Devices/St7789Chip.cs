using System.Device.Spi;

namespace PiTap.Panel.Tests.Devices;

/// <summary>
/// An ST7789 by its data sheet (Sitronix, version 1.4): the commands of section 9 that a display needs, and the way of an address to a
/// place of the memory (section 8.12). Its glass shows a part of the memory and is of the kind that is dark without voltage.
/// </summary>
internal sealed class St7789Chip(Plug plug, Func<bool> isData, (int Left, int Top, int Columns, int Rows) glass, int rotation) : SpiDevice
{
    private const int Columns = 240;
    private const int Rows = 320;

    private readonly ushort[,] _memory = new ushort[Rows, Columns];
    private readonly List<byte> _parameters = [];
    private byte _command;
    private bool _isAsleep = true;
    private bool _isOn;
    private bool _isInverse;
    private byte _access;
    private byte _format = 0x66;
    private (int First, int Last) _x = (0, Columns - 1);
    private (int First, int Last) _y = (0, Rows - 1);
    private int _atX;
    private int _atY;

    public override SpiConnectionSettings ConnectionSettings { get; } = new(0, 0);

    public override void Write(ReadOnlySpan<byte> buffer) => plug.Pass(buffer, Take);

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();

    public void LosePower()
    {
        Reset();
        for (int i = 0; i < Rows * Columns; i++)
            _memory[i / Columns, i % Columns] = (ushort)(i * 31);
    }

    /// <summary>What somebody in front of the case sees, in which the display is turned clockwise.</summary>
    public ushort Colour(int x, int y)
    {
        if (_isAsleep || !_isOn || _format != 0x55)
            return 0;
        (int column, int row) = rotation switch
        {
            90 => (y, glass.Rows - 1 - x),
            180 => (glass.Columns - 1 - x, glass.Rows - 1 - y),
            270 => (glass.Columns - 1 - y, x),
            _ => (x, y),
        };
        ushort colour = _memory[glass.Top + row, glass.Left + column];
        return _isInverse ? colour : (ushort)~colour;
    }

    private void Take(byte value)
    {
        if (!isData())
        {
            (_command, _atX, _atY) = (value, _x.First, _y.First);
            _parameters.Clear();
            Execute();
            return;
        }
        _parameters.Add(value);
        switch (_command)
        {
            case 0x2A when _parameters.Count == 4:
                _x = (_parameters[0] << 8 | _parameters[1], _parameters[2] << 8 | _parameters[3]);
                break;
            case 0x2B when _parameters.Count == 4:
                _y = (_parameters[0] << 8 | _parameters[1], _parameters[2] << 8 | _parameters[3]);
                break;
            case 0x2C when _parameters.Count == 2:
                Store((ushort)(_parameters[0] << 8 | _parameters[1]));
                _parameters.Clear();
                break;
            case 0x36:
                _access = value;
                break;
            case 0x3A:
                _format = value;
                break;
        }
    }

    private void Execute()
    {
        switch (_command)
        {
            case 0x01:
                Reset();
                break;
            case 0x10 or 0x11:
                _isAsleep = _command == 0x10;
                break;
            case 0x20 or 0x21:
                _isInverse = _command == 0x21;
                break;
            case 0x28 or 0x29:
                _isOn = _command == 0x29;
                break;
        }
    }

    private void Reset()
    {
        (_isAsleep, _isOn, _isInverse, _access, _format) = (true, false, false, 0, 0x66);
        (_x, _y) = ((0, Columns - 1), (0, Rows - 1));
    }

    private void Store(ushort colour)
    {
        bool isExchanged = (_access & 0x20) != 0;
        (int column, int row) = isExchanged ? (_atY, _atX) : (_atX, _atY);
        if ((_access & 0x40) != 0)
            column = Columns - 1 - column;
        if ((_access & 0x80) != 0)
            row = Rows - 1 - row;
        if (row is >= 0 and < Rows && column is >= 0 and < Columns)
            _memory[row, column] = colour;
        if (_atX++ < _x.Last)
            return;
        _atX = _x.First;
        _atY = _atY < _y.Last ? _atY + 1 : _y.First;
    }
}
