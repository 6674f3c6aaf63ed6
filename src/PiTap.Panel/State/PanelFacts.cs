namespace PiTap.Panel.State;

/// <summary>What the tap's machine says of itself. What is not known is null, and is not shown.</summary>
public sealed record PanelFacts
{
    /// <summary>The Wi-Fi network that phones join; null where the tap opens none.</summary>
    public WifiAccess? Wifi { get; init; }

    /// <summary>Where the web page is, for example <c>http://10.42.0.1</c>; null where none is served.</summary>
    public string? PageAddress { get; init; }

    /// <summary>Phones on the network now.</summary>
    public int? Clients { get; init; }

    /// <summary>How many the radio has room for.</summary>
    public int? Seats { get; init; }

    /// <summary>Room left for the store, bytes.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Whether the clock was set by a time server or a clock chip.</summary>
    public bool? IsClockSet { get; init; }

    /// <summary>Temperature of the processor, degrees Celsius.</summary>
    public double? Celsius { get; init; }

    /// <summary>Whether the processor runs slower than it could, for heat or lack of current.</summary>
    public bool? IsThrottled { get; init; }

    /// <summary>What is not there, a few words each: <c>no LEDs</c>, <c>no GPIO</c>.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

/// <summary>The tap's own Wi-Fi network.</summary>
/// <param name="Name">Its name (SSID).</param>
/// <param name="Password">Its WPA passphrase; null for an open network.</param>
public sealed record WifiAccess(string Name, string? Password)
{
    /// <summary>
    /// What a phone's camera reads: <c>WIFI:T:WPA;S:name;P:password;;</c>, with a backslash before backslash, semicolon, comma, colon
    /// and quotation mark (the scheme of ZXing's wiki, "Barcode Contents", which Android and iOS follow).
    /// </summary>
    public string QrText => Password is null
        ? $"WIFI:T:nopass;S:{Escape(Name)};;"
        : $"WIFI:T:WPA;S:{Escape(Name)};P:{Escape(Password)};;";

    private static string Escape(string text) =>
        string.Concat(text.Select(static letter => letter is '\\' or ';' or ',' or ':' or '"' ? $"\\{letter}" : $"{letter}"));
}
