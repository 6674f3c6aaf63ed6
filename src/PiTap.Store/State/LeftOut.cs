namespace PiTap.Store.State;

/// <summary>What a store has no place for by itself, or not whole.</summary>
/// <param name="Totals">Hosts, and minutes of devices, that gave way to others and are counted among them.</param>
/// <param name="Devices">The same of devices.</param>
/// <param name="Hours">Hours of minute totals that gave way to others, and are gone.</param>
/// <param name="Shortened">Records of which a part was left out.</param>
internal readonly record struct LeftOut(long Totals = 0, long Devices = 0, long Hours = 0, long Shortened = 0)
{
    public static LeftOut operator +(LeftOut one, LeftOut other) =>
        new(one.Totals + other.Totals, one.Devices + other.Devices, one.Hours + other.Hours, one.Shortened + other.Shortened);

    public static LeftOut operator -(LeftOut one, LeftOut other) =>
        new(one.Totals - other.Totals, one.Devices - other.Devices, one.Hours - other.Hours, one.Shortened - other.Shortened);
}
