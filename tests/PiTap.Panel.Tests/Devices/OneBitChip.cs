using System.Device.I2c;

namespace PiTap.Panel.Tests.Devices;

/// <summary>
/// What the SSD1306 (Solomon Systech, revision 1.1) and the SH1106 (Sino Wealth, version 2.3) have in common, written from their data
/// sheets: a control byte, commands with parameters, a memory of eight pages, and the way from the memory to the glass of a usual module.
/// On such a module the picture is upright when segments and rows are both remapped.
/// </summary>
internal abstract class OneBitChip(Plug plug, int height, int memoryColumns) : I2cDevice
{
    private const int Pages = 8;
    private const int GlassColumns = 128;

    private readonly List<byte> _command = [];
    private byte? _control;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x3C);

    protected byte[,] Memory { get; } = new byte[Pages, memoryColumns];

    protected bool IsOn { get; set; }

    protected bool IsSegmentRemapped { get; set; }

    protected bool IsRowRemapped { get; set; }

    protected bool IsInverse { get; set; }

    protected bool IsAlternating { get; set; } = true;

    protected bool HasVoltage { get; set; }

    protected int LastRow { get; set; } = 63;

    protected int Offset { get; set; }

    protected int StartLine { get; set; }

    /// <summary>Pixels between the first segment that is driven and the first of the glass.</summary>
    protected abstract int SegmentOffset { get; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _control = null;
        plug.Pass(buffer, Take);
    }

    /// <summary>As the registers are after a reset; the memory holds whatever it held, or anything.</summary>
    public void LosePower()
    {
        _command.Clear();
        (IsOn, IsSegmentRemapped, IsRowRemapped, IsInverse, IsAlternating, HasVoltage) = (false, false, false, false, true, false);
        (LastRow, Offset, StartLine) = (63, 0, 0);
        for (int i = 0; i < Memory.Length; i++)
            Memory[i / memoryColumns, i % memoryColumns] = (byte)(i * 37);
    }

    /// <summary>What somebody in front of the module sees.</summary>
    public bool IsLit(int x, int y)
    {
        if (!IsOn || !HasVoltage)
            return false;
        // Rows that alternate between the two sides of the glass are mixed up where the chip takes them for consecutive ones.
        bool isWiredAlternating = height == 64;
        int com = height - 1 - (IsAlternating == isWiredAlternating ? y : y % 2 * (height / 2) + y / 2);
        int row = (IsRowRemapped ? LastRow - com : com) - Offset;
        if (row < 0 || row > LastRow)
            return false;
        int segment = GlassColumns - 1 - x + SegmentOffset;
        int column = IsSegmentRemapped ? memoryColumns - 1 - segment : segment;
        int line = (row + StartLine) % (Pages * 8);
        return (Memory[line / 8, column] >> line % 8 & 1) != 0 != IsInverse;
    }

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException();

    /// <summary>How many bytes follow a command's first.</summary>
    protected abstract int Parameters(byte command);

    /// <summary>The commands that both have with the same number and meaning.</summary>
    protected virtual void Execute(byte command, ReadOnlySpan<byte> parameters)
    {
        switch (command)
        {
            case >= 0x40 and <= 0x7F:
                StartLine = command - 0x40;
                break;
            case 0xA0 or 0xA1:
                IsSegmentRemapped = command == 0xA1;
                break;
            case 0xA6 or 0xA7:
                IsInverse = command == 0xA7;
                break;
            case 0xA8:
                LastRow = parameters[0] & 63;
                break;
            case 0xAE or 0xAF:
                IsOn = command == 0xAF;
                break;
            case 0xD3:
                Offset = parameters[0] & 63;
                break;
            case 0xDA:
                IsAlternating = (parameters[0] & 0x10) != 0;
                break;
        }
    }

    protected abstract void Store(byte value);

    private void Take(byte value)
    {
        if (_control is null)
            _control = value;
        else if ((_control & 0x40) != 0)
            Store(value);
        else
        {
            _command.Add(value);
            if (_command.Count <= Parameters(_command[0]))
                return;
            Execute(_command[0], _command.ToArray().AsSpan(1));
            _command.Clear();
        }
    }
}
