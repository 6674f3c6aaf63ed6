namespace PiTap.Panel.Lights;

/// <summary>How a light goes on and off: each is told from every other one without its colour.</summary>
public enum LightPattern
{
    /// <summary>Dark.</summary>
    Off,

    /// <summary>On.</summary>
    Steady,

    /// <summary>Half a second on, half a second off.</summary>
    Slow,

    /// <summary>Four times a second.</summary>
    Fast,

    /// <summary>Two flashes, then a pause: a second and a half in all.</summary>
    Twice,

    /// <summary>A short flash every two seconds: the tap is alive.</summary>
    Beat,

    /// <summary>On, with a short gap each second: something is waiting for somebody.</summary>
    Wink,
}

/// <summary>When a pattern is on.</summary>
public static class LightPatterns
{
    private const long Millisecond = 1_000_000;

    /// <summary>True if a light of that pattern is on at a moment, nanoseconds since the Unix epoch: all lights go by one clock.</summary>
    public static bool IsOn(this LightPattern pattern, long nowNs)
    {
        long ms = nowNs / Millisecond;
        return pattern switch
        {
            LightPattern.Steady => true,
            LightPattern.Slow => ms % 1000 < 500,
            LightPattern.Fast => ms % 250 < 125,
            LightPattern.Twice => ms % 1500 is < 150 or (>= 300 and < 450),
            LightPattern.Beat => ms % 2000 < 100,
            LightPattern.Wink => ms % 1000 >= 150,
            _ => false,
        };
    }
}
