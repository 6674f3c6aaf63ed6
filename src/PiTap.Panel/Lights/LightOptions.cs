namespace PiTap.Panel.Lights;

/// <summary>What a light stands for where lights stand for roles.</summary>
public enum LightRole
{
    /// <summary>The tap is alive; fast while it loses packets.</summary>
    Heartbeat,

    /// <summary>The app talks to its own publisher.</summary>
    FirstParty,

    /// <summary>It talks to a company that is somebody else.</summary>
    ThirdParty,

    /// <summary>It talks to somebody whom nobody knows.</summary>
    UnknownParty,

    /// <summary>Something that it sends or gets can be read by anybody on the way.</summary>
    Readable,

    /// <summary>A finding was made, and nobody has acknowledged it.</summary>
    Finding,
}

/// <summary>How the lights are used.</summary>
public sealed record LightOptions
{
    /// <summary>
    /// What the workshop's leader wants lights for, one each, in order: a company (<c>Agora</c>), a category (<c>advertising</c>), or the
    /// ISO 3166-1 code of a country (<c>CN</c>). Empty for lights that stand for roles.
    /// </summary>
    public IReadOnlyList<string> Watch { get; init; } = [];

    /// <summary>By day, 0 to 1.</summary>
    public double Brightness { get; init; } = 0.3;

    /// <summary>At night, 0 to 1.</summary>
    public double NightBrightness { get; init; } = 0.03;

    /// <summary>True if no light is wanted.</summary>
    public bool IsOff { get; init; }

    /// <summary>What suits the hour.</summary>
    public double BrightnessAt(bool isNight) => Math.Clamp(isNight ? NightBrightness : Brightness, 0, 1);
}
