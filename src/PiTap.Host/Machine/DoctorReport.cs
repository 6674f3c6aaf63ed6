using PiTap.Host.Arguments;

namespace PiTap.Host.Machine;

/// <summary>How one thing stands.</summary>
internal enum CheckState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Not there, and part of PiTap does not work without it.</summary>
    Missing,

    /// <summary>Not there, and not needed.</summary>
    Optional,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">Stable, for programs.</param>
/// <param name="State">How it stands.</param>
/// <param name="Text">A sentence.</param>
/// <param name="Advice">What to do; null if there is nothing to do.</param>
internal sealed record Check(string Name, CheckState State, string Text, string? Advice = null)
{
    /// <summary><c>ok</c>, <c>missing</c> or <c>optional</c>.</summary>
    public string StateText => State switch { CheckState.Ok => "ok", CheckState.Missing => "missing", _ => "optional" };
}

/// <summary>What this machine can and cannot do, in sentences.</summary>
internal sealed class DoctorReport
{
    private const long MinFreeBytes = 64L << 20;
    private const int FirstPlausibleYear = 2025;
    private const int LastPlausibleYear = 2100;

    private DoctorReport(IReadOnlyList<Check> checks, bool canReplay, bool canCapture)
    {
        Checks = checks;
        CanReplay = canReplay;
        CanCapture = canCapture;
    }

    public IReadOnlyList<Check> Checks { get; }

    /// <summary>True if capture files can be read into the store.</summary>
    public bool CanReplay { get; }

    /// <summary>True if packets can be taken from an interface too.</summary>
    public bool CanCapture { get; }

    public static DoctorReport Judge(MachineFacts facts)
    {
        Check store = Store(facts);
        Check space = Space(facts);
        Check libpcap = Libpcap(facts);
        Check capability = Capability(facts);
        Check interfaces = Interfaces(facts);
        bool canReplay = IsOk(store) && IsOk(space);
        return new DoctorReport(
            [
                new Check("runtime", CheckState.Ok, $"Runs on {facts.Runtime}."),
                store,
                space,
                Clock(facts),
                libpcap,
                capability,
                interfaces,
                Nodes("gpio", "GPIO for LEDs and buttons", facts.GpioNodes, null),
                Nodes("i2c", "I2C for a small display", facts.I2cNodes,
                    "On a Raspberry Pi switch it on with: sudo raspi-config nonint do_i2c 0"),
                Nodes("spi", "SPI for a display", facts.SpiNodes, "On a Raspberry Pi switch it on with: sudo raspi-config nonint do_spi 0"),
            ],
            canReplay,
            canReplay && IsOk(libpcap) && IsOk(capability) && IsOk(interfaces));
    }

    private static bool IsOk(Check check) => check.State == CheckState.Ok;

    private static Check Store(MachineFacts facts)
    {
        if (facts.StoreProblem is not null)
        {
            return new Check("store", CheckState.Missing, $"The store {facts.StorePath} cannot be written: {facts.StoreProblem}.",
                "Name another file with --db, or change the folder's owner.");
        }
        return new Check("store", CheckState.Ok, facts.IsStoreHeld
            ? $"The store {facts.StorePath} is held by a running daemon, which answers."
            : $"The store {facts.StorePath} can be written.");
    }

    private static Check Space(MachineFacts facts) => facts.FreeBytes switch
    {
        null => new Check("space", CheckState.Ok, "How much room is free for the store is unknown."),
        < MinFreeBytes => new Check("space", CheckState.Missing, $"Only {ByteSize.Format(facts.FreeBytes.Value)} are free for the store.",
            $"Make room: at least {ByteSize.Format(MinFreeBytes)}."),
        _ => new Check("space", CheckState.Ok, $"{ByteSize.Format(facts.FreeBytes.Value)} are free for the store."),
    };

    private static Check Clock(MachineFacts facts) => facts.Now.Year is >= FirstPlausibleYear and <= LastPlausibleYear
        ? new Check("clock", CheckState.Ok, $"The clock says {facts.Now:yyyy-MM-dd HH:mm} UTC, which is plausible.")
        : new Check("clock", CheckState.Missing,
            $"The clock says {facts.Now:yyyy-MM-dd HH:mm} UTC, which cannot be right: live records will carry wrong times.",
            "Set it with: sudo timedatectl set-time 'YYYY-MM-DD hh:mm:ss'");

    private static Check Libpcap(MachineFacts facts) => facts.LibpcapVersion is null
        ? new Check("libpcap", CheckState.Missing, "libpcap is not installed: no live capture.",
            "Install it with: sudo apt install libpcap0.8")
        : new Check("libpcap", CheckState.Ok, $"{facts.LibpcapVersion} is there.");

    private static Check Capability(MachineFacts facts) => facts.HasNetRaw
        ? new Check("cap-net-raw", CheckState.Ok, "This user may capture packets (CAP_NET_RAW).")
        : new Check("cap-net-raw", CheckState.Missing, "This user may not capture packets: the capability CAP_NET_RAW is missing.",
            "Run 'pitap live' with sudo, or give the service AmbientCapabilities=CAP_NET_RAW.");

    private static Check Interfaces(MachineFacts facts)
    {
        string list = string.Join(", ", facts.Interfaces.Select(static fact => $"{fact.Name} ({fact.State})"));
        return facts.Interfaces.Count == 0
            ? new Check("interfaces", CheckState.Missing, "No network interface was found: no live capture.",
                "Plug in or switch on a network adapter.")
            : new Check("interfaces", CheckState.Ok, $"Interfaces: {list}.");
    }

    private static Check Nodes(string name, string what, IReadOnlyList<string> nodes, string? advice) => nodes.Count == 0
        ? new Check(name, CheckState.Optional, $"No {what}: the panel stays dark, everything else works.", advice)
        : new Check(name, CheckState.Ok, $"{what}: {string.Join(", ", nodes)}.");
}
