using PiTap.Store.Layout;

namespace PiTap.Store.State;

/// <summary>
/// How many rows each hour of minute totals has, and which give way where all hours together have too many: those of made-up devices fill
/// a few hours, and times of packets in a capture file are what its maker wants.
/// </summary>
internal sealed class KeptHours
{
    /// <summary>The most hours: almost two years.</summary>
    public const int MaxHours = 16_384;

    /// <summary>The most rows of all hours: 20 devices that are never silent have fewer in 90 days.</summary>
    public const int MaxRows = 4 << 20;

    /// <summary>Without room this part gives way at once: looking for the least useful takes a look at all.</summary>
    private const int PartThatGoes = 16;

    private readonly Dictionary<long, int> _rows = [];

    /// <summary>Rows of all hours.</summary>
    public long Rows { get; private set; }

    public void Clear()
    {
        _rows.Clear();
        Rows = 0;
    }

    /// <summary>Notes an hour as it is now.</summary>
    public void Note(HourDocument hour)
    {
        Rows += hour.Count - _rows.GetValueOrDefault(hour.HourNs);
        if (hour.Count > 0)
            _rows[hour.HourNs] = hour.Count;
        else
            _rows.Remove(hour.HourNs);
    }

    public void Forget(long hourNs)
    {
        _rows.Remove(hourNs, out int rows);
        Rows -= rows;
    }

    /// <summary>The hour with the most rows, if there are too many of all; null while there is room.</summary>
    public long? Fullest => Rows > MaxRows ? _rows.MaxBy(static pair => pair.Value).Key : null;

    /// <summary>The hours that have to go where there are too many: those with the fewest rows, of these the older ones.</summary>
    public List<long> LeastUseful() => _rows.Count <= MaxHours
        ? []
        : [.. _rows.OrderBy(static pair => pair.Value).ThenBy(static pair => pair.Key).Select(static pair => pair.Key)
            .Take(_rows.Count - MaxHours + MaxHours / PartThatGoes)];
}
