namespace PiTap.Fuzz;

/// <summary>
/// Makes new inputs out of old ones: bits, bytes and numbers changed, parts cut, doubled, moved in from another input. The same seed makes
/// the same inputs.
/// </summary>
internal sealed class Mutator(int seed)
{
    /// <summary>Longest input made, in bytes.</summary>
    public const int MaxBytes = 4_096;

    private const int MaxStackedChanges = 8;
    private const int MaxPartBytes = 64;

    private static readonly int[] s_numbers =
        [0, 1, 2, 4, 12, 16, 31, 32, 63, 64, 127, 128, 192, 255, 256, 1_024, 4_095, 32_767, 32_768, 65_535];

    private readonly Random _random = new(seed);
    private readonly byte[] _bytes = new byte[MaxBytes];
    private int _length;

    /// <summary>A new input; it holds until the next call.</summary>
    public ReadOnlySpan<byte> Next(IReadOnlyList<byte[]> inputs)
    {
        byte[] start = inputs[_random.Next(inputs.Count)];
        _length = Math.Min(start.Length, MaxBytes);
        start.AsSpan(0, _length).CopyTo(_bytes);
        // Mostly few changes: each one more makes it likelier that the parser stops at the first.
        int changes = 1 + _random.Next(1 + _random.Next(MaxStackedChanges));
        for (int i = 0; i < changes; i++)
            Change(inputs);
        return _bytes.AsSpan(0, _length);
    }

    private void Change(IReadOnlyList<byte[]> inputs)
    {
        switch (_random.Next(_length == 0 ? 2 : 9))
        {
            case 0:
                Insert(RandomPart());
                break;
            case 1:
                byte[] other = inputs[_random.Next(inputs.Count)];
                int offset = _random.Next(other.Length + 1);
                Insert(other.AsSpan(offset, Math.Min(_random.Next(MaxPartBytes), other.Length - offset)));
                break;
            case 2:
                _bytes[_random.Next(_length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 3:
                _bytes[_random.Next(_length)] = (byte)_random.Next(256);
                break;
            case 4:
                _bytes[_random.Next(_length)] += (byte)(_random.Next(33) - 16);
                break;
            case 5:
                WriteNumber();
                break;
            case 6:
                _length = _random.Next(_length);
                break;
            case 7:
                Remove();
                break;
            default:
                int from = _random.Next(_length);
                Insert(_bytes.AsSpan(from, Math.Min(1 + _random.Next(MaxPartBytes), _length - from)).ToArray());
                break;
        }
    }

    private byte[] RandomPart()
    {
        byte[] part = new byte[1 + _random.Next(8)];
        _random.NextBytes(part);
        return part;
    }

    private void Insert(ReadOnlySpan<byte> part)
    {
        int count = Math.Min(part.Length, MaxBytes - _length);
        int at = _random.Next(_length + 1);
        _bytes.AsSpan(at, _length - at).CopyTo(_bytes.AsSpan(at + count));
        part[..count].CopyTo(_bytes.AsSpan(at));
        _length += count;
    }

    private void Remove()
    {
        int at = _random.Next(_length);
        int count = Math.Min(1 + _random.Next(MaxPartBytes), _length - at);
        _bytes.AsSpan(at + count, _length - at - count).CopyTo(_bytes.AsSpan(at));
        _length -= count;
    }

    /// <summary>One of the numbers at which lengths and counts go wrong, in one or two bytes.</summary>
    private void WriteNumber()
    {
        int number = s_numbers[_random.Next(s_numbers.Length)];
        int at = _random.Next(_length);
        if (_random.Next(2) == 0 || at + 1 >= _length)
        {
            _bytes[at] = (byte)number;
            return;
        }
        bool isBigEndian = _random.Next(4) != 0;
        _bytes[at] = (byte)(isBigEndian ? number >> 8 : number);
        _bytes[at + 1] = (byte)(isBigEndian ? number : number >> 8);
    }
}
