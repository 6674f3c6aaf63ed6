namespace PiTap.Panel.Lights;

/// <summary>One light: what it does, in which colour, and why.</summary>
/// <param name="Pattern">How it goes on and off.</param>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
/// <param name="Meaning">What it says, for whoever cannot see it: <c>third party: Agora</c>.</param>
public sealed record Light(LightPattern Pattern, byte Red, byte Green, byte Blue, string Meaning)
{
    /// <summary>What an LED is given at a moment.</summary>
    /// <param name="nowNs">The moment, nanoseconds since the Unix epoch.</param>
    /// <param name="brightness">0 to 1.</param>
    public (byte Red, byte Green, byte Blue) At(long nowNs, double brightness) =>
        Pattern.IsOn(nowNs) ? (Dim(Red, brightness), Dim(Green, brightness), Dim(Blue, brightness)) : default;

    /// <summary>A light that is on stays on: the lowest step of an LED, and not none.</summary>
    private static byte Dim(byte part, double brightness) =>
        part == 0 ? (byte)0 : (byte)Math.Clamp(Math.Round(part * brightness), 1, 255);
}
